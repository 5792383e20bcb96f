import LuaMachine
import Operations
import RunbookHost
import Testing

@testable import RunbookSchedule

@Suite("Carrying the runs of slots with a host", .timeLimit(.minutes(1)))
struct HostRunnerTests {
    let store = InMemoryStore()
    let transport: PretendedTransport
    let sealer: Sealer

    init() throws {
        sealer = try #require(Sealer(key: Array(repeating: 7, count: 32)))
        transport = PretendedTransport()
    }

    private static let unlock = """
        runbook { needs = { "users:unlock" }, params = { id = { type = "integer" } } }
        users.unlock(params.id)
        return "unlocked " .. params.id
        """

    private func host(
        _ process: Int32 = 1, transport: (any Transport)? = nil, store: (any RunStore)? = nil,
        isAlive: @escaping @Sendable (RunOwner) -> Bool? = { _ in false }
    ) -> RunbookHost {
        RunbookHost(
            transport: transport ?? self.transport, machines: .inProcess,
            journaling: Journaling(
                store: store ?? self.store, sealer: sealer, owner: .sample(process), isAlive: isAlive))
    }

    private func runner(
        _ host: RunbookHost, target: JSONValue = ["name": "lab"], limits: RunLimits = RunLimits(),
        file: String = "", ended: @escaping @Sendable (SlotOrder, RunOutcome) async -> Void = { _, _ in }
    ) -> HostRunner {
        HostRunner(
            hosts: { _ throws(ScheduleFault) in ScheduledHost(host, target: target, limits: limits) },
            read: { path throws(ScheduleFault) in Runbook(name: path, source: file) }, ended: ended)
    }

    private func order(
        _ source: String, _ parameters: [String: ParameterInput] = ["id": .value(7)], run: String = "run-0001",
        takesUp: Bool = false, _ change: (inout Schedule) -> Void = { _ in }
    ) -> SlotOrder {
        var schedule = Schedule.sample {
            $0.actor = "ada"
            $0.sha256 = Runbook(name: "", source: source).sha256
            $0.capabilities = ["users:unlock"]
            change(&$0)
        }
        schedule.sealed = ScheduledSource(source: Array(source.utf8), parameters: parameters)
            .sealed(by: sealer, for: schedule.id)
        return SlotOrder(
            schedule: schedule, slot: Slot(schedule: schedule.id, planned: noon, due: noon), run: run,
            takesUp: takesUp, cancellation: SlotCancellation(), lateness: 0)
    }

    private let succeeded = SlotResult.ended(.succeeded, message: "", canBeTakenUp: false)

    // MARK: Beginning

    @Test func theSourceRunsWithItsParametersAndItsRecordSaysWhatAskedForIt() async throws {
        #expect(await runner(host()).run(order(Self.unlock)) == succeeded)
        #expect(transport.sent == ["users.unlock"])
        let record = try await store.run("run-0001")
        #expect(record.status == .succeeded)
        #expect(record.result == "unlocked 7")
        #expect(record.actor == "ada")
        #expect(record.origin == "schedule:report")
        #expect(record.target == ["name": "lab"])
        #expect(record.runbook == "report.lua")
    }

    @Test func whatTheScriptDoesWrongIsSaidAndNotTakenUp() async {
        let result = await runner(host()).run(order("runbook {} error('no luck')", [:]))
        guard case .ended(.failed, let message, false) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(message.contains("no luck"))
    }

    @Test func whoeverLeavesDoesNotWaitForAHostThatIsNotThere() async {
        let (asked, asking) = AsyncStream.makeStream(of: Void.self)
        let (never, _) = AsyncStream.makeStream(of: Void.self)
        let runner = HostRunner(
            hosts: { _ throws(ScheduleFault) in
                asking.yield()
                for await _ in never {}
                throw ScheduleFault("nobody came")
            },
            read: { path throws(ScheduleFault) in throw ScheduleFault(path) })
        let order = order(Self.unlock)
        async let result = runner.run(order)
        for await _ in asked { break }
        order.cancellation.cancel()
        guard case .ended(.cancelled, _, canBeTakenUp: true) = await result else {
            Issue.record("it was not left")
            return
        }
        #expect(transport.sent.isEmpty)
    }

    @Test func aScheduleSetsItsOwnLimitsAndHasTheConfiguredOnesElse() async throws {
        let source = """
            runbook { needs = { "users:unlock" } }
            for id = 1, 5 do users.unlock(id) end
            """
        var limits = RunLimits()
        limits.changes = 4
        let configured = await runner(host(), limits: limits).run(order(source, [:]))
        guard case .ended(.stopped, _, false) = configured else {
            Issue.record("\(configured)")
            return
        }
        #expect(transport.sent.count == 4)
        let own = runner(host(), limits: limits)
        let narrow = await own.run(order(source, [:], run: "run-0002") { $0.maxChanges = 2 })
        guard case .ended(.stopped, _, false) = narrow else {
            Issue.record("\(narrow)")
            return
        }
        #expect(transport.sent.count == 6)
        let wide = await own.run(order(source, [:], run: "run-0003") { $0.maxChanges = 100 })
        #expect(wide == .ended(.succeeded, message: "", canBeTakenUp: false))
        #expect(try await store.run("run-0002").limits.changes == 2)
    }

