import Operations
import RunbookHost
import RunbookSchedule

/// All that is set about a schedule, as people read it.
struct ScheduleFacts {
    /// One of it.
    struct Fact: Sendable, Hashable {
        let name: String
        let text: String
        /// Whether it is as it would be if nobody had said anything.
        var isStandard = false
    }

    let all: [Fact]

    /// - Parameter zones: to show times on the clocks of the schedule's zone.
    init(_ schedule: Schedule, zones: TimeZoneCatalogue) {
        let zone = (try? zones.zone(named: schedule.zone)) ?? .utc
        func moment(_ unixMilliseconds: Int64?) -> String? { unixMilliseconds.map { Moment.local($0, in: zone) } }
        func span(_ milliseconds: Int64) -> String { Duration.milliseconds(milliseconds).readable }
        var facts = [
            Fact(
                name: "runbook",
                text: "\(schedule.runbook.shown) (sha256 \(schedule.sha256.prefix(12)))"
                    + (schedule.follows ? ", read anew for each run" : ", pinned"))
        ]
        for (name, value) in schedule.parameters.sorted(by: { $0.key < $1.key }) {
            facts.append(Fact(name: "param \(name.shown)", text: Wording.value(value).shown))
        }
        facts.append(
            Fact(
                name: "needs", text: schedule.capabilities.map(\.rawValue.shown).joined(separator: ", "),
                isStandard: schedule.capabilities.isEmpty))
        facts.append(
            Fact(
                name: "target", text: schedule.target?.shown ?? "as configured", isStandard: schedule.target == nil))
        let trigger = try? Trigger(schedule.trigger, zone: zone)
        facts.append(
            Fact(
                name: "when",
                text: trigger.map { TriggerWords(trigger: $0, zone: zone).full } ?? schedule.trigger.shown))
        facts.append(Fact(name: "zone", text: schedule.zone.shown))
        facts.append(
            Fact(
                name: "starting", text: moment(schedule.starting) ?? "at once", isStandard: schedule.starting == nil))
        facts.append(
            Fact(name: "until", text: moment(schedule.until) ?? "for ever", isStandard: schedule.until == nil))
        facts.append(
            Fact(
                name: "jitter", text: schedule.jitter == 0 ? "none" : "up to \(span(schedule.jitter))",
                isStandard: schedule.jitter == 0))
        facts.append(
            Fact(
                name: "catch-up", text: Self.words(schedule.catchUp), isStandard: schedule.catchUp == CatchUp()))
        facts.append(
            Fact(name: "overlap", text: Self.words(schedule.overlap), isStandard: schedule.overlap == .skip))
        let retry = schedule.retry
        facts.append(
            Fact(
                name: "retry",
                text: retry.count == 0
                    ? "never" : "\(Wording.count(retry.count, "time")), \(span(retry.delay)) after each failure",
                isStandard: retry.count == 0))
        facts.append(
            Fact(
                name: "time limit", text: schedule.timeLimit.map(span) ?? "as configured",
                isStandard: schedule.timeLimit == nil))
        facts.append(
            Fact(
                name: "changes", text: schedule.maxChanges.map { "at most \($0)" } ?? "as configured",
                isStandard: schedule.maxChanges == nil))
        facts.append(
            Fact(
                name: "mode", text: schedule.planOnly ? "plan only: nothing is changed" : "run",
                isStandard: !schedule.planOnly))
        facts.append(
            Fact(
                name: "notify",
                text: schedule.hooks.isEmpty ? "nobody" : schedule.hooks.map(Self.words).joined(separator: "; "),
                isStandard: schedule.hooks.isEmpty))
        all = facts
    }

    /// What is otherwise in another schedule: `(name, before, after)`.
    func differences(to after: ScheduleFacts) -> [(name: String, before: String, after: String)] {
        var names = all.map(\.name)
        names += after.all.map(\.name).filter { !names.contains($0) }
        return names.compactMap { name in
            let old = all.first { $0.name == name }?.text ?? "", new = after.all.first { $0.name == name }?.text ?? ""
            return old == new ? nil : (name, old.isEmpty ? "–" : old, new.isEmpty ? "–" : new)
        }
    }

    /// Names and texts in two columns.
    static func lines(_ facts: [(name: String, text: String)], _ style: ScreenStyle, indent: String = "") -> [String] {
        let width = facts.map(\.name.columns).max() ?? 0
        return facts.map { name, text in
            let space = String(repeating: " ", count: width - name.columns)
            return indent + style.paint(name + space, .dim) + "  " + text
        }
    }

    private static func words(_ catchUp: CatchUp) -> String {
        let window = "up to \(Duration.milliseconds(catchUp.window).readable) late"
        return switch catchUp.mode {
        case .none: "none"
        case .latest: "the latest, \(window)"
        case .all: "all, \(window), \(catchUp.maximum) at most"
        }
    }

    private static func words(_ overlap: Overlap) -> String {
        switch overlap {
        case .skip: "skip what comes due while an earlier one runs"
        case .queue: "let one wait for the end of an earlier one"
        case .queueAll: "let all wait for the end of an earlier one"
        case .cancel: "end an earlier one"
        case .allow: "run them side by side"
        }
    }

    private static func words(_ hook: Hook) -> String {
        let kinds = Notice.Kind.allCases.filter(hook.kinds.contains).map(\.rawValue)
        let isAll = kinds.count == Notice.Kind.allCases.count
        return HookDestination.shown(hook.destination) + (isAll ? "" : " of \(kinds.joined(separator: ", "))")
    }
}
