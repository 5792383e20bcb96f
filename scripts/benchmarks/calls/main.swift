import Glibc
import LuaMachine
import Operations
import RunbookHost

// What a call costs, apart from HTTP: bench-calls WAY CALLS
//
// A script calls an operation so often that is answered at once. The ways:
//
//   machine-in-process, machine-confined   the machine alone: no policy, no plan, no journal
//   host-in-process, host-confined         a whole run, with policy and budgets
//
// Prints the seconds that one call took, and those that a run without a call takes from its start to its end.

let body = Array(#"{"id":7,"login":"ada","name":"Ada","enabled":true,"locked":false}"#.utf8)

struct InstantTransport: Transport {
    func send(_ call: OperationCall) async throws(APIError) -> OperationReply { OperationReply(body: body) }
}

/// A run of a script, in one of the ways.
struct Way {
    let name: String
    let supervisor: WorkerSupervisor

    /// Runs the script to its end.
    func run(_ source: String) async throws {
        let isConfined = name.hasSuffix("-confined")
        if name.hasPrefix("host-") {
            let machines: MachineProvider = isConfined ? .confined(supervisor) : .inProcess
            let host = RunbookHost(transport: InstantTransport(), machines: machines)
            let outcome = await host.start(Runbook(name: "bench.lua", source: source)).outcome
            precondition(outcome.status == .succeeded, "\(String(describing: outcome.error))")
        } else if isConfined {
            // Where the host drives its confined machines too.
            try await withTaskExecutorPreference(supervisor.executor) {
                try await drive(try await supervisor.start(program(source)))
            }
        } else {
            try await drive(try InProcessMachine(program(source)))
        }
    }

    private func program(_ source: String) -> MachineProgram {
        let source = "function runbook() end " + source
        return MachineProgram(bindings: ["users.get"], prelude: [], name: "bench.lua", source: Array(source.utf8))
    }

    private func drive(_ machine: any LuaMachine) async throws {
        while true {
            switch try await machine.nextEvent() {
            case .calls(let calls):
                for call in calls { machine.reply(MachineReply(id: call.id, json: body)) }
            case .finished:
                await machine.close()
                return
            case .failed(let report, _), .stopped(let report, _):
                preconditionFailure(String(decoding: report, as: UTF8.self))
            case .waiting, .diverged, .ready: preconditionFailure("nothing was replayed")
            }
        }
    }
}

/// The seconds that a script takes.
func seconds(_ way: Way, calls: Int) async throws -> Double {
    let source = #"runbook { needs = { "users:read" } } for _ = 1, \#(calls) do users.get(7) end"#
    let clock = ContinuousClock()
    let start = clock.now
    try await way.run(source)
    let (seconds, attoseconds) = (clock.now - start).components
    return Double(seconds) + Double(attoseconds) / 1e18
}

let ways = ["machine-in-process", "machine-confined", "host-in-process", "host-confined"]
let arguments = CommandLine.arguments
guard arguments.count == 3, ways.contains(arguments[1]), let calls = Int(arguments[2]), calls > 0 else {
    print("usage: bench-calls \(ways.joined(separator: "|")) CALLS")
    exit(64)
}
let supervisor = try WorkerSupervisor(executable: WorkerSupervisor.executableBesideProgram())
let way = Way(name: arguments[1], supervisor: supervisor)
_ = try await seconds(way, calls: max(1, calls / 10))
let start = try await seconds(way, calls: 0)
let all = try await seconds(way, calls: calls)
print((all - start) / Double(calls), start)
