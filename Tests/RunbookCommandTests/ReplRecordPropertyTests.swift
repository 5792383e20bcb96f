import LuaMachine
import Operations
import RunbookHost
import Testing

@testable import runbook

@Suite("Sessions of all kinds that are recorded")
struct ReplRecordPropertyTests {
    @Test(arguments: 0..<24)
    func theRunbookDoesWhatTheSessionDid(seed: UInt64) async throws {
        var random = RandomStatements(seed: seed)
        for _ in 0..<8 {
            let session = try await RecordedSession.run(random.session())
            let script = SessionScript(session.statements, .sample())
            #expect(script.warnings == [], "\(script.text)")
            let again = try await RecordedSession.run(recorded: script.text)
            #expect(again.lines == session.lines, "\(session.statements.map(\.source))\n\(script.text)")
            if session.statements.last(where: { $0.outcome == .succeeded })?.answer == .value {
                #expect(again.result == session.result, "\(session.statements.map(\.source))\n\(script.text)")
            }
        }
    }

    @Test(arguments: 0..<12)
    func aCheckFindsNothingButWhatTheSessionItselfGotWrong(seed: UInt64) async throws {
        var random = RandomStatements(seed: seed)
        let session = try await RecordedSession.run(random.session())
        let script = SessionScript(session.statements, .sample())
        let found = await RunbookHost.withoutTarget.check(Runbook(name: "r.lua", source: script.text))
        #expect(found.allSatisfy { $0.code == .unknownGlobal }, "\(found)\n\(script.text)")
    }

    /// Nothing of the session need make sense for the text to compile.
    @Test(arguments: 0..<24)
    func theTextCompilesWhateverIsSaidOfTheStatements(seed: UInt64) {
        var random = RandomStatements(seed: seed)
        for _ in 0..<12 {
            let script = SessionScript(random.anything(), .sample(secretNames: ["token"]))
            #expect(StatementText.compiles(script.text), "\(script.text)")
        }
    }
}
