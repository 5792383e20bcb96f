import Glibc
import Logging
import LuaMachine
import Operations
import RESTClient
import RunbookHost
import SharedLoop

// Starts many runs of one runbook at once in one host, as an embedding program does, and prints one JSON line: the
// seconds until the last one ended, and the seconds of each. The console is the one of the environment.
//
//     bench-runs RUNS in-process|confined CONNECTIONS CALLS [WIDTH]
//
// WIDTH is how many of its calls a run has under way at once; one if it is not given.

func leave(_ message: String) -> Never {
    let bytes = Array("bench-runs: \(message)\n".utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
    exit(1)
}

func variable(_ name: String) -> String {
    guard let value = getenv(name) else { leave("\(name) is not set") }
    return String(cString: value)
}

let words = Array(CommandLine.arguments.dropFirst())
guard words.count == 4 || words.count == 5, let runs = Int(words[0]), let connections = Int(words[2]),
    let calls = Int(words[3]), let width = words.count == 5 ? Int(words[4]) : 1,
    ["in-process", "confined"].contains(words[1])
else { leave("usage: bench-runs RUNS in-process|confined CONNECTIONS CALLS [WIDTH]") }

// A worker takes two descriptors of the host; the usual limit of 1,024 ends at some 500 of them.
var files = rlimit()
getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
let wanted = rlim_t(runs * 2 + connections + 100)
guard files.rlim_max >= wanted else {
    leave("\(runs) runs need \(wanted) open files, and the system allows \(files.rlim_max): raise it with ulimit -Hn")
}
files.rlim_cur = max(files.rlim_cur, wanted)
setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)

let loop = SharedLoop()
let console: ServiceTarget
let machines: MachineProvider
do {
    console = try ServiceTarget(
        .console, url: variable("RUNBOOK_CONSOLE_URL"),
        credentials: .basic(
            user: variable("RUNBOOK_CONSOLE_USER"), password: SecretValue(variable("RUNBOOK_CONSOLE_PASSWORD"))),
        concurrency: connections)
    machines =
        words[1] == "confined"
        ? .confined(try WorkerSupervisor(executable: WorkerSupervisor.executableBesideProgram(), carrier: loop))
        : .inProcessOn(loop)
} catch { leave("\(error)") }

let logger = Logger(label: "bench-runs") { _ in SwiftLogNoOpLogHandler() }
let transport = RESTTransport(
    target: Target(name: "bench", services: [console]), logger: logger, eventLoopGroup: loop.group)
let host = RunbookHost(transport: transport, machines: machines, logger: logger)
let runbook = Runbook(
    name: "calls.lua",
    source: """
        runbook { title = "Some calls", needs = { "users:read" } }
        local left = \(calls)
        local function next_call()
            left = left - 1
            return left >= 0 and left or nil
        end
        if \(width) == 1 then
            for _ in next_call do users.get(7) end
        else
            parallel(next_call, \(width), function() users.get(7) end)
        end
        """)

extension Duration {
    var inSeconds: Double { self / .seconds(1) }
}

let started = ContinuousClock.now
let times = await withTaskGroup(of: (Double, RunOutcome).self, returning: [Double].self) { group in
    for _ in 0..<runs {
        group.addTask {
            let outcome = await host.start(runbook).outcome
            return ((ContinuousClock.now - started).inSeconds, outcome)
        }
    }
    var times: [Double] = []
    for await (seconds, outcome) in group {
        guard outcome.status == .succeeded, outcome.calls == calls else {
            leave("a run \(outcome.status.rawValue) after \(outcome.calls) calls: \(outcome.error?.message ?? "")")
        }
        times.append(seconds)
    }
    return times
}
let wall = (ContinuousClock.now - started).inSeconds
await transport.shutdown()
let result: JSONValue = ["wall": .number(wall), "times": .array(times.map { .number($0) })]
print(result.text)
