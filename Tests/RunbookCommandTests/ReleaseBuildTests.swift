import Foundation
import Testing

@Suite("A release") struct ReleaseBuildTests {
    /// `swift build -c release` builds every target that is no test, and none of them for testing.
    @Test("needs no module that was built for testing") func needsNothingBuiltForTesting() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        var read = 0
        for folder in ["Sources", "Tests", "scripts"] {
            let files = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
            for case let file as String in try #require(files) where file.hasSuffix(".swift") {
                let isTest = folder == "Tests" && file.split(separator: "/").first?.hasSuffix("Tests") == true
                guard !isTest else { continue }
                let text = try String(contentsOf: root.appending(path: "\(folder)/\(file)"), encoding: .utf8)
                #expect(!text.contains("@testable"), "\(folder)/\(file)")
                read += 1
            }
        }
        #expect(read > 500)
    }
}
