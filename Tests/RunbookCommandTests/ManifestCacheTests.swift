import Foundation
import Operations
import RunbookHost
import Testing

@testable import runbook

@Suite("What is kept of listed runbooks") struct ManifestCacheTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "runbook-tests-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    private func declaration(_ title: String, _ source: String) -> ManifestDeclaration {
        let runbook = Runbook(name: "a.lua", source: source)
        return ManifestDeclaration(table: ["title": .string(title)], line: 3, sha256: runbook.sha256)
    }

    @Test("is there the next time, by the source's hash")
    func kept() throws {
        try withFolder { folder in
            let one = declaration("One", "1"), two = declaration("Two", "2")
            var cache = ManifestCache(stateDirectory: folder)
            #expect(cache.declaration(one.sha256) == nil)
            cache.note(one)
            cache.save()
            var next = ManifestCache(stateDirectory: folder)
            #expect(next.declaration(one.sha256) == one)
            #expect(next.declaration(two.sha256) == nil)
            next.note(two)
            next.save()
            let last = ManifestCache(stateDirectory: folder)
            #expect(last.declaration(one.sha256) == one)
            #expect(last.declaration(two.sha256) == two)
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/cache/manifests.json")
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test(
        "a file that is broken, or of another version, is as none",
        arguments: ["{", "[]", #"{"version":"0","manifests":{}}"#])
    func broken(content: String) throws {
        try withFolder { folder in
            try FileManager.default.createDirectory(atPath: folder + "/cache", withIntermediateDirectories: true)
            try Data(content.utf8).write(to: URL(filePath: folder + "/cache/manifests.json"))
            var cache = ManifestCache(stateDirectory: folder)
            let one = declaration("One", "1")
            #expect(cache.declaration(one.sha256) == nil)
            cache.note(one)
            cache.save()
            #expect(ManifestCache(stateDirectory: folder).declaration(one.sha256) == one)
        }
    }

    @Test("a folder that cannot be written costs nothing but time")
    func unwritable() {
        var cache = ManifestCache(stateDirectory: "/proc/no/such")
        cache.note(declaration("One", "1"))
        cache.save()
        #expect(ManifestCache(stateDirectory: "/proc/no/such").declaration(declaration("One", "1").sha256) == nil)
    }
}
