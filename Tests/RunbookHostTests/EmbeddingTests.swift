import Foundation
import Operations
import RunbookHost
import Testing

@Suite struct EmbeddingTests {
    @Test(arguments: MachineKind.allCases)
    func theExampleRuns(kind: MachineKind) async throws {
        let outcome = await runEmbedded(try kind.provider)
        #expect(outcome.result == 12, "\(String(describing: outcome.error))")
        #expect(outcome.changes.count == 1)
    }

    @Test func theArticleShowsTheExampleInUnderFortyLines() throws {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let source = try String(contentsOf: here.appending(path: "EmbeddingExample.swift"), encoding: .utf8)
        let article = try String(
            contentsOf: here.appending(path: "../../Sources/RunbookHost/RunbookHost.docc/Embedding.md"), encoding: .utf8
        )
        let code = source[try #require(source.range(of: "/// Answers")).lowerBound...]
        #expect(article.contains(code.trimmingSuffix { $0.isNewline }))
        #expect(code.split(separator: "\n").count < 40)
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ isTrimmed: (Character) -> Bool) -> Substring {
        var rest = self
        while let last = rest.last, isTrimmed(last) { rest.removeLast() }
        return rest
    }
}
