import LuaMachine
import Operations
import RunbookHost

// What a call costs the host apart from HTTP: a script calls an operation that a transport answers at once, in process
// and in a confined worker, with policy and budgets on. Prints microseconds a call, the median of several rounds.

struct InstantTransport: Transport {
    static let body = Array(#"{"id":7,"login":"ada","name":"Ada","enabled":true,"locked":false}"#.utf8)
    func send(_ call: OperationCall) async throws(APIError) -> OperationReply { OperationReply(body: Self.body) }
}

let calls = 20_000
let rounds = 7
let source = """
    runbook { needs = { "users:read" } }
    for _ = 1, \(calls) do users.get(7) end
    """
let empty = "runbook { needs = { \"users:read\" } }"

func microseconds(_ host: RunbookHost, _ source: String) async -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    let outcome = await host.start(Runbook(name: "bench.lua", source: source)).outcome
    precondition(outcome.status == .succeeded, "\(String(describing: outcome.error))")
    let (seconds, attoseconds) = (clock.now - start).components
    return Double(seconds) * 1e6 + Double(attoseconds) / 1e12
}

let supervisor = try WorkerSupervisor(executable: WorkerSupervisor.executableBesideProgram())
let kinds: [(String, RunbookHost)] = [
    ("in process", RunbookHost(transport: InstantTransport(), machines: .inProcess)),
    ("confined", RunbookHost(transport: InstantTransport(), machines: .confined(supervisor))),
]
var samples: [String: [Double]] = [:], starts: [String: [Double]] = [:]
for _ in 0..<rounds {
    for (name, host) in kinds {
        let overhead = await microseconds(host, empty)
        starts[name, default: []].append(overhead)
        samples[name, default: []].append((await microseconds(host, source) - overhead) / Double(calls))
    }
}
func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
func rounded(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
for (name, _) in kinds {
    print(
        "\(name): \(rounded(median(samples[name] ?? [])))  µs a call, \(rounded(median(starts[name] ?? []))) µs to start and end a run"
    )
}
