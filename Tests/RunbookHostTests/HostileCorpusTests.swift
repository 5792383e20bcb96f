import LuaMachine
import Operations
import RunbookHost
import Testing

/// The runbooks of `Tests/Lua/hostile`: each ends as its first line says, on every kind of machine that can hold it, and
/// harms nobody.
@Suite("The hostile corpus")
struct HostileCorpusTests {
    /// A script on a kind of machine.
    struct Case: Sendable, CustomTestStringConvertible {
        let script: HostileScript
        let kind: MachineKind
        var testDescription: String { "\(script.name) \(kind)" }
    }

    static let trials = HostileTrials()
    static let cases = HostileScript.all.flatMap { script in script.kinds.map { Case(script: script, kind: $0) } }

    @Test("has at least eighty scripts, each with an outcome that can be read")
    func readable() {
        for case .failure(let fault) in HostileScript.corpus { Issue.record("\(fault)") }
        #expect(HostileScript.all.count >= 80)
    }

    @Test(
        "ends as expected while an honest run of the same host loses no call", .timeLimit(.minutes(5)),
        arguments: cases)
    func ends(_ test: Case) async throws {
        let script = test.script
        let trial = try await Self.trials.trial(of: script, on: test.kind)
        let outcome = trial.outcome
        #expect(outcome.status == script.expectation.status, "\(outcome.json)")
        #expect(outcome.isConfined == (test.kind == .confined))
        let error = outcome.error
        switch script.expectation {
        case .succeeded(let value):
            #expect(outcome.result.text == value.text)
            #expect(error == nil)
        case .stopped(let limit):
            #expect(error?.kind == "limit", "\(outcome.json)")
            #expect(error?.value["limit"] == .string(limit), "\(outcome.json)")
            #expect(error?.message.contains("limit") == true)
        case .denied(let text):
            #expect(error?.kind == "denied", "\(outcome.json)")
            #expect(error?.message.contains(text) == true, "\(outcome.json)")
        case .failed(let text):
            #expect(error?.message.contains(text) == true, "\(outcome.json)")
        }
        checkLocation(script, outcome)
        checkDuration(script, outcome)
        for (operation, count) in script.sends { #expect(count.contains(trial.sent[operation] ?? 0), "\(operation)") }
        #expect(Set(trial.sent.keys).subtracting(script.sends.keys) == [], "more was sent than may be")
        #expect(outcome.calls == trial.sent.values.reduce(0, +), "each call is counted once")
        #expect(trial.leaks == [])

        #expect(trial.honest.status == .succeeded, "\(trial.honest.json)")
        #expect(trial.honest.result == .integer(Int64(trial.honestCalls)))
        #expect(trial.honest.calls == trial.honestCalls)
    }

    private func checkLocation(_ script: HostileScript, _ outcome: RunOutcome) {
        guard let error = outcome.error, !script.isNowhere else {
            #expect(outcome.error?.location == nil)
            return
        }
        // A worker that does not get to say where it stands, on a busy machine, is killed all the same.
        let mayBeKilled = outcome.isConfined && error.value["limit"] == "time"
        if error.location == nil, script.isAnywhere || mayBeKilled { return }
        if let place = script.place {
            #expect(error.location == place, "\(error.json)")
            return
        }
        let parts = error.location?.split(separator: ":") ?? []
        #expect(parts.count == 2 && parts[0] == script.name, "\(error.json)")
        let line = parts.last.flatMap { Int($0) } ?? 0
        let lines = 1...script.source.split(separator: "\n", omittingEmptySubsequences: false).count
        #expect(lines.contains(line), "\(error.json)")
        if let expected = script.line { #expect(line == expected, "\(error.json)") }
    }

    /// That a limit on time holds is measured elsewhere: here the machine is busy with others.
    private func checkDuration(_ script: HostileScript, _ outcome: RunOutcome) {
        guard case .stopped("time") = script.expectation else { return }
        #expect(outcome.duration >= .milliseconds(300))
        #expect(outcome.duration < script.limits.time + .seconds(20))
    }

    @Test(
        "ends alike in a worker and in this process", .timeLimit(.minutes(5)),
        arguments: HostileScript.all.filter { !$0.isConfinedOnly })
    func agrees(_ script: HostileScript) async throws {
        let confined = try await Self.trials.trial(of: script, on: .confined)
        let inProcess = try await Self.trials.trial(of: script, on: .inProcess)
        #expect(confined.outcome.status == inProcess.outcome.status)
        #expect(confined.outcome.result.text == inProcess.outcome.result.text)
        let (one, other) = (confined.outcome.error, inProcess.outcome.error)
        #expect(one?.kind == other?.kind)
        #expect(one?.message == other?.message)
        #expect(one?.value.text == other?.value.text)
        if confined.outcome.status == .failed {
            #expect(one?.location == other?.location)
            #expect(one?.traceback == other?.traceback)
        }
        for (operation, count) in script.sends where count.lowerBound == count.upperBound {
            #expect(confined.sent[operation] == inProcess.sent[operation])
        }
    }
}
