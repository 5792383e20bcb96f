import RunbookSchedule

/// How a schedule stands.
struct ScheduleState: Sendable, Hashable {
    /// The one word for it.
    enum Kind: String, Sendable, Hashable {
        case active, paused, ended, removed
    }

    let kind: Kind
    /// Whether the last slot that ran did not end well.
    let isFailing: Bool
    /// How many of its slots are under way.
    let running: Int
    /// Why it is paused.
    let reason: String

    init(_ entry: ScheduleEntry) {
        let schedule = entry.schedule
        isFailing = schedule.isFailing
        running = entry.open.count { $0.state == .running }
        reason = schedule.pauseReason
        kind =
            switch schedule.phase {
            case .removed: .removed
            case .paused: .paused
            case .active: schedule.next == nil && entry.open.isEmpty ? .ended : .active
            }
    }

    /// Such as `active`, `failing, running`, `paused: holidays`.
    var text: String {
        var words: [String] = []
        if kind != .active { words.append(kind.rawValue) }
        if isFailing, kind != .removed { words.append("failing") }
        if running > 0 { words.append("running") }
        let text = words.isEmpty ? kind.rawValue : words.joined(separator: ", ")
        return kind == .paused && !reason.isEmpty ? "\(text): \(reason.shown)" : text
    }

    var color: Terminal.Color? {
        switch kind {
        case .removed, .ended: .dim
        case .paused: .yellow
        case .active: isFailing ? .red : .green
        }
    }
}
