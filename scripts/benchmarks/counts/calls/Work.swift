import Logging
import LuaMachine
import Operations
import RESTClient
import RunbookHost
import SharedLoop

/// What the host can be given to do, so and so many times over.
enum Work: String {
    /// Runs of an empty runbook, in process.
    case run
    /// Calls of one run, in process, answered at once.
    case call
    /// Pages of users, in process, answered at once.
    case page
    /// Calls of one run, in process, over HTTP.
    case request
    /// Calls from a confined worker, answered at once.
    case confinedCall = "confined-call"
    /// Calls from a confined worker, over HTTP.
    case confinedRequest = "confined-request"

    /// - Parameters:
    ///   - count: how many times over.
    ///   - reply: the file with what calls are answered; over HTTP the address of a console that answers.
    func carryOut(_ count: Int, reply: String) async throws {
        // All on one thread, as in the command: the counts depend on no other one.
        let loop = SharedLoop()
        let transport: any Transport =
            overHTTP ? try restTransport(to: reply, on: loop) : try InstantTransport(replyingWith: reply)
        let machines: MachineProvider =
            isConfined
            ? .confined(try WorkerSupervisor(executable: WorkerSupervisor.executableBesideProgram(), carrier: loop))
            : .inProcessOn(loop)
        let host = RunbookHost(transport: transport, machines: machines)
        switch self {
        case .run: for _ in 0..<count { try await run("", on: host) }
        case .page: try await run("for _ = 1, \(count) do users.page { page = 0, size = 500 } end", on: host)
        default: try await run("for _ = 1, \(count) do users.get(7) end", on: host)
        }
    }

    private var overHTTP: Bool { self == .request || self == .confinedRequest }
    private var isConfined: Bool { self == .confinedCall || self == .confinedRequest }

    private func restTransport(to url: String, on loop: SharedLoop) throws -> RESTTransport {
        let console = try ServiceTarget(
            .console, url: url, credentials: .basic(user: "counts", password: SecretValue("counts")), concurrency: 1)
        return RESTTransport(
            target: Target(name: "counts", services: [console]),
            logger: Logger(label: "counts") { _ in SwiftLogNoOpLogHandler() }, eventLoopGroup: loop.group)
    }

    private func run(_ script: String, on host: RunbookHost) async throws {
        let runbook = Runbook(name: "counts.lua", source: "runbook { needs = { 'users:read' } } \(script)")
        let outcome = await host.start(runbook).outcome
        if let error = outcome.error { throw error }
    }
}
