import RunbookSchedule

/// What was done to a schedule, and what follows from it.
struct ScheduleReceipt {
    let schedule: Schedule
    let firings: [Firing]
    let zones: TimeZoneCatalogue
    let zone: TimeZoneRules
    let style: ScreenStyle

    /// A new schedule.
    ///
    /// - Parameters:
    ///   - isMachineZone: whether nobody has named the zone.
    ///   - target: the target that the configuration chooses now, if nobody has named one.
    func added(isMachineZone: Bool, target: String?) -> String {
        let facts = ScheduleFacts(schedule, zones: zones).all.compactMap { fact -> (name: String, text: String)? in
            switch fact.name {
            case "zone" where isMachineZone: (fact.name, fact.text + ", the machine's own: --tz takes another")
            case "target" where fact.isStandard:
                target.map { (fact.name, "as configured, which is \($0.shown) now: --target keeps one") }
            default: fact.isStandard ? nil : (fact.name, fact.text)
            }
        }
        return text("\(schedule.name) was added", facts + next)
    }

    /// One that was changed.
    func edited(_ differences: [(name: String, before: String, after: String)]) -> String {
        text("\(schedule.name) was changed", differences.map { ($0.name, "\($0.before) → \($0.after)") } + next)
    }

    /// One that runs again.
    ///
    /// - Parameter wasPaused: whether it did not before.
    func resumed(wasPaused: Bool) -> String {
        text(schedule.name + (wasPaused ? " runs again, from now on" : " is not paused"), next)
    }

    private var next: [(name: String, text: String)] {
        if schedule.phase == .paused { return [("next", "nothing, while it is paused")] }
        return FiringTable(firings: firings, zone: zone).lines(style).enumerated().map { ($0 == 0 ? "next" : "", $1) }
    }

    private func text(_ title: String, _ facts: [(name: String, text: String)]) -> String {
        ([title] + ScheduleFacts.lines(facts, style, indent: "  ")).joined(separator: "\n") + "\n"
    }
}
