import Operations
import Testing

@testable import RunbookHost

/// Sources that the host writes itself, out of what a server has said.
@Suite("A value that is written as Lua") struct LuaLiteralTests {
    /// Texts that would end a string early, for somebody who looks at characters and not at what Lua reads.
    static let hostile = [
        "]]", "]=]", "\u{600}]=]", "\u{600}]] os.exit() --", "\"\u{301} .. print() .. \"", "'\u{301}", "\\\u{301}",
        "\\", "\\\"", "a\nb\r\nc\rd", "\0", "\u{1}2", "\u{7f}", "\u{2028}", "--[[", "end", "é", "👩‍👩‍👧",
    ]

    @Test("is the same value again", arguments: hostile)
    func isTheSame(text: String) async throws {
        let value: JSONValue = [
            "name": .string(text), text: [.string(text), .null, true, 7, 1.5, []], "end": [["a b": .string(text)]],
        ]
        let outcome = try await HostHarness().run("runbook {} return \(LuaLiteral.text(of: value))")
        #expect(outcome.result == value, "\(outcome.json)")
    }

    @Test("ends no comment and no call of an undo", arguments: hostile)
    func endsNothing(text: String) async throws {
        let step = InverseStep(
            operation: "users.update",
            arguments: [7, ["login": "ada", "name": .string("x" + text), "role": ["id": "user"]]],
            summary: "restore user \(text) (7)")
        let undo = Undo(run: "1", steps: [step, step], losses: [], secrets: [], catalogue: .standard)
        let harness = HostHarness()
        let outcome = try await harness.host().start(undo.runbook).outcome
        #expect(
            outcome.status == .succeeded, "\(outcome.json)\n\(String(decoding: undo.runbook.source, as: UTF8.self))")
        #expect(harness.transport.sent.map(\.operation.name) == ["users.update", "users.update"])
        #expect(harness.transport.sent.allSatisfy { $0.arguments["user"]?["name"] == .string("x" + text) })
    }
}
