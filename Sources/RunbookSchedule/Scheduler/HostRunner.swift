internal import Operations
public import RunbookHost
internal import Synchronization

/// Carries the runs of slots with a `RunbookHost`: through the same gate and journal as a run by hand.
public struct HostRunner: SlotRunner {
    private let hosts: @Sendable (_ target: String?) async throws(ScheduleFault) -> ScheduledHost
    private let read: @Sendable (_ path: String) async throws(ScheduleFault) -> Runbook
    private let ended: @Sendable (SlotOrder, RunOutcome) async -> Void

    /// A runner.
    ///
    /// - Parameters:
    ///   - hosts: gives the host for a named target, or for that which the configuration chooses.
    ///   - read: reads the file of a schedule that follows it.
    ///   - ended: is told of each run's end before its slot gets its fate. Default: nobody is.
    public init(
        hosts: @escaping @Sendable (_ target: String?) async throws(ScheduleFault) -> ScheduledHost,
        read: @escaping @Sendable (_ path: String) async throws(ScheduleFault) -> Runbook,
        ended: @escaping @Sendable (SlotOrder, RunOutcome) async -> Void = { _, _ in }
    ) {
        self.hosts = hosts
        self.read = read
        self.ended = ended
    }

    /// See ``SlotRunner/run(_:)``.
    public func run(_ order: SlotOrder) async -> SlotResult {
        let place: ScheduledHost
        switch await host(for: order) {
        case .success(let host)?: place = host
        case .failure(let fault)?: return .refused(fault.description)
        case nil: return .ended(.cancelled, message: "it was ended before it began", canBeTakenUp: true)
        }
        guard let journaling = place.host.journaling else {
            return .refused("scheduled runs need a store, and this host keeps no journals")
        }
        do throws(StoreError) {
            if order.takesUp { return try await takeUp(order, place, journaling) }
            return await begin(order, place, journaling)
        } catch { return Self.lost(error) }
    }

    /// What an order's run is made with; `nil` if the order is cancelled first: a password manager may be waiting for somebody,
    /// and nobody is to wait for that.
    private func host(for order: SlotOrder) async -> Result<ScheduledHost, ScheduleFault>? {
        await withCheckedContinuation { continuation in
            let answer = FirstAnswer(continuation)
            order.cancellation.onCancel { answer.give(nil) }
            Task {
                do throws(ScheduleFault) {
                    answer.give(.success(try await hosts(order.schedule.target)))
                } catch { answer.give(.failure(error)) }
            }
        }
    }

    // MARK: Beginning

    private func begin(_ order: SlotOrder, _ place: ScheduledHost, _ journaling: Journaling) async -> SlotResult {
        let schedule = order.schedule
        let source: ScheduledSource
        do throws(Sealer.OpenError) { source = try ScheduledSource(of: schedule, sealer: journaling.sealer) } catch {
            return .refused(error.description)
        }
        var runbook = source.runbook(named: schedule.runbook)
        if schedule.follows {
            do throws(ScheduleFault) { runbook = try await read(schedule.runbook) } catch {
                return .refused(error.description)
            }
            // What is not signed is not even looked at.
            if runbook.sha256 != schedule.sha256, unsigned(runbook, schedule, place.host) == nil,
                let refusal = await refusal(of: runbook, schedule, place.host)
            {
                return refusal
            }
        }
        var options = RunOptions(parameters: source.parameters, limits: Self.limits(place.limits, schedule))
        options.id = order.run
        options.mode = schedule.planOnly ? .plan : .run
        options.actor = order.slot.actor ?? schedule.actor
        options.origin = "schedule:\(schedule.name)"
        options.target = place.target
        options.secret = place.secret
        options.file = place.file
        let result = await carry(place.host.start(runbook, options: options), order, place.host)
        // The host has refused it for the same reason, and recorded that.
        if case .ended(.stopped, _, _) = result, let refusal = unsigned(runbook, schedule, place.host) {
            return .denied(refusal)
        }
        return result
    }

    /// Why a runbook is not run for want of a signature, and what to do; `nil` if it is.
    private func unsigned(_ runbook: Runbook, _ schedule: Schedule, _ host: RunbookHost) -> String? {
        host.policy.signatures.refusal(of: runbook, isScheduled: true)
            .map { Self.unsigned($0, schedule) }
    }

    /// - Parameter run: what was begun and has no end yet. Default: nothing was begun.
    private static func unsigned(_ refusal: String, _ schedule: Schedule, run: String? = nil) -> String {
        var steps: [String] = []
        if !schedule.follows {
            steps.append("take the signed file with 'runbook schedule edit \(schedule.name) --repin'")
        }
        if let run { steps.append("bring what was begun to its end with 'runbook resume \(run)'") }
        let first = steps.isEmpty ? "" : steps.joined(separator: ", ") + ", and "
        return "\(refusal). Then \(first)let it run again with 'runbook schedule resume \(schedule.name)'"
    }

    /// Why a file that was changed since is not run; `nil` if it asks for no more than was agreed to.
    private func refusal(of runbook: Runbook, _ schedule: Schedule, _ host: RunbookHost) async -> SlotResult? {
        let manifest: Manifest
        do throws(RunError) { manifest = try await host.manifest(of: runbook) } catch {
            return .refused("\(schedule.runbook) was changed, and cannot be run: \(error.message)")
        }
        let more = Set(manifest.needs).subtracting(schedule.capabilities).map(\.rawValue).sorted()
        guard !more.isEmpty else { return nil }
        return .needsPerson(
            "\(schedule.runbook) was changed and needs more than was agreed to: \(more.joined(separator: ", ")). Look at it, "
                + "then 'runbook schedule resume \(schedule.name) --approve', or remove the schedule")
    }

