import Operations
import RunbookHost
import RunbookSchedule

/// A slot as people read it.
struct SlotText {
    let slot: Slot
    let zone: TimeZoneRules
    /// Milliseconds since 1970.
    let now: Int64

    /// How it stands, or what became of it: `succeeded`, `missed`, `waits until …`.
    var state: String {
        switch slot.state {
        case .ran: slot.outcome.map(Wording.status) ?? "ran"
        case .skipped, .missed, .running: slot.state.rawValue
        case .interrupted: "interrupted, to be taken up"
        case .waiting where slot.due == Slot.held: "waits for the one before"
        case .waiting where slot.attempts > 0: "failed, tried again \(Moment.relative(slot.due, now: now))"
        case .waiting: slot.due <= now ? "waits" : "waits, starts \(Moment.relative(slot.due, now: now))"
        }
    }

    var color: Terminal.Color? {
        switch slot.state {
        case .ran: slot.outcome.flatMap { RunsTable.color($0) }
        case .missed: .red
        case .skipped, .interrupted: .yellow
        case .waiting: slot.attempts > 0 ? .yellow : nil
        case .running: nil
        }
    }

    /// What planned it, if not its trigger in time.
    var origin: String {
        switch slot.origin {
        case .schedule: ""
        case .catchUp: "caught up"
        case .person: "by hand"
        }
    }

    /// How much later than planned it was started; empty if it was not, or was planned for at once.
    var lateness: String {
        guard let late = Self.lateness(of: slot), slot.origin != .person else { return "" }
        return Wording.span(late)
    }

    /// When it was planned, on the zone's clocks.
    var planned: String { Moment.local(slot.planned, in: zone) }

    /// `{"planned","utc","local","state",…}`, moments in milliseconds since 1970.
    var json: JSONValue {
        let seconds = slot.planned / 1_000
        var members: [String: JSONValue] = [
            "planned": .integer(slot.planned), "utc": .string(InstantText.utc(seconds)),
            "local": .string(InstantText.local(seconds, in: zone)), "state": .string(slot.state.rawValue),
            "origin": .string(slot.origin.rawValue), "attempts": .integer(Int64(slot.attempts)),
            "runs": .array(slot.runs.map { .string($0) }),
        ]
        if let run = slot.runs.last { members["run"] = .string(run) }
        if let outcome = slot.outcome { members["outcome"] = .string(outcome.rawValue) }
        if !slot.reason.isEmpty { members["reason"] = .string(slot.reason) }
        if let started = slot.started { members["started"] = .integer(started) }
        if let ended = slot.ended { members["ended"] = .integer(ended) }
        if let late = Self.lateness(of: slot) { members["late_ms"] = .integer(late) }
        if !slot.state.isEnd, slot.due != Slot.held { members["due"] = .integer(slot.due) }
        return .object(members)
    }

    private static func lateness(of slot: Slot) -> Int64? { slot.started.map { max(0, $0 - slot.planned) } }
}
