import Foundation
import LuaMachine
import Testing

/// The scripts of `Tests/Lua/conformance`, each a list of assertions that hold in plain Lua 5.4 as well, and those of
/// `Tests/Lua/differences`, whose assertions hold in a runbook only.
@Suite("Lua stays Lua")
struct ConformanceTests {
    /// A script on a kind of machine.
    struct Case: Sendable, CustomTestStringConvertible {
        let script: URL
        let kind: MachineKind
        var testDescription: String { "\(script.lastPathComponent) \(kind.testDescription)" }
    }

    private static func scripts(in folder: String) -> [URL] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let files = try? FileManager.default.contentsOfDirectory(
            at: tests.appending(path: "Lua").appending(path: folder), includingPropertiesForKeys: nil)
        return (files ?? []).filter { $0.pathExtension == "lua" }.sorted { $0.path < $1.path }
    }
    static let conformance = scripts(in: "conformance")
    static let differences = scripts(in: "differences")
    static let cases = (conformance + differences).flatMap { script in
        MachineKind.allCases.map { Case(script: script, kind: $0) }
    }

    @Test func thereIsAScriptForEachPartOfTheLanguage() throws {
        let assertions = try Self.conformance.reduce(0) { count, script in
            try count + String(contentsOf: script, encoding: .utf8).components(separatedBy: "assert(").count - 1
        }
        #expect(Self.conformance.count >= 19)
        #expect(Self.differences.count >= 9)
        #expect(assertions >= 400)
    }

    @Test(arguments: cases)
    func holds(_ test: Case) async throws {
        // What every host has; the rest of a runbook's functions are no part of Lua.
        let prelude = "local rb = ... function print(...) rb.note('print', ...) end"
        let harness = MachineHarness(kind: test.kind, prelude: prelude)
        let machine = try await harness.start(
            String(contentsOf: test.script, encoding: .utf8), name: test.script.lastPathComponent)
        let outcome = try await harness.drive(machine) { _ in .nothing }
        await machine.close()
        #expect(outcome.end == .finished, "\(outcome.location): \(outcome.message) \(outcome.limit)")
    }
}
