import ArgumentParser
import CommandSupport
import Operations
import RunbookHost
import RunbookSchedule

/// The flags that say how a schedule runs, the same for `add` and `edit`.
struct ScheduleFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A parameter of the runbook; a secret one takes env:NAME, file:PATH or 'command:PROGRAM ARGUMENT…', and is read for each run.",
            valueName: "name=value"), completion: WordCompletion.parameters)
    var param: [String] = []

    @Flag(
        inversion: .prefixedNo,
        help:
            "Read the file anew for each run. It stops and asks when the file needs more than it did. Default: the source as it is now."
    )
    var follow: Bool?

    @Option(
        help: ArgumentHelp(
            "What is run late when nobody was there: none, the latest, or all. Default: latest.",
            valueName: "none|latest|all"), completion: .list(CatchUp.Mode.allCases.map(\.rawValue)),
        transform: { try ScheduleFlags.choice($0, of: "--catchup") })
    var catchup: CatchUp.Mode?

    @Option(
        name: .customLong("catchup-window"),
        help: ArgumentHelp("How late it may be, such as 2h. Default: 1h.", valueName: "time"))
    var catchupWindow: String?

    @Option(
        name: .customLong("catchup-max"),
        help: ArgumentHelp("With --catchup all, so many at most. Default: 100.", valueName: "n"))
    var catchupMax: Int?

    @Option(
        help: ArgumentHelp(
            "What becomes of a slot while an earlier one runs: skip, queue, queue-all, cancel (the earlier one) or allow. Default: skip.",
            valueName: "rule"), completion: .list(Overlap.allCases.map(\.rawValue)),
        transform: { try ScheduleFlags.choice($0, of: "--overlap") })
    var overlap: Overlap?

    @Option(help: ArgumentHelp("Start each slot up to this much later, such as 30s. Default: 0s.", valueName: "time"))
    var jitter: String?

    @Option(help: ArgumentHelp("Try a failed slot again, so many times at most. Default: 0.", valueName: "n"))
    var retry: Int?

    @Option(help: ArgumentHelp("How long after a failure. Default: 1m.", valueName: "time"))
    var retryDelay: String?

    @Option(
        help: ArgumentHelp(
            "Stop a run after this long, such as 5m; 'none' for what is configured.", valueName: "time"))
    var timeLimit: String?

    @Option(
        help: ArgumentHelp("Let a run make so many changes; 'none' for what is configured.", valueName: "n"))
    var maxChanges: String?

    @Flag(inversion: .prefixedNo, help: "Only make plans, for somebody to look at and apply.")
    var planOnly: Bool?

    @Option(
        help: ArgumentHelp("No slot before this time, local to --tz; 'now' for at once.", valueName: "time"))
    var starting: String?

    @Option(
        help: ArgumentHelp("No slot after this time, local to --tz; 'never' for no end.", valueName: "time"))
    var until: String?

    @Option(
        help: ArgumentHelp(
            "Who is told when something goes wrong: \(HookDestination.ways). May be given more than once; 'none' for nobody.",
            valueName: "destination"))
    var notify: [String] = []

    @Option(
        help: ArgumentHelp(
            "Of what: \(Notice.Kind.allCases.map(\.rawValue).joined(separator: ",")). Default: of all.",
            valueName: "kinds"), completion: .list(Notice.Kind.allCases.map(\.rawValue)),
        transform: ScheduleFlags.kinds)
    var notifyOn: Set<Notice.Kind>?

    // MARK: Reading

    /// Changes what is given.
    ///
    /// - Parameters:
    ///   - zone: of times without an offset.
    ///   - now: milliseconds since 1970.
    ///   - warn: is told what stops nothing.
    /// - Throws: ``CommandError`` that names the flag.
    func apply(
        to schedule: inout Schedule, zone: TimeZoneRules, now: Int64, sources: ConfigurationSources,
        warn: (String) -> Void
    ) throws(CommandError) {
        if let catchup { schedule.catchUp.mode = catchup }
        if let catchupWindow { schedule.catchUp.window = try Self.milliseconds(catchupWindow, "--catchup-window") }
        if let catchupMax { schedule.catchUp.maximum = catchupMax }
        if let overlap { schedule.overlap = overlap }
        if let jitter { schedule.jitter = try Self.milliseconds(jitter, "--jitter") }
        if let retry { schedule.retry.count = retry }
        if let retryDelay { schedule.retry.delay = try Self.milliseconds(retryDelay, "--retry-delay") }
        if let timeLimit {
            schedule.timeLimit = timeLimit == "none" ? nil : try Self.milliseconds(timeLimit, "--time-limit")
        }
        if let maxChanges {
            guard let number = maxChanges == "none" ? -1 : Int(maxChanges), number >= 0 || maxChanges == "none" else {
                throw CommandError("--max-changes must be a number from 0 on, or 'none', not '\(maxChanges.shown)'")
            }
            schedule.maxChanges = maxChanges == "none" ? nil : number
        }
        if let planOnly { schedule.planOnly = planOnly }
        if let starting { schedule.starting = starting == "now" ? nil : try Self.moment(starting, "--starting", zone) }
        if let until {
            schedule.until = until == "never" ? nil : try Self.moment(until, "--until", zone)
            if let end = schedule.until, end <= now {
                throw CommandError(
                    "--until \(until.shown) is past: give a time that is still to come, or 'never' for no end")
            }
        }
        try applyHooks(to: &schedule, sources: sources, warn: warn)
    }

    private func applyHooks(
        to schedule: inout Schedule, sources: ConfigurationSources, warn: (String) -> Void
    ) throws(CommandError) {
        if notify == ["none"] {
            schedule.hooks = []
        } else if !notify.isEmpty {
            var hooks: [Hook] = []
            for destination in notify {
                hooks.append(Hook(try HookDestination.read(destination, sources: sources, warn: warn)))
            }
            schedule.hooks = hooks
        }
        guard let notifyOn else { return }
        guard !schedule.hooks.isEmpty else {
            throw CommandError("--notify-on says of what, and nobody is told: give --notify too")
        }
        for index in schedule.hooks.indices { schedule.hooks[index].kinds = notifyOn }
    }

    private static func moment(_ text: String, _ flag: String, _ zone: TimeZoneRules) throws(CommandError) -> Int64 {
        do throws(ScheduleFault) { return try InstantText.read(text, zone: zone) * 1_000 } catch {
            throw CommandError("\(flag): \(error.message.shown)")
        }
    }

    private static func milliseconds(_ text: String, _ flag: String) throws(CommandError) -> Int64 {
        guard let time = Duration(quantity: text) else {
            throw CommandError("\(flag) must be a duration such as 30s, 5m or 2h, not '\(text.shown)'")
        }
        return time.inMilliseconds
    }

    /// One of an option's words.
    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ word: String, of flag: String
    ) throws -> Choice {
        if let choice = Choice(rawValue: word) { return choice }
        let words = Choice.allCases.map(\.rawValue)
        let advice =
            word.nearest(among: words).map { "did you mean '\($0)'?" }
            ?? "there is \(words.joined(separator: ", "))"
        throw ValidationError("\(flag) does not know '\(word.shown)'; \(advice)")
    }

    private static func kinds(_ text: String) throws -> Set<Notice.Kind> {
        var kinds: Set<Notice.Kind> = []
        for word in text.split(separator: ",") { kinds.insert(try choice(String(word), of: "--notify-on")) }
        guard !kinds.isEmpty else { throw ValidationError("--notify-on names nothing: such as failed,missed") }
        return kinds
    }
}
