import RunbookSchedule

/// When a trigger fires, as people read it.
struct TriggerWords {
    /// Longer words are not for a list.
    private static let longest = 48

    let trigger: Trigger
    /// Whose clocks a single time is shown on.
    let zone: TimeZoneRules

    /// Such as `at 03:00 every day`; the expression itself where it would take too many words.
    var short: String {
        switch trigger {
        case .cron(let expression): expression.words.count <= Self.longest ? expression.words : expression.text
        case .every: trigger.text
        case .once(let seconds): "once, at \(Moment.local(seconds * 1_000, in: zone))"
        }
    }

    /// The words with the expression that they stand for: `at 03:00 every day (0 3 * * *)`.
    var full: String {
        guard case .cron(let expression) = trigger else { return short }
        return "\(expression.words) (\(expression.text))"
    }
}
