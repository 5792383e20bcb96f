import Glibc
import Logging
import LuaMachine
import Operations
import RunbookHost
import RunbookStore
import SharedLoop

// What it costs to write everything down: the same script with a journal and without, over a server that answers at once,
// so that nothing else is in the way. Prints one JSON line.
//
//     bench-journal reads|changes COUNT WIDTH none|shared|alone DIRECTORY
//     bench-journal resume COUNT DIRECTORY
//
// `alone` commits every row by itself, as a journal would that shares no commits. `resume` makes a run of so many calls,
// cuts it off before its end, and takes it up again.

func leave(_ message: String) -> Never {
    let bytes = Array("bench-journal: \(message)\n".utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
    exit(1)
}

extension Duration {
    var inSeconds: Double { self / .seconds(1) }
}

/// A server that answers at once.
struct InstantServer: Transport {
    /// Told of a change that is never answered; `nil` if all are.
    let cutOff: (@Sendable () -> Void)?

    func send(_ call: OperationCall) async throws(APIError) -> OperationReply {
        if let cutOff, call.operation.effect.isChange {
            cutOff()
            try? await Task.sleep(for: .seconds(3_600))
            throw APIError(.network, operation: call.operation.name, message: "no answer", delivery: .unknown)
        }
        return OperationReply(
            body: Array(
                (call.operation.effect.isChange
                    ? #"{"links":[]}"# : #"{"id":7,"login":"ada","name":"Ada","locked":false,"enabled":true}"#).utf8))
    }
}

/// A store that commits one row after the other.
struct LonelyStore: ForwardingStore {
    let next: SQLiteStore

    func append(
        _ rows: [JournalRow], audit: [AuditEvent], lease: RunLease, isDurable: Bool
    ) async throws(StoreError) {
        for row in rows { try await next.append([row], audit: [], lease: lease, isDurable: true) }
        if !audit.isEmpty { try await next.append([], audit: audit, lease: lease, isDurable: isDurable) }
    }

    func update(
        _ record: RunRecord, rows: [JournalRow], audit: [AuditEvent], lease: RunLease
    ) async throws(StoreError) {
        for row in rows { try await next.append([row], audit: [], lease: lease, isDurable: true) }
        try await next.update(record, rows: [], audit: audit, lease: lease)
    }
}

let words = Array(CommandLine.arguments.dropFirst())
guard words.count >= 3, let count = Int(words[1]), let directory = words.last, words[0] == "resume" || words.count == 5
else { leave("usage: bench-journal reads|changes COUNT WIDTH none|shared|alone DIRECTORY, or resume COUNT DIRECTORY") }
let width = words[0] == "resume" ? 1 : Int(words[2]) ?? 1
let kind = words[0] == "resume" ? "shared" : words[3]

let loop = SharedLoop()
let machines: MachineProvider
do {
    machines = .confined(try WorkerSupervisor(executable: WorkerSupervisor.executableBesideProgram(), carrier: loop))
} catch { leave("\(error)") }
let store = SQLiteStore(path: "\(directory)/bench.db")
guard let sealer = Sealer(key: Array(repeating: 1, count: Sealer.keyLength)) else { leave("no key") }
let journaling = Journaling(
    store: kind == "alone" ? LonelyStore(next: store) : store, sealer: sealer, owner: .current, isAlive: { _ in false })

func host(cutOff: (@Sendable () -> Void)? = nil) -> RunbookHost {
    RunbookHost(
        transport: InstantServer(cutOff: cutOff), machines: machines, journaling: kind == "none" ? nil : journaling,
        logger: Logger(label: "bench-journal") { _ in SwiftLogNoOpLogHandler() })
}

let call = words[0] == "changes" ? "users.unlock" : "users.get"
let runbook = Runbook(
    name: "calls.lua",
    source: """
        runbook { title = "Some calls", needs = { "users:read", "users:unlock" } }
        local left = \(count)
        local function next_call()
            left = left - 1
            return left >= 0 and left + 1 or nil
        end
        local call = \(call)
        if \(width) == 1 then
            for id in next_call do call(id) end
        else
            parallel(next_call, \(width), function(id) call(id) end)
        end
        users.unlock(1)
        """)
var options = RunOptions()
options.limits.changes = .max
options.limits.calls = .max

if words[0] == "resume" {
    // Its only change is the last call, in which it is cancelled.
    options.grace = .zero
    let (reached, cutOff) = AsyncStream.makeStream(of: Void.self)
    let first = host(cutOff: { cutOff.yield() }).start(runbook, options: options)
    for await _ in reached { break }
    first.cancel()
    guard await first.outcome.status == .cancelled else { leave("the run was not cut off") }
    do {
        let started = ContinuousClock.now
        let outcome = await (try await host().resume(first.id)).outcome
        let wall = (ContinuousClock.now - started).inSeconds
        let result: JSONValue = [
            "wall": .number(wall), "status": .string(outcome.status.rawValue), "calls": .integer(Int64(outcome.calls)),
            "error": outcome.error.map { .string($0.message) } ?? .null,
        ]
        print(result.text)
    } catch { leave("\(error)") }
} else {
    let started = ContinuousClock.now
    let outcome = await host().start(runbook, options: options).outcome
    let wall = (ContinuousClock.now - started).inSeconds
    guard outcome.status == .succeeded else { leave("\(outcome.status): \(outcome.error?.message ?? "")") }
    let result: JSONValue = ["wall": .number(wall), "calls": .integer(Int64(outcome.calls))]
    print(result.text)
}
