import Operations
import RunbookHost
import Synchronization
import Testing

/// A session in a small world, and what it printed.
struct SessionHarness {
    let world = MortalWorld()
    let host: RunbookHost
    let session: InteractiveSession
    let printed = Printed()

    final class Printed: Sendable {
        private let texts = Mutex<[String]>([])
        var all: [String] { texts.withLock(\.self) }
        func add(_ text: String) { texts.withLock { $0.append(text) } }
    }

    init(
        _ kind: MachineKind = .confined, limits: RunLimits = RunLimits(), mode: RunMode = .plan,
        transport: (MortalWorld) -> any Transport = { SessionTransport(world: $0) }
    ) throws {
        host = try world.host(kind, transport: transport(world))
        var options = SessionOptions(limits: limits)
        options.print = { [printed] in printed.add($0) }
        options.actor = "ada"
        session = InteractiveSession(host: host, options: options, mode: mode)
    }

    /// Runs a session and takes its machine away afterwards.
    static func with(
        _ kind: MachineKind = .confined, limits: RunLimits = RunLimits(), mode: RunMode = .plan,
        transport: (MortalWorld) -> any Transport = { SessionTransport(world: $0) },
        _ body: (SessionHarness) async throws -> Void
    ) async throws {
        let harness = try SessionHarness(kind, limits: limits, mode: mode, transport: transport)
        harness.world.live()
        do { try await body(harness) } catch {
            await harness.session.close()
            throw error
        }
        await harness.session.close()
    }

    /// Runs a statement as it is.
    @discardableResult
    func type(_ source: String) async -> StatementOutcome {
        await session.evaluate(Runbook(name: "repl", source: source))
    }

    /// Runs a statement that must succeed.
    @discardableResult
    func must(_ source: String, sourceLocation: SourceLocation = #_sourceLocation) async -> StatementOutcome {
        let outcome = await type(source)
        #expect(
            outcome.run.status == .succeeded, "\(outcome.run.error?.message ?? "")", sourceLocation: sourceLocation)
        return outcome
    }

    /// Plans the session's script afresh and applies that, as `.apply` does.
    func apply() async throws -> RunOutcome {
        let script = try #require(await session.script)
        var options = RunOptions(parameters: script.parameters)
        options.mode = .plan
        let planned = await host.start(script.runbook, options: options).outcome
        #expect(planned.status == .succeeded, "\(planned.error?.message ?? "")")
        let plan = try #require(planned.plan)
        options = RunOptions(parameters: plan.parameters.mapValues { .value($0) })
        options.mode = .apply
        options.plan = plan
        let applied = await host.start(plan.runbook, options: options).outcome
        await session.settle(applied)
        return applied
    }
}

/// A world whose users log in at the console itself, and in which one of them perhaps cannot be unlocked.
struct SessionTransport: Transport {
    let world: MortalWorld
    var refused: Int64?

    func send(_ call: OperationCall) async throws(APIError) -> OperationReply {
        switch call.operation.name {
        case "auth_sources.list":
            return OperationReply(body: JSONValue.object(["resources": [["id": 1, "type": "normal"]]]).bytes())
        case "users.unlock" where refused != nil && call.arguments["id"]?.integerValue == refused:
            throw APIError(
                .unavailable, status: 500, operation: "users.unlock", message: "the console cannot now",
                delivery: .answered)
        default: return try await MortalTransport(world: world).send(call)
        }
    }
}
