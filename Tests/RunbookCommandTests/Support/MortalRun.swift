import CommandSupport
import ConsoleSimulator
import FoundationEssentials
import Glibc
import Operations
import RunbookHost
import RunbookStore
import Testing

@testable import runbook

/// A run of the real program at a console that outlives it: it is cut short, settled as a person would, and taken up again
/// until it is over.
struct MortalRun {
    /// How it is begun.
    enum Way: Sendable {
        /// With `runbook run`.
        case run
        /// With `runbook plan` and `runbook apply`: what is cut short is the second.
        case apply
    }

    let harness: CommandHarness
    let console: SimulatedConsole
    private let way: Way
    /// The path of its runbook.
    let runbook = "runbooks/test.lua"

    /// How a run that was taken up again has ended.
    struct Ending {
        let outcome: CommandProcess.Outcome
        /// How many calls a person had to decide about.
        var decisions = 0
        /// How often it was taken up.
        var resumptions = 0
    }

    /// Runs `body` with a console and a folder of its own.
    static func with<Result>(
        _ script: String, _ way: Way, _ configuration: SimulatorConfiguration,
        _ body: (MortalRun) async throws -> Result
    ) async throws -> Result {
        var result: Result?
        try await CommandHarness.with(configuration) { harness, info in
            try harness.write(script)
            result = try await SimulatedConsole(info).use { console in
                try await body(MortalRun(harness: harness, console: console, way: way))
            }
        }
        return try #require(result)
    }

    /// What lets a program believe that it runs on another machine, at a time when a lease that was held now has run out.
    private static let elsewhere = ["KILL_PROBE_HOST": "elsewhere", "KILL_PROBE_LATER": "31"]

    // MARK: Lives

    /// One life of the program, which ends where the probe says if it gets there.
    func live(_ arguments: String..., until probe: KillProbe? = nil) async throws -> CommandProcess.Outcome {
        try await begin(arguments, until: probe).outcome
    }

    /// Begins a life of the program.
    ///
    /// - Parameter environment: more variables.
    func begin(
        _ arguments: [String], until probe: KillProbe? = nil, environment: [String: String] = [:]
    ) throws -> CommandProcess {
        var variables = harness.environment.merging(environment) { $1 }
        if probe != nil || !environment.isEmpty {
            variables.merge(KillProbe.loading) { $1 }
            variables["KILL_PROBE"] = probe?.description
            variables["KILL_PROBE_LOG"] = logPath
        }
        return try CommandProcess(
            arguments, environment: variables, directory: harness.directory, program: CommandProcess.program)
    }

    /// A first life.
    func run(until probe: KillProbe? = nil) async throws -> CommandProcess.Outcome {
        guard way == .apply else { return try await live("run", runbook, "--no-input", until: probe) }
        let plan = try await live("plan", runbook, "-o", "plan.json", "--no-input")
        try #require(plan.status == 0, "\(plan.errors)")
        return try await live("apply", "plan.json", "--no-input", until: probe)
    }

    private var logPath: String { harness.directory + "/moments" }

    /// What the probes of all lives have written so far.
    var log: String { (try? String(decoding: Data(contentsOf: URL(filePath: logPath)), as: UTF8.self)) ?? "" }

    /// Whether a probe has done what it was asked for.
    var wasCutShort: Bool { log.contains("killed") }

    // MARK: Taking it up

    /// Takes the run up, and settles what must be settled, until it is over.
    ///
    /// - Parameters:
    ///   - isElsewhere: whether that is done on another machine, when a lease that was held now has run out. Default: no.
    ///   - probe: cuts the nth resumption short too. Default: none is.
    func resumeToTheEnd(isElsewhere: Bool = false, until probe: (Int) -> KillProbe? = { _ in nil }) async throws
        -> Ending
    {
        var decisions = 0
        for resumption in 1...50 {
            let life = try begin(
                ["resume", "last", "--no-input"], until: probe(resumption),
                environment: isElsewhere ? Self.elsewhere : [:])
            let outcome = await life.outcome
            switch outcome.status {
            case 128 + SIGKILL: continue
            case ExitStatus.failed.rawValue where outcome.errors.contains("worker"): continue
            case ExitStatus.needsDecision.rawValue: decisions += try await decideAll(isElsewhere: isElsewhere)
            case ExitStatus.usage.rawValue
            where outcome.errors.contains("there are no runs") || outcome.errors.contains("only made a plan"):
                // It died before anything of it was recorded: nothing was sent, and it is run anew.
                #expect(try await console.ledger().isEmpty)
                return Ending(outcome: try await run(), decisions: decisions, resumptions: resumption)
            default: return Ending(outcome: outcome, decisions: decisions, resumptions: resumption)
            }
        }
        throw NeverOver()
    }

    struct NeverOver: Error {}

    /// Looks at the console and says of each call in question whether it was carried out.
    ///
    /// - Returns: how many there were.
    func decideAll(isElsewhere: Bool = false, until probe: KillProbe? = nil) async throws -> Int {
        let undecided = try await history().open.filter { !($0.effect?.maySendAgain ?? false) }
        for call in undecided {
            try #require(call.operation == "twofa.regenerate")
            var answer = ["--not-sent"]
            if let seed = try await console.seed(of: try #require(call.user)) {
                try Data(seed.utf8).write(to: URL(filePath: harness.directory + "/seed.txt"))
                answer = ["--sent", "--value", "file:seed.txt"]
            }
            let life = try begin(
                ["decide", "last", String(call.number), "--no-input"] + answer, until: probe,
                environment: isElsewhere ? Self.elsewhere : [:])
            let outcome = await life.outcome
            #expect(outcome.status == 0 || probe != nil, "\(outcome.errors)")
        }
        return undecided.count
    }

    // MARK: What the journal says

    /// Where the program keeps its runs.
    private var databasePath: String { harness.directory + "/.local/state/runbook/runbook.db" }

    /// The runs, the newest first.
    func records() async throws -> [RunRecord] {
        let store = SQLiteStore(path: databasePath)
        let records = try await store.runs(RunFilter())
        await store.close()
        return records
    }

    /// What the newest run's journal says of its lives.
    func history() async throws -> MortalHistory {
        let store = SQLiteStore(path: databasePath)
        let record = try #require(try await store.runs(RunFilter(limit: 1)).first)
        let rows = try await store.journal(of: record.id, after: 0, limit: .max)
        await store.close()
        return try MortalHistory(record: record, rows: rows)
    }
}
