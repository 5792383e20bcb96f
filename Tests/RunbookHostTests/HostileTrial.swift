import Operations
import RunbookHost

/// How a hostile script ran beside an honest run of the same host.
struct HostileTrial: Sendable {
    let outcome: RunOutcome
    /// What it sent, and how often.
    let sent: [String: Int]
    /// Texts of secrets it passed on that are found in its outcome or in the log.
    let leaks: [String]
    /// How the honest run ended.
    let honest: RunOutcome
    /// How many of the honest run's calls were answered.
    let honestCalls: Int

    /// A script that no limit ended.
    struct Endless: Error, CustomStringConvertible {
        let script: HostileScript
        let kind: MachineKind
        var description: String { "\(script.name) does not end on a machine of the kind \(kind)" }
    }

    init(of script: HostileScript, on kind: MachineKind) async throws {
        let companion = HonestCompanion()
        let harness = HostHarness(kind) { companion.answer($0) ?? PretendedConsole.answer($0) }
        let host = try harness.host()
        let honest = host.start(HonestCompanion.runbook)
        companion.watch(honest)
        await companion.makeCalls(1)
        var options = RunOptions()
        options.limits = script.limits
        let run = host.start(script.runbook, options: options)
        guard let ended = await Self.outcome(of: run, within: .seconds(60)) else {
            throw Endless(script: script, kind: kind)
        }
        outcome = ended
        await companion.makeCalls(3)
        companion.end()
        self.honest = await honest.outcome
        honestCalls = companion.calls

        let calls = harness.transport.sent.filter { !HonestCompanion.isCaller(of: $0) }
        sent = Dictionary(calls.map { ($0.operation.name, 1) }, uniquingKeysWith: +)
        let secrets = calls.flatMap { $0.arguments.values.compactMap(\.revealed) }
        let told = harness.logs.text + outcome.json.text + "\(outcome.changes)"
        leaks = secrets.filter(told.contains)
    }

    /// How a run ended, or `nil` if it has not by then: one that nothing ends must not hold up the others.
    private static func outcome(of run: Run, within time: Duration) async -> RunOutcome? {
        let (ends, end) = AsyncStream.makeStream(of: RunOutcome?.self)
        Task { end.yield(await run.outcome) }
        let patience = Task {
            try? await Task.sleep(for: time)
            end.yield(nil)
        }
        defer { patience.cancel() }
        for await outcome in ends { return outcome }
        return nil
    }
}

extension JSONValue {
    /// A secret's text.
    fileprivate var revealed: String? {
        if case .secret(let secret) = self { return secret.reveal() }
        return nil
    }
}
