import Operations
import RunbookHost
import Testing

@testable import RunbookSchedule

/// The firings of schedules, where what they run must be signed.
@Suite("Schedules of signed runbooks", .timeLimit(.minutes(1)))
struct SignedScheduleTests {
    private static let key = RunbookSigningKey()
    private static let source = "runbook { needs = { 'users:unlock' } } users.unlock(7)"

    private let store = InMemoryStore()
    private let transport = PretendedTransport()
    private let sealer: Sealer

    init() throws { sealer = try #require(Sealer(key: Array(repeating: 7, count: 32))) }

    private func host(_ keys: [RunbookSigningKey] = [key], _ process: Int32 = 1) -> RunbookHost {
        RunbookHost(
            transport: transport, machines: .inProcess,
            policy: Policy(
                signatures: SignaturePolicy(keys: keys.map { ListedKey($0.publicKey) }, requirement: .scheduled)),
            journaling: Journaling(store: store, sealer: sealer, owner: .sample(process), isAlive: { _ in false }))
    }

    private func runner(_ host: RunbookHost, file: Runbook? = nil) -> HostRunner {
        HostRunner(
            hosts: { _ throws(ScheduleFault) in ScheduledHost(host, target: ["name": "lab"]) },
            read: { path throws(ScheduleFault) in
                guard let file else { throw ScheduleFault("\(path) is not there") }
                return Runbook(name: path, source: file.source, signature: file.signature)
            })
    }

    private func signed(_ source: String = source) throws -> Runbook {
        let runbook = Runbook(name: "report.lua", source: source)
        let signature = try Self.key.sign(runbook, signed: "2026-11-22T03:12:45Z", by: "ada")
        return Runbook(name: runbook.name, source: runbook.source, signature: signature.text)
    }

    private func order(
        _ runbook: Runbook, run: String = "run-0001", takesUp: Bool = false,
        _ change: (inout Schedule) -> Void = { _ in }
    ) -> SlotOrder {
        var schedule = Schedule.sample {
            $0.sha256 = runbook.sha256
            $0.capabilities = ["users:unlock"]
            change(&$0)
        }
        schedule.sealed = ScheduledSource(source: runbook.source, signature: runbook.signature, parameters: [:])
            .sealed(by: sealer, for: schedule.id)
        return SlotOrder(
            schedule: schedule, slot: Slot(schedule: schedule.id, planned: noon, due: noon), run: run,
            takesUp: takesUp, cancellation: SlotCancellation(), lateness: 0)
    }

    private func expectDenied(
        _ result: SlotResult, saying parts: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        guard case .denied(let reason) = result else {
            Issue.record("\(result)", sourceLocation: sourceLocation)
            return
        }
        for part in parts { #expect(reason.contains(part), "\(reason)", sourceLocation: sourceLocation) }
    }

    @Test func aScheduleKeepsTheSignatureOfItsSource() async throws {
        #expect(
            await runner(host()).run(order(try signed())) == .ended(.succeeded, message: "", canBeTakenUp: false))
        #expect(transport.sent == ["users.unlock"])
        #expect(try await store.run("run-0001").signedBy == Self.key.publicKey.fingerprint)
    }

    @Test func whatIsNotSignedIsDeniedAtItsFiringAndThatIsRecorded() async throws {
        let result = await runner(host()).run(order(Runbook(name: "report.lua", source: Self.source)))
        expectDenied(
            result, saying: "no signature beside it", "'runbook sign report.lua'",
            "'runbook schedule edit report --repin'", "'runbook schedule resume report'")
        #expect(transport.sent.isEmpty)
        let record = try await store.run("run-0001")
        #expect(record.status == .stopped && record.error["kind"] == "denied")
        #expect(try await store.auditLines(after: 0, limit: 10).count == 2)
    }

    @Test func aKeyThatIsTakenOffTheListStopsItsSchedules() async throws {
        let order = try order(try signed())
        expectDenied(await runner(host([])).run(order), saying: "No key is listed")
        let other = try self.order(try signed(), run: "run-0002")
        expectDenied(
            await runner(host([RunbookSigningKey()])).run(other), saying: "signed with a key that is not listed here")
        #expect(transport.sent.isEmpty)
    }

    @Test func aPlanIsNotMadeOfItEither() async throws {
        let order = order(Runbook(name: "report.lua", source: Self.source)) { $0.planOnly = true }
        expectDenied(await runner(host()).run(order), saying: "is not run")
        await #expect(throws: StoreError.self) { _ = try await store.plan("run-0001") }
    }

    @Test func aFollowedFileMustBeSignedAsItIsNow() async throws {
        let before = try signed(), after = try signed(Self.source + " users.unlock(8)")
        func run(_ file: Runbook, _ id: String) async -> SlotResult {
            await runner(host(), file: file).run(order(before, run: id) { $0.follows = true })
        }
        #expect(await run(after, "run-0001") == .ended(.succeeded, message: "", canBeTakenUp: false))
        #expect(transport.sent.count == 2)
        let forged = Runbook(name: "report.lua", source: after.source, signature: before.signature)
        let denied = await run(forged, "run-0002")
        expectDenied(denied, saying: "changed after it was signed", "'runbook schedule resume report'")
        let refusal = host().policy.signatures.refusal(of: forged, isScheduled: true) ?? ""
        #expect(denied == .denied("\(refusal). Then let it run again with 'runbook schedule resume report'"))
        // What needs more is not looked at before it is signed.
        let more = Runbook(name: "report.lua", source: "runbook { needs = { 'users:delete' } } users.delete(7)")
        expectDenied(await run(more, "run-0003"), saying: "no signature beside it")
        #expect(transport.sent.count == 2)
    }

    /// Begins a run that is cut short at its first request, with nothing sent.
    private func cutShort(_ order: SlotOrder) async {
        let (reached, released) = (Signal(), Signal())
        let hanging = PretendedTransport { _ throws(APIError) in
            reached.ring()
            await released.wait()
            throw APIError(.network, operation: "users.unlock", message: "gone", delivery: .notSent)
        }
        var first = RunbookHost(
            transport: hanging, machines: .inProcess,
            journaling: Journaling(store: store, sealer: sealer, owner: .sample(1), isAlive: { _ in false }))
        first.policy = Policy()
        async let begun = runner(first).run(order)
        await reached.wait()
        order.cancellation.cancel()
        released.ring()
        _ = await begun
    }

    private let unsigned = Runbook(name: "report.lua", source: Self.source)

    @Test func whatIsTakenUpMustBeSignedToo() async throws {
        await cutShort(order(unsigned))
        let result = await runner(host([Self.key], 2)).run(order(unsigned, takesUp: true))
        let refusal = host().policy.signatures.refusal(of: unsigned, isScheduled: true) ?? ""
        #expect(
            result
                == .denied(
                    "\(refusal). Then take the signed file with 'runbook schedule edit report --repin', bring what was begun to "
                        + "its end with 'runbook resume run-0001', and let it run again with 'runbook schedule resume report'"
                ))
        #expect(transport.sent.isEmpty)
        #expect(try await store.run("run-0001").status == .cancelled)
    }

    @Test(arguments: [false, true])
    func whatIsTakenUpMayHaveBeenSignedSince(_ follows: Bool) async throws {
        await cutShort(order(unsigned))
        let signed = try signed()
        let order = order(follows ? unsigned : signed, takesUp: true) { $0.follows = follows }
        let result = await runner(host([Self.key], 2), file: follows ? signed : nil).run(order)
        #expect(result == .ended(.succeeded, message: "", canBeTakenUp: false))
        #expect(transport.sent == ["users.unlock"])
        #expect(try await store.run("run-0001").signedBy == Self.key.publicKey.fingerprint)
    }

    @Test func whatIsTakenUpGoesOnAsItBeganWhateverTheScheduleRunsNow() async throws {
        await cutShort(order(unsigned))
        let other = try signed(Self.source + " users.unlock(8)")
        expectDenied(
            await runner(host([Self.key], 2)).run(order(other, takesUp: true)), saying: "no signature beside it")
        #expect(transport.sent.isEmpty)
    }
}