    @Test func aPlanIsKeptAndChangesNothing() async throws {
        #expect(await runner(host()).run(order(Self.unlock) { $0.planOnly = true }) == succeeded)
        #expect(!transport.sent.contains("users.unlock"))
        let plan = try await store.plan("run-0001")
        #expect(plan.id == "run-0001")
        #expect(plan.appliedBy == nil)
    }

    @Test func withoutAStoreNothingIsRun() async {
        let host = RunbookHost(transport: transport, machines: .inProcess)
        guard case .refused(let reason) = await runner(host).run(order(Self.unlock)) else {
            Issue.record("it was run")
            return
        }
        #expect(reason == "scheduled runs need a store, and this host keeps no journals")
        #expect(transport.sent.isEmpty)
    }

    @Test func whereThereIsNoTargetNothingIsRun() async {
        let runner = HostRunner(
            hosts: { _ throws(ScheduleFault) in throw ScheduleFault("there is no target 'lab'") },
            read: { _ throws(ScheduleFault) in throw ScheduleFault("unused") })
        #expect(await runner.run(order(Self.unlock)) == .refused("there is no target 'lab'"))
    }

    @Test func whoWantsToKnowOfTheEndIsToldFirst() async {
        let told = ProcessList()
        let runner = runner(host()) { _, outcome in told.insert(outcome.status == .succeeded ? 1 : 2) }
        _ = await runner.run(order(Self.unlock))
        #expect(told.contains(1))
    }

    // MARK: Following a file

    @Test func aFollowerRunsTheFileAsItIsNow() async throws {
        let file = Self.unlock.replacing("unlocked", with: "freed")
        #expect(await runner(host(), file: file).run(order(Self.unlock) { $0.follows = true }) == succeeded)
        #expect(try await store.run("run-0001").result == "freed 7")
    }

    @Test func aFollowerThatNeedsMoreThanWasAgreedToAsks() async {
        let file = Self.unlock.replacing("\"users:unlock\"", with: "\"users:unlock\", \"users:create\"")
        let result = await runner(host(), file: file).run(order(Self.unlock) { $0.follows = true })
        guard case .needsPerson(let reason) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(reason.contains("needs more than was agreed to: users:create"))
        #expect(transport.sent.isEmpty)
        await #expect(throws: StoreError.self) { _ = try await store.run("run-0001") }
    }

    @Test func aFollowedFileThatIsNoRunbookIsNotRun() async {
        let result = await runner(host(), file: "this is no Lua").run(order(Self.unlock) { $0.follows = true })
        guard case .refused(let reason) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(reason.contains("report.lua was changed, and cannot be run"))
    }

    // MARK: Taking up

    /// A transport whose call for the user 2 comes back when it is let go, and has reached nobody.
    private func hanging(_ reached: Signal, until released: Signal) -> PretendedTransport {
        PretendedTransport { call throws(APIError) in
            guard call.arguments["id"] == 2 else { return [:] }
            reached.ring()
            await released.wait()
            throw APIError(.network, operation: call.operation.name, message: "given up", delivery: .notSent)
        }
    }

    private static let two = """
        runbook { needs = { "users:unlock" } }
        users.unlock(1)
        users.unlock(2)
        """

    @Test func aRunThatWasLeftGoesOnWhereItStopped() async throws {
        let (reached, released) = (Signal(), Signal())
        let first = order(Self.two, [:])
        let transport = hanging(reached, until: released)
        async let result = runner(host(1, transport: transport)).run(first)
        await reached.wait()
        first.cancellation.cancel()
        released.ring()
        guard case .ended(.cancelled, _, _) = await result else {
            Issue.record("it was not ended")
            return
        }
        let second = order(Self.two, [:], takesUp: true)
        #expect(await runner(host(2)).run(second) == succeeded)
        // The first change is not made again.
        #expect(self.transport.sent == ["users.unlock"])
        #expect(try await store.run("run-0001").status == .succeeded)
    }

    @Test func aRunThatWasNotBegunIsBegun() async throws {
        #expect(await runner(host()).run(order(Self.unlock, takesUp: true)) == succeeded)
        #expect(transport.sent == ["users.unlock"])
    }

    @Test func aRunThatHasEndedIsNotRunAgain() async throws {
        let runner = runner(host())
        #expect(await runner.run(order(Self.unlock)) == succeeded)
        #expect(await runner.run(order(Self.unlock, takesUp: true)) == succeeded)
        #expect(transport.sent == ["users.unlock"])
        let failing = "runbook {} error('no luck')"
        _ = await runner.run(order(failing, [:], run: "run-0002"))
        guard
            case .ended(.failed, let message, false) = await runner.run(
                order(failing, [:], run: "run-0002", takesUp: true))
        else {
            Issue.record("it has not failed")
            return
        }
        #expect(message.contains("no luck"))
    }

