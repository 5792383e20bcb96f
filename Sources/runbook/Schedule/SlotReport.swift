import CommandSupport
import Operations
import RunbookHost
import RunbookSchedule

/// Shows what became of a slot that somebody waits for: the result on stdout, everything else on stderr.
struct SlotReport {
    let schedule: Schedule
    let zone: TimeZoneRules
    let options: GlobalOptions
    let desk: ScheduleDesk

    /// A slot that nobody waits for.
    ///
    /// - Parameter planned: its planned time, milliseconds since 1970.
    func planned(_ planned: Int64) async throws(CommandError) {
        if options.json {
            let said: JSONValue = ["schedule": .string(schedule.name), "planned": .integer(planned)]
            StandardStream.output.write(said.text + "\n")
        } else {
            StandardStream.output.write(
                "\(schedule.name) is to be run now: 'runbook schedule show \(schedule.name)' tells what became of it\n")
        }
    }

    /// A slot that has its fate; ends the command if that is not a good one.
    func ended(_ slot: Slot) async throws {
        var record: RunRecord?
        if let run = slot.runs.last, slot.state == .ran { record = try? await desk.state.run(run) }
        if options.json {
            var members: [String: JSONValue] = [
                "schedule": .string(schedule.name),
                "slot": SlotText(slot: slot, zone: zone, now: desk.book.now).json,
            ]
            if let record { members["run"] = record.summary(RunStanding(record, isAlive: desk.state.isAlive)) }
            StandardStream.output.write(JSONValue.object(members).text + "\n")
        } else if let record, record.status == .succeeded, !record.result.isNull {
            StandardStream.output.write(RunReport.text(of: record.result) + "\n")
        }
        let status = Self.exitStatus(slot, record)
        if !slot.reason.isEmpty, status != .success {
            desk.terminal.write(line: desk.terminal.colored("runbook: ", .red) + reason(slot, record).shown)
        }
        desk.terminal.write(line: summary(slot, record))
        if let record, status == .success, let plan = Self.plan(of: record) {
            desk.terminal.write(line: "Apply it with: runbook apply \(plan.shown)")
        }
        if let run = record?.id, status != .success {
            desk.terminal.write(line: "What it has done: runbook show \(run.shown) --calls")
        }
        if status != .success { throw status.exitCode }
    }

    private func reason(_ slot: Slot, _ record: RunRecord?) -> String {
        let place = record?.error["where"]?.stringValue ?? ""
        return place.isEmpty || slot.reason.hasPrefix(place) ? slot.reason : "\(place): \(slot.reason)"
    }

    private func summary(_ slot: Slot, _ record: RunRecord?) -> String {
        let isGood = slot.state == .ran && slot.outcome == .succeeded
        let mark = isGood ? desk.terminal.colored("✓", .green) : desk.terminal.colored("✗", .red)
        let words = SlotText(slot: slot, zone: zone, now: desk.book.now).state
        guard let record else { return "\(mark) \(schedule.name) \(words)" }
        let changes = record.changes.isEmpty ? "0 changes" : "changes: \(Wording.changes(record.changes))"
        return "\(mark) \(schedule.name) \(words): \(Wording.count(record.calls, "call")), \(changes) in "
            + "\(Wording.span(record.duration)) (run \(record.id.shown))"
    }

    /// The plan that a run has made, if it lists a change: it has the run's id.
    static func plan(of record: RunRecord) -> String? {
        record.mode == .plan && record.status == .succeeded && record.changes["planned", default: 0] > 0
            ? record.id : nil
    }

    /// The exit code that tells what became of it, as `runbook run` has it.
    static func exitStatus(_ slot: Slot, _ record: RunRecord?) -> ExitStatus {
        guard slot.state == .ran, let outcome = slot.outcome else { return .failed }
        return switch outcome {
        case .succeeded, .running: .success
        case .failed: record?.error["kind"]?.stringValue == "parameters" ? .usage : .failed
        case .stopped: .stopped
        case .cancelled: .interrupted
        case .needsDecision: .needsDecision
        case .diverged: .diverged
        }
    }
}
