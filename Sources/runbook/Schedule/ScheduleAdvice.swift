import RunbookHost
import RunbookSchedule

/// What a person can do next about a schedule.
struct ScheduleAdvice: Sendable, Hashable {
    /// Why, a sentence.
    let reason: String
    /// What to type.
    let command: String

    /// Everything that is worth doing, the most pressing first.
    ///
    /// - Parameters:
    ///   - slots: the latest first.
    ///   - hasDaemon: whether somebody is there to run it.
    ///   - plan: the plan that the last run has made and that changes something, if it made one.
    static func all(
        for entry: ScheduleEntry, slots: [Slot], hasDaemon: Bool, plan: String?, now: Int64
    ) -> [ScheduleAdvice] {
        let schedule = entry.schedule
        guard schedule.phase != .removed else { return [] }
        var advice: [ScheduleAdvice] = []
        if schedule.phase == .paused {
            advice.append(paused(schedule))
            if let run = begun(slots) {
                advice.append(
                    ScheduleAdvice(
                        reason: "Its last run was begun and not ended: once it is signed, go on with it.",
                        command: "runbook resume \(run)"))
            }
        } else if !hasDaemon {
            advice.append(
                ScheduleAdvice(reason: "No daemon is running, so nothing is run.", command: "runbook serve"))
        }
        if let plan {
            advice.append(
                ScheduleAdvice(
                    reason: "The last run has made a plan: read it, and apply it if it is right.",
                    command: "runbook apply \(plan)"))
        }
        // What runs just now has not failed yet.
        let tried = slots.first { $0.state != .running && ($0.state == .ran || $0.attempts > 0) }
        guard let tried, schedule.isFailing || tried.state == .waiting else { return advice }
        if tried.state == .skipped {
            return advice + [
                ScheduleAdvice(
                    reason: "The last slot could not be run: mend what is said there, then try it.",
                    command: "runbook schedule run \(schedule.name)")
            ]
        }
        guard let run = tried.runs.last else { return advice }
        if tried.state == .waiting {
            return advice + [
                ScheduleAdvice(
                    reason: "The last run has failed, and it is tried again: see why.",
                    command: "runbook show \(run) --calls")
            ]
        }
        switch tried.outcome {
        case .succeeded, .running, nil: break
        case .needsDecision:
            advice.append(
                ScheduleAdvice(
                    reason: "The last run waits for you: nobody knows what became of a call.",
                    command: "runbook show \(run)"))
        case .stopped, .cancelled:
            advice.append(
                ScheduleAdvice(
                    reason: "The last run was stopped before its end: see why.", command: "runbook show \(run) --calls")
            )
        case .failed, .diverged:
            advice.append(
                ScheduleAdvice(reason: "The last run has failed: see why.", command: "runbook show \(run) --calls"))
        }
        return advice
    }

    /// The run of the last slot, if it waits for a signature of what it has begun with.
    private static func begun(_ slots: [Slot]) -> String? {
        guard let slot = slots.first(where: { $0.outcome == .stopped && $0.attempts > 0 }), let run = slot.runs.last,
            slot.reason.firstPlace(of: "signatures.require") != nil,
            slot.reason.firstPlace(of: "'runbook resume \(run)'") != nil
        else { return nil }
        return run
    }

    /// What lets a paused schedule run again.
    private static func paused(_ schedule: Schedule) -> ScheduleAdvice {
        if schedule.pauseReason.firstPlace(of: "signatures.require") != nil {
            let take =
                schedule.follows
                ? "" : ", take the signed file with 'runbook schedule edit \(schedule.name) --repin'"
            return ScheduleAdvice(
                reason:
                    "The runbook is not signed as the policy demands: look at it and sign it\(take), and resume the schedule.",
                command: "runbook sign \(schedule.runbook.shellWord)")
        }
        if schedule.follows, schedule.pauseReason.firstPlace(of: "--approve") != nil {
            return ScheduleAdvice(
                reason: "The runbook needs more than was agreed to: look at it, then agree, and it runs again.",
                command: "runbook schedule resume \(schedule.name) --approve")
        }
        return ScheduleAdvice(
            reason: "It is paused: its slots are skipped until it is resumed.",
            command: "runbook schedule resume \(schedule.name)")
    }
}
