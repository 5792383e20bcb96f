import LuaMachine
import Logging
import Operations
import RunbookHost
import Synchronization
import Testing

/// Where the scripts of a test run.
enum MachineKind: CaseIterable, Sendable {
    case inProcess, confined

    static let supervisor = Result { try WorkerSupervisor(executable: WorkerSupervisor.executableBesideProgram()) }

    var provider: MachineProvider {
        get throws {
            switch self {
            case .inProcess: .inProcess
            case .confined: .confined(try Self.supervisor.get())
            }
        }
    }
}

/// A transport that a closure pretends to be, and that remembers what was sent.
final class PretendedTransport: Transport {
    typealias Answer = @Sendable (OperationCall) async throws(APIError) -> JSONValue
    private let answer: Answer
    private let log = Mutex<[OperationCall]>([])

    init(_ answer: @escaping Answer) { self.answer = answer }

    var sent: [OperationCall] { log.withLock { $0 } }
    var names: [String] { sent.map(\.operation.name) }

    func send(_ call: OperationCall) async throws(APIError) -> OperationReply {
        log.withLock { $0.append(call) }
        return OperationReply(body: try await answer(call).bytes(revealingSecrets: true))
    }
}

/// A clock that stands still until it is told to go on.
final class VirtualClock: RunClock {
    private struct State {
        var now: Duration = .zero
        var sleepers: [UInt64: (until: Duration, continuation: CheckedContinuation<Void, any Error>)] = [:]
        var next: UInt64 = 0
        var cancelled: Set<UInt64> = []
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }
    private let state = Mutex(State())

    func unixMilliseconds() -> Int64 { 1_700_000_000_000 + monotonic().inMilliseconds }
    func monotonic() -> Duration { state.withLock(\.now) }

    func sleep(for duration: Duration) async throws {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (immediate, watchers) = state.withLock {
                    state -> (Result<Void, any Error>?, [CheckedContinuation<Void, Never>]) in
                    if state.cancelled.remove(id) != nil { return (.failure(CancellationError()), []) }
                    if duration <= .zero { return (.success(()), []) }
                    state.sleepers[id] = (state.now + duration, continuation)
                    let ready = state.watchers.filter { $0.count <= state.sleepers.count }.map(\.continuation)
                    state.watchers.removeAll { $0.count <= state.sleepers.count }
                    return (nil, ready)
                }
                if let immediate { continuation.resume(with: immediate) }
                watchers.forEach { $0.resume() }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                if let sleeper = state.sleepers.removeValue(forKey: id) {
                    return sleeper.continuation as CheckedContinuation<Void, any Error>?
                }
                state.cancelled.insert(id)
                return nil
            }
            continuation?.resume(throwing: CancellationError())
        }
    }

    /// Waits until so many are asleep.
    func sleepers(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    /// Lets time pass, and wakes whoever is due.
    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now += duration
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.continuation)
        }
        due.forEach { $0.resume() }
    }
}

/// Collects log lines.
final class LogCollector: Sendable {
    struct Line: Sendable {
        var level: Logger.Level
        var message: String
        var metadata: Logger.Metadata
    }
    private let storage = Mutex<[Line]>([])
    var lines: [Line] { storage.withLock { $0 } }
    var text: String { lines.map { "\($0.level) \($0.message) \($0.metadata)" }.joined(separator: "\n") }

    func makeLogger() -> Logger {
        Logger(label: "test") { _ in Handler(collector: self) }
    }

    private struct Handler: LogHandler {
        let collector: LogCollector
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            let line = Line(level: event.level, message: "\(event.message)", metadata: event.metadata ?? [:])
            collector.storage.withLock { $0.append(line) }
        }
    }
}

/// A host with a pretended transport.
struct HostHarness {
    var kind: MachineKind = .inProcess
    var transport: PretendedTransport
    var logs = LogCollector()
    var clock: any RunClock = SystemClock()
    var policy = Policy()

    init(_ kind: MachineKind = .inProcess, _ answer: @escaping PretendedTransport.Answer = { _ in [:] }) {
        self.kind = kind
        transport = PretendedTransport(answer)
    }

    func host() throws -> RunbookHost {
        let state = Mutex<UInt64>(42)
        // SplitMix64: the same numbers every time, and not all alike.
        let random: @Sendable () -> UInt64 = {
            state.withLock { state in
                state &+= 0x9e37_79b9_7f4a_7c15
                var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
                mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
                return mixed ^ (mixed >> 31)
            }
        }
        return RunbookHost(
            transport: transport, machines: try kind.provider, policy: policy, clock: clock, random: random,
            logger: logs.makeLogger())
    }

    func run(_ source: String, _ options: RunOptions = RunOptions()) async throws -> RunOutcome {
        try await host().start(Runbook(name: "test.lua", source: source), options: options).outcome
    }
}
