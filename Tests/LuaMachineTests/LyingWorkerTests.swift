import Foundation
import SharedLoop
import Synchronization
import Testing

@testable import LuaMachine

/// What carries the bytes between a host and its workers.
enum Carriage: CaseIterable {
    case ownThread, sharedLoop

    private static let loop = SharedLoop()

    var carrier: (any WorkerCarrier)? { self == .ownThread ? nil : Self.loop }
}

/// A worker in the hands of an attacker: each lie ends its own run with a clear error, and nothing else.
@Suite(.timeLimit(.minutes(2))) struct LyingWorkerTests {
    /// The lying worker in place of the real one.
    static func supervisor(
        _ patience: WorkerPatience = .brief, _ carriage: Carriage = .ownThread
    ) throws -> WorkerSupervisor {
        let path = WorkerSupervisor.executableBesideProgram()
        let folder = path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        return try WorkerSupervisor(
            executable: folder + "/lying-worker", carrier: carriage.carrier, patience: patience)
    }

    static func program(_ lie: String, _ limits: MachineLimits) -> MachineProgram {
        MachineProgram(bindings: [], prelude: [], name: "lie.lua", source: Array("!\(lie)".utf8), limits: limits)
    }

    static let limits = MachineLimits(memory: 1 << 20, log: 100_000, tasks: 100)

    /// How a run ended, if in a machine's error.
    enum Ending: Equatable {
        case finished(String), stopped(String), diverged(UInt32), failed(MachineError)
    }

    /// Drives a worker to its end, each call answered; `calls` counts them.
    static func end(of machine: ConfinedMachine, answer: [UInt8] = Array("{}".utf8)) async -> Ending {
        while true {
            let event: MachineEvent
            do throws(MachineError) { event = try await machine.nextEvent() } catch { return .failed(error) }
            switch event {
            case .calls(let calls):
                for call in calls where !call.isNote { machine.reply(MachineReply(id: call.id, json: answer)) }
            case .finished(let json, _): return .finished(String(decoding: json, as: UTF8.self))
            case .failed(let json, _), .stopped(let json, _): return .stopped(String(decoding: json, as: UTF8.self))
            case .diverged(let call, _): return .diverged(call)
            case .waiting, .ready: continue
            }
        }
    }

    /// Runs a liar beside an honest worker of the same supervisor, which must not notice.
    static func run(
        _ lie: String, _ supervisor: WorkerSupervisor, limits: MachineLimits = limits
    ) async throws -> Ending {
        let honest = try await supervisor.start(program("honest", limits), isConfined: false)
        guard case .calls(let calls) = try await honest.nextEvent() else { throw MachineError.closed }
        let liar = try await supervisor.start(program(lie, limits), isConfined: false)
        let ending = await end(of: liar)
        await liar.close()
        for call in calls { honest.reply(MachineReply(id: call.id, json: Array("1".utf8))) }
        #expect(await end(of: honest) == .finished("\"done\""))
        await honest.close()
        return ending
    }

    @Test(
        "A lie ends its run, and the error says which it was",
        arguments: [
            ("no-greeting", "no greeting"), ("huge-greeting", "a frame of 5000 bytes where at most 4096 may come"),
            ("greeting-without-json", "a greeting that is not a JSON object"),
            ("second-greeting", "a second greeting"), ("empty-frame", "an empty frame"),
            ("unknown-type", "a frame of unknown type 90"),
            ("huge-length", "a frame of 4294967295 bytes where at most"), ("cut-record", "a record is cut short"),
            ("broken-arguments", "the arguments of call 1 (users.delete) are not a JSON array"),
            ("name-of-controls", "a call's name that no function has: users?[2J"),
            ("name-of-bytes", "a call's name is not text"), ("used-number", "call 7 (users.get) after call 7"),
            ("falling-numbers", "call 6 (users.get) after call 7"),
            ("busy-task", "call 2 (users.get) in task 1, which waits for the answer to another one"),
            ("no-task", "call 1 (users.get) outside every task"),
            ("flood-of-notes", "more than 100000 bytes of notes"),
            ("more-after-the-end", "something after the script's end"),
            ("two-ends", "something after the script's end"), ("result-without-json", "a result that is not JSON"),
            ("report-without-kind", "a report without a kind"),
            ("invented-time-limit", "an end that nobody has asked for"),
            ("absurd-memory", "a use of 18446744073709551615 bytes of memory"),
            ("waits-unasked", "a word that it waits, which nobody asked for"),
            ("diverges-unasked", "a word that it diverges at call 1, which was not to be next"),
            ("half-a-header", "half a frame and not the rest"), ("half-a-frame", "half a frame and not the rest"),
            ("drip", "half a frame and not the rest"), ("close-and-live", "it closed its socket and lived on"),
            ("shut-and-live", "it closed its socket and lived on"),
        ], Carriage.allCases)
    func lieIsTold(_ lie: (name: String, reason: String), carriage: Carriage) async throws {
        let ending = try await Self.run(lie.name, Self.supervisor(.brief, carriage))
        guard case .failed(.protocolViolation(let told)) = ending else {
            Issue.record("it was believed")
            return
        }
        #expect(told.hasPrefix(lie.reason), "\(told)")
    }

    @Test(
        "What a worker says of waiting and diverging is held against what it was told",
        arguments: [
            ("waits", nil), ("waits-twice", "a word that it waits, which nobody asked for"),
            ("waits-for-nothing", "a word that it waits for an answer, where no call does"),
            ("waits-with-content", "a frame of 1 bytes where at most 0 may come"),
            ("waits-and-calls", "calls without an answer, after it said that it waits for one"),
            ("waits-and-ends", "a result without an answer, after it said that it waits for one"),
            ("waits-too-early", "a word that it waits, before it can have taken the answer to call 2"),
            ("diverges", nil), ("diverges-where-it-does-not", "a word that it diverges at call 1, which was not"),
            ("diverges-without-a-number", "a word of divergence is cut short"),
            ("skips-an-answer", "call 4 (users.get) in task 1, which waits for the answer to another one"),
        ], Carriage.allCases)
    func waitingIsChecked(_ lie: (name: String, reason: String?), carriage: Carriage) async throws {
        let supervisor = try Self.supervisor(.brief, carriage)
        let liar = try await supervisor.start(Self.program(lie.name, Self.limits), isConfined: false)
        if lie.name.hasPrefix("diverges") || ["waits-too-early", "skips-an-answer"].contains(lie.name) {
            liar.replay((1...3).map { MachineReply(id: $0, json: Array("1".utf8)) })
        }
        liar.synchronize()
        let ending = await Self.end(of: liar)
        await liar.close()
        guard let reason = lie.reason else {
            #expect(ending == (lie.name == "waits" ? .finished("1") : .diverged(2)))
            return
        }
        guard case .failed(.protocolViolation(let told)) = ending else {
            Issue.record("it was believed: \(ending)")
            return
        }
        #expect(told.hasPrefix(reason), "\(told)")
    }

    @Test func silenceIsNotWaitedForWithoutEnd() async throws {
        var patience = WorkerPatience.brief
        patience.greeting = 10
        // Alone: an honest worker may need longer than this to start.
        let liar = try await Self.supervisor(patience).start(Self.program("silence", Self.limits), isConfined: false)
        #expect(await Self.end(of: liar) == .failed(.protocolViolation(reason: "no greeting in time")))
        await liar.close()
    }

    @Test(
        "An end without a word is told as what it was",
        arguments: [
            ("exit", .exited(status: 0)), ("exit-with-status", .exited(status: 3)),
            ("leave-a-child", .exited(status: 0)), ("crash", .killed(signal: SIGSEGV)),
            ("stop", .suspended(signal: SIGSTOP)), ("stopped-before-greeting", .suspended(signal: SIGSTOP)),
        ] as [(String, MachineError)], Carriage.allCases)
    func endIsTold(_ end: (lie: String, error: MachineError), carriage: Carriage) async throws {
        #expect(try await Self.run(end.lie, Self.supervisor(.brief, carriage)) == .failed(end.error))
    }

    @Test func noMoreCallsWaitThanTasksMayLive() async throws {
        let supervisor = try Self.supervisor()
        let liar = try await supervisor.start(Self.program("flood-of-calls", Self.limits), isConfined: false)
        var answered = 0
        let error = await #expect(throws: MachineError.self) {
            while true { if case .calls(let calls) = try await liar.nextEvent() { answered += calls.count } }
        }
        let reason = "call 101 (users.get) is one more than the 100 tasks that may wait for an answer"
        #expect(error == .protocolViolation(reason: reason))
        #expect(answered <= 100)
        await liar.close()
    }

    @Test(arguments: Carriage.allCases) func aWorkerThatIsDeafToSignalsIsKilled(_ carriage: Carriage) async throws {
        let supervisor = try Self.supervisor(.brief, carriage)
        for why in [MachineInterrupt.time, .cancel] {
            let liar = try await supervisor.start(Self.program("deaf", Self.limits), isConfined: false)
            guard case .calls = try await liar.nextEvent() else { throw MachineError.closed }
            let clock = ContinuousClock(), start = clock.now
            liar.interrupt(why)
            let limit = why == .time ? "time" : "cancelled"
            #expect(await Self.end(of: liar) == .stopped(#"{"kind":"limit","limit":"\#(limit)","traceback":[]}"#))
            #expect(clock.now - start < .seconds(5))
            await liar.close()
        }
    }

    @Test(arguments: Carriage.allCases) func aFloodWaitsForTheHostAndNotInItsMemory(_ carriage: Carriage) async throws {
        var patience = WorkerPatience.brief
        patience.waitingEvents = 100_000
        let limits = MachineLimits(log: 1 << 30)
        let liar = try await Self.supervisor(patience, carriage).start(
            Self.program("flood-of-notes", limits), isConfined: false)
        // Nobody takes its events: the worker comes to stand still in a write.
        let process = try #require(liar.processIdentifier)
        try await eventually { liar.waitingBytes > 100_000 && Self.isAsleep(process) }
        let held = liar.waitingBytes
        #expect(held < 2_000_000)
        // It goes on once they are taken.
        var taken = 0
        while taken < 20_000 {
            if case .calls(let calls) = try await liar.nextEvent() { taken += calls.count }
        }
        #expect(liar.waitingBytes < 2_000_000)
        await liar.close()
    }

    @Test(arguments: Carriage.allCases) func whatAFloodSaidBeforeItEndedIsAllThere(_ carriage: Carriage) async throws {
        var patience = WorkerPatience.brief
        patience.waitingEvents = 100_000
        let liar = try await Self.supervisor(patience, carriage).start(
            Self.program("flood-and-close", MachineLimits(log: 1 << 30)), isConfined: false)
        var taken = 0
        let error = await #expect(throws: MachineError.self) {
            while true { if case .calls(let calls) = try await liar.nextEvent() { taken += calls.count } }
        }
        #expect(error == .exited(status: 0))
        #expect(taken == 50_000)
        await liar.close()
    }

    @Test(arguments: Carriage.allCases) func answersThatNobodyReadsAreNotKeptWithoutEnd(_ carriage: Carriage)
        async throws
    {
        var patience = WorkerPatience.brief
        patience.waitingAnswers = 4 << 20
        let liar = try await Self.supervisor(patience, carriage).start(
            Self.program("never-read", Self.limits), isConfined: false)
        let ending = await Self.end(of: liar, answer: [UInt8](repeating: UInt8(ascii: " "), count: 2 << 20) + [48])
        guard case .failed(.protocolViolation(let reason)) = ending else {
            Issue.record("\(ending)")
            return
        }
        #expect(reason.hasSuffix("bytes of answers and does not read them"))
        await liar.close()
    }

    @Test func descriptorsThatItPassesAreNotTaken() async throws {
        #expect(try await Self.run("pass-descriptors", Self.supervisor()) == .finished("1"))
        let held = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
        }
        #expect(held.filter { $0.contains("runbook-lying-worker") } == [])
    }

    /// Whether a process sleeps in the kernel.
    static func isAsleep(_ process: pid_t) -> Bool {
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return stat.split(separator: ")").last?.split(separator: " ").first == "S"
    }

    /// Waits until it holds; the test's time limit ends what never does.
    func eventually(_ holds: () -> Bool) async throws {
        var times = 0
        while times < 5 {
            times = holds() ? times + 1 : 0
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}

extension WorkerPatience {
    /// Short where the liars of a test would make it wait, long where only a slow machine would.
    static var brief: WorkerPatience {
        WorkerPatience(
            interval: .milliseconds(20), greeting: 3_000, frame: 15, afterHangUp: .milliseconds(100),
            afterEnd: .milliseconds(500))
    }
}