    @Test func aRunThatAnotherCarriesIsLeftAlone() async throws {
        let (reached, released) = (Signal(), Signal())
        let first = order(Self.two, [:])
        async let result = runner(host(1, transport: hanging(reached, until: released), isAlive: { _ in true })).run(
            first)
        await reached.wait()
        #expect(
            await runner(host(2, isAlive: { _ in true })).run(order(Self.two, [:], takesUp: true)) == .carriedElsewhere)
        // Nor is it begun once more by one who does not know of it.
        #expect(await runner(host(2, isAlive: { _ in true })).run(order(Self.two, [:])) == .carriedElsewhere)
        first.cancellation.cancel()
        released.ring()
        _ = await result
        #expect(transport.sent.isEmpty)
    }

    @Test func aRunThatAnotherHasTakenOverIsLeftToIt() async throws {
        let (reached, released) = (Signal(), Signal())
        let first = order(Self.two, [:])
        async let result = runner(host(1, transport: hanging(reached, until: released))).run(first)
        await reached.wait()
        // The second one takes the first for dead.
        #expect(await runner(host(2)).run(order(Self.two, [:], takesUp: true)) == succeeded)
        first.cancellation.cancel()
        released.ring()
        #expect(await result == .carriedElsewhere)
        #expect(try await store.run("run-0001").status == .succeeded)
    }

    @Test func aPlanThatWasCutShortIsMadeAnew() async throws {
        let (reached, released) = (Signal(), Signal())
        let source = """
            runbook { needs = { "users:read" } }
            users.get(2)
            """
        let first = order(source, [:]) { $0.planOnly = true }
        async let result = runner(host(1, transport: hanging(reached, until: released))).run(first)
        await reached.wait()
        first.cancellation.cancel()
        released.ring()
        guard case .ended(.cancelled, _, _) = await result else {
            Issue.record("it was not ended")
            return
        }
        #expect(await runner(host(2)).run(order(source, [:], takesUp: true) { $0.planOnly = true }) == .beginAnew)
    }

    @Test func aPlanThatWasMadeAndNotKeptIsMadeAnew() async throws {
        let runner = runner(host())
        // Made by one who was killed before it kept the plan.
        var options = RunOptions(parameters: ["id": .value(7)])
        options.id = "run-0001"
        options.mode = .plan
        _ = await host().start(Runbook(name: "report.lua", source: Self.unlock), options: options).outcome
        #expect(await runner.run(order(Self.unlock, takesUp: true) { $0.planOnly = true }) == .beginAnew)
        #expect(await runner.run(order(Self.unlock, run: "run-0002") { $0.planOnly = true }) == succeeded)
        #expect(
            await runner.run(order(Self.unlock, run: "run-0002", takesUp: true) { $0.planOnly = true }) == succeeded)
    }

    @Test func aRunIsNotTakenUpAtAnotherAddress() async throws {
        let (reached, released) = (Signal(), Signal())
        let first = order(Self.two, [:])
        async let result = runner(host(1, transport: hanging(reached, until: released))).run(first)
        await reached.wait()
        first.cancellation.cancel()
        released.ring()
        _ = await result
        let second = await runner(host(2), target: ["name": "other"]).run(order(Self.two, [:], takesUp: true))
        guard case .needsPerson(let reason) = second else {
            Issue.record("\(second)")
            return
        }
        #expect(reason.contains("run-0001"))
        #expect(transport.sent.isEmpty)
    }

    @Test func whatIsCancelledBeforeItBeginsChangesNothing() async {
        let order = order(Self.unlock)
        order.cancellation.cancel()
        guard case .ended(.cancelled, _, _) = await runner(host()).run(order) else {
            Issue.record("it was run")
            return
        }
        #expect(transport.sent.isEmpty)
    }

    // MARK: With the scheduler

    @Test func aScheduleRunsFromItsTimeToItsEnd() async throws {
        let clock = ManualClock(noon)
        let memory = InMemoryScheduleStore(runs: store)
        let book = ScheduleBook(store: memory, zones: sharedZones, clock: clock)
        _ = try await book.add(order(Self.unlock).schedule, actor: "ada")
        let station = Station(1, memory, clock, runner: runner(host()))
        clock.advance(by: 10 * minute)
        let run = Task { await station.scheduler.run() }
        while try await memory.counts()[.ran] == nil { await Task.yield() }
        await station.scheduler.leave()
        await run.value
        let slot = try #require(await memory.slots(of: "id-report", before: nil, states: [], limit: 1).first)
        #expect(slot.outcome == .succeeded)
        #expect(try await store.run(try #require(slot.runs.last)).result == "unlocked 7")
    }
}
