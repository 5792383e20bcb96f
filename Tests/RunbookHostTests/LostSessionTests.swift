import Glibc
import LuaMachine
import Operations
import RunbookHost
import Testing

/// A session whose worker is killed between two statements.
@Suite("A session whose machine is lost", .timeLimit(.minutes(2))) struct LostSessionTests {
    private func withSession(_ body: (InteractiveSession, NamedWorker) async throws -> Void) async throws {
        let named = try NamedWorker()
        defer { named.remove() }
        let world = MortalWorld()
        world.live()
        let host = RunbookHost(transport: SessionTransport(world: world), machines: try named.machines)
        let session = InteractiveSession(host: host, options: SessionOptions(), mode: .plan)
        do { try await body(session, named) } catch {
            await session.close()
            throw error
        }
        await session.close()
    }

    private func run(_ source: String, in session: InteractiveSession) async -> StatementOutcome {
        await session.evaluate(Runbook(name: "repl", source: source))
    }

    @Test("says so at the statement that finds it, and goes on with a new one") func isSaidAtOnce() async throws {
        try await withSession { session, named in
            #expect(await run("x = 7", in: session).run.status == .succeeded)
            for worker in named.processes { kill(worker, SIGKILL) }
            let found = await run("return x", in: session)
            #expect(found.isMachineLost && found.run.status == .failed)
            #expect(found.run.error?.kind == "machine")
            let next = await run("return x", in: session)
            #expect(next.values == [.nothing] && !next.wasMachineLost)
        }
    }

    @Test("says so at the next statement if it was found while names were looked up") func isSaidLater() async throws {
        try await withSession { session, named in
            #expect(await run("x = 7", in: session).run.status == .succeeded)
            #expect(await session.names(at: [])?.contains { $0.name == "x" } == true)
            for worker in named.processes { kill(worker, SIGKILL) }
            #expect(await session.names(at: []) == nil)
            #expect(await session.isMachineLost)
            let next = await run("return x", in: session)
            #expect(next.wasMachineLost && next.values == [.nothing])
            #expect(await run("return 1", in: session).wasMachineLost == false)
        }
    }
}