    private static func limits(_ limits: RunLimits, _ schedule: Schedule) -> RunLimits {
        var limits = limits
        if let time = schedule.timeLimit { limits.time = .milliseconds(time) }
        if let changes = schedule.maxChanges { limits.changes = changes }
        return limits
    }

    // MARK: Taking up

    private func takeUp(
        _ order: SlotOrder, _ place: ScheduledHost, _ journaling: Journaling
    ) async throws(StoreError) -> SlotResult {
        let store = journaling.store
        let record: RunRecord
        do throws(StoreError) { record = try await store.run(order.run) } catch {
            // Whoever wrote that it would begin the run did not come to it.
            guard case .unknown = error else { throw error }
            return await begin(order, place, journaling)
        }
        guard record.mode != .plan else { return try await remake(record, store) }
        guard [.running, .cancelled].contains(record.status) || record.status == .failed && record.canBeResumed else {
            return Self.result(of: record)
        }
        guard record.target == place.target else {
            return .needsPerson(
                "the run \(record.id) was begun at another address than the target has now: resume it by hand with the "
                    + "configuration as it was, or start anew")
        }
        var options = RunOptions()
        options.secret = place.secret
        options.file = place.file
        let source = await signedSince(record, order.schedule, journaling)
        do throws(ResumeError) {
            let run = try await place.host.resume(record.id, source: source, options: options)
            return await carry(run, order, place.host)
        } catch {
            switch error {
            case .store(let error): return Self.lost(error)
            case .denied(let error): return .denied(Self.unsigned(error.message, order.schedule, run: record.id))
            case .undecided(let error): return .ended(.needsDecision, message: error.message, canBeTakenUp: false)
            case .diverged(let message): return .ended(.diverged, message: message, canBeTakenUp: false)
            case .refused(let reason):
                // Somebody may have brought it to its end since it was read.
                let record = try await store.run(order.run)
                guard record.status != .succeeded else { return Self.result(of: record) }
                return .ended(.failed, message: reason, canBeTakenUp: false)
            }
        }
    }

    /// What the schedule runs now, if that is what the run began with: it may have been signed since. `nil` if it is not.
    private func signedSince(_ record: RunRecord, _ schedule: Schedule, _ journaling: Journaling) async -> Runbook? {
        let runbook: Runbook?
        if schedule.follows {
            runbook = try? await read(schedule.runbook)
        } else {
            runbook = (try? ScheduledSource(of: schedule, sealer: journaling.sealer))?.runbook(named: schedule.runbook)
        }
        return runbook?.sha256 == record.sha256 ? runbook : nil
    }

    /// A plan cannot be gone on with, but made anew: nothing was changed by it.
    private func remake(_ record: RunRecord, _ store: any RunStore) async throws(StoreError) -> SlotResult {
        guard ![.running, .cancelled].contains(record.status) else { return .beginAnew }
        guard record.status == .succeeded else { return Self.result(of: record) }
        do throws(StoreError) { _ = try await store.plan(record.id) } catch {
            // Whoever made it did not come to keep it.
            guard case .unknown = error else { throw error }
            return .beginAnew
        }
        return Self.result(of: record)
    }

    private static func result(of record: RunRecord) -> SlotResult {
        .ended(record.status, message: record.error["message"]?.stringValue ?? "", canBeTakenUp: false)
    }

    private static func lost(_ error: StoreError) -> SlotResult {
        if case .owned = error { return .carriedElsewhere }
        return .ended(.failed, message: error.description, canBeTakenUp: true)
    }

    // MARK: Carrying

    private func carry(_ run: Run, _ order: SlotOrder, _ host: RunbookHost) async -> SlotResult {
        order.cancellation.onCancel { run.cancel() }
        let outcome = await run.outcome
        await ended(order, outcome)
        if outcome.status == .succeeded, let plan = outcome.plan {
            do throws(StoreError) { try await host.keep(plan, actor: order.slot.actor ?? order.schedule.actor) } catch {
                return .ended(.failed, message: error.description, canBeTakenUp: false)
            }
        }
        // Somebody else has begun or taken up the run of this id.
        if outcome.error?.kind == "store", await isElsewhere(outcome.id, host) { return .carriedElsewhere }
        return .ended(
            outcome.status, message: outcome.error?.message ?? "",
            canBeTakenUp: outcome.status == .failed && (outcome.isResumable || outcome.error?.kind == "store"))
    }

    private func isElsewhere(_ run: String, _ host: RunbookHost) async -> Bool {
        guard let journaling = host.journaling, let record = try? await journaling.store.run(run) else { return false }
        return record.owner != journaling.owner
    }
}

/// Continues with whichever answer comes first.
private final class FirstAnswer<Value: Sendable>: Sendable {
    private let waiting: Mutex<CheckedContinuation<Value, Never>?>

    init(_ continuation: CheckedContinuation<Value, Never>) { waiting = Mutex(continuation) }

    func give(_ value: Value) { waiting.withLock { $0.take() }?.resume(returning: value) }
}
