import Glibc
import LuaMachine
import Operations
import RunbookHost

// What a call costs the host apart from HTTP: a script calls an operation that a transport answers at once, in process
// and in a confined worker, with policy and budgets on. Prints microseconds a call, the median of several rounds, beside
// a bare round trip of 200 bytes over a socket pair between two threads: most of what a confined call costs is that.

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

/// Microseconds of one round trip over a socket pair, both ends blocking.
func rawRoundTrip() -> Double {
    var ends: [Int32] = [0, 0]
    precondition(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    let (near, far) = (ends[0], ends[1])
    var thread = pthread_t()
    pthread_create(
        &thread, nil,
        { context in
            let far = Int32(Int(bitPattern: context))
            var bytes = [UInt8](repeating: 0, count: 200)
            while true {
                let count = read(far, &bytes, bytes.count)
                if count <= 0 { return nil }
                _ = write(far, bytes, count)
            }
        }, UnsafeMutableRawPointer(bitPattern: Int(far)))
    var bytes = [UInt8](repeating: 0, count: 200)
    let clock = ContinuousClock()
    let start = clock.now
    for _ in 0..<calls {
        _ = write(near, bytes, bytes.count)
        _ = read(near, &bytes, bytes.count)
    }
    let (seconds, attoseconds) = (clock.now - start).components
    close(near)
    pthread_join(thread, nil)
    close(far)
    return (Double(seconds) * 1e6 + Double(attoseconds) / 1e12) / Double(calls)
}

let supervisor = try WorkerSupervisor(executable: WorkerSupervisor.executableBesideProgram())
let kinds: [(String, RunbookHost)] = [
    ("in process", RunbookHost(transport: InstantTransport(), machines: .inProcess)),
    ("confined", RunbookHost(transport: InstantTransport(), machines: .confined(supervisor))),
]
var samples: [String: [Double]] = [:], starts: [String: [Double]] = [:]
var raw: [Double] = []
for _ in 0..<rounds {
    raw.append(rawRoundTrip())
    for (name, host) in kinds {
        let overhead = await microseconds(host, empty)
        starts[name, default: []].append(overhead)
        samples[name, default: []].append((await microseconds(host, source) - overhead) / Double(calls))
    }
}
func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
func rounded(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
for (name, _) in kinds {
    print("\(name): \(rounded(median(samples[name] ?? []))) µs a call")
    print("\(name): \(rounded(median(starts[name] ?? []))) µs to start and end a run")
}
let confined = median(samples["confined"] ?? [])
print("raw round trip: \(rounded(median(raw))) µs; a confined call takes \(rounded(confined / median(raw))) times that")
