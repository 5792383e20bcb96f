import ArgumentParser
import RunbookSchedule

/// The flags that say when something happens.
struct TriggerFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "When, as cron says it: five fields or @daily and the like; also 'every 15m' and 'at TIME'.",
            valueName: "expression"))
    var cron: String?

    @Option(
        help: ArgumentHelp(
            "So often, such as 15m, 1h30m or 2d, counted from when it is added or from --starting.", valueName: "time"))
    var every: String?

    @Option(help: ArgumentHelp("Once, at such a time as 2026-12-01T08:00, local to --tz.", valueName: "time"))
    var at: String?

    @Option(
        help: ArgumentHelp(
            "The time zone's IANA name, such as Europe/Berlin. Default: the machine's.", valueName: "zone"),
        completion: WordCompletion.zones)
    var tz: String?

    /// The trigger's text, if one is given.
    var text: String? { cron ?? every.map { "every \($0)" } ?? at.map { "at \($0)" } }

    func validate() throws {
        guard [cron, every, at].count(where: { $0 != nil }) <= 1 else {
            throw ValidationError("Give one of --cron, --every and --at, not several.")
        }
    }

    /// Refuses to go on without a trigger.
    func require() throws {
        guard text != nil else {
            throw ValidationError(
                "Say when: --cron '0 3 * * *', --every 15m or --at 2026-12-01T08:00.")
        }
    }
}
