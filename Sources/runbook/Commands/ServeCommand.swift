import ArgumentParser
import CommandSupport
import Logging
import Operations
import RunbookHost
import RunbookSchedule
import RunbookStore
import SharedLoop

/// `runbook serve`.
struct ServeCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the schedules, until you stop it.",
        discussion: """
            Several daemons may serve one state folder: none runs what another does, and one takes over what another has \
            left. SIGTERM and Ctrl-C let runs under way end, as long as --drain-timeout allows; what is left is gone on \
            with by the next daemon. SIGHUP reads the configuration anew.

            --listen shows how it is: /metrics for Prometheus, /healthz and /readyz.

              runbook serve --listen 127.0.0.1:9464 --log-format json
            """)

    @Option(
        help: ArgumentHelp(
            "Where to show how it is: a loopback address with a port, or unix:PATH. Default: nowhere.",
            valueName: "address"))
    var listen: String?

    @Option(help: ArgumentHelp("Carry so many runs at once; others wait.", valueName: "n"))
    var maxRuns = SchedulerSettings().maximumRuns

    @Option(
        help: ArgumentHelp("Let runs under way go on for so long once it is to stop, such as 30s.", valueName: "time"))
    var drainTimeout = "30s"

    @Option(help: ArgumentHelp("Forget slots this long after their end, such as 400d; 0 for never.", valueName: "time"))
    var keepSlots = "400d"

    @Flag(help: "Run scripts in workers with full rights, on a system that cannot confine.")
    var unconfined = false

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard maxRuns > 0 else { throw ValidationError("--max-runs must be 1 or more, not \(maxRuns)") }
        for (flag, value) in [("--drain-timeout", drainTimeout), ("--keep-slots", keepSlots)]
        where Duration(quantity: value) == nil {
            throw ValidationError("\(flag) must be a duration such as 30s, 5m or 1h, not '\(value)'")
        }
    }

    func run(on loop: SharedLoop) async throws {
        var environment = ConfigurationSources.processEnvironment
        let notifier = ServiceNotifier.take(from: &environment)
        let configuration = try Configuration.load(options, environment: environment)
        let address = try listen.map { text throws(CommandError) in try StatusAddress(text) }
        let terminal = Terminal(options: options, environment: environment)
        let logger = Session.logger(configuration, terminal: terminal)
        for warning in configuration.warnings { logger.warning("\(warning)") }
        let state = StateStore(configuration)
        // What cannot be used at all is said now, and not each second.
        do throws(StoreError) { _ = try await state.store.earliest() } catch { throw StateStore.error(error) }

        let zones = TimeZoneCatalogue(environment: environment)
        let metrics = DaemonMetrics(), link = SchedulerLink()
        let targets = ScheduledTargets(
            configuration, options: options, environment: environment, terminal: terminal, state: state, loop: loop,
            isUnconfined: unconfined, warn: { logger.warning("\($0)") }
        ) { journaling in
            journaling.isAlive = { link.carriesRuns($0) }
            journaling.committed = { metrics.noteCommit($0) }
        }
        let scheduler = scheduler(state, targets, metrics, DaemonLog(logger: logger), zones)
        link.connect(scheduler)
        let status = try await statusServer(address, loop, scheduler, state, metrics)
        let sender = HookSender(
            group: loop.group, signer: try HookKey.signer(stateDirectory: configuration.stateDirectory),
            environment: environment, redact: { targets.redact($0) })
        let teller = NoticeTeller(
            store: state.store, sender: sender, metrics: metrics, logger: logger, environment: environment,
            now: SystemClock().unixMilliseconds)
        let place = status.map { ", status at \($0.address)" } ?? ""
        let daemon = Daemon(
            scheduler: scheduler, targets: targets, teller: teller, notifier: notifier, metrics: metrics,
            status: status, slotLifetime: Duration(quantity: keepSlots).flatMap { $0 > .zero ? $0 : nil },
            logger: logger,
            greeting: "runbook \(programVersion) runs the schedules in \(configuration.stateDirectory)\(place)")
        try await daemon.run()
        await state.store.tidy()
    }

    private func scheduler(
        _ state: StateStore, _ targets: ScheduledTargets, _ metrics: DaemonMetrics, _ log: DaemonLog,
        _ zones: TimeZoneCatalogue
    ) -> Scheduler {
        let runner = targets.runner { order, outcome in
            metrics.note(outcome)
            if let problem = await targets.checkpoint() {
                log.logger.error("\(problem.shown)", metadata: ["schedule": "\(order.schedule.name)"])
            }
        }
        return Scheduler(
            store: state.store, runner: runner, owner: .current,
            zones: zones,
            settings: SchedulerSettings(
                maximumRuns: maxRuns, drain: Duration(quantity: drainTimeout)?.inMilliseconds ?? 30_000),
            isAlive: \.isAlive
        ) { event in
            metrics.note(event)
            log.note(event)
        }
    }

    private func statusServer(
        _ address: StatusAddress?, _ loop: SharedLoop, _ scheduler: Scheduler, _ state: StateStore,
        _ metrics: DaemonMetrics
    ) async throws(CommandError) -> StatusServer? {
        guard let address else { return nil }
        return try await StatusServer.open(address, paths: ["/metrics", "/healthz", "/readyz"], on: loop.group) {
            path in
            switch path {
            case "/metrics":
                return await metrics.page(state.store).reply
            case "/healthz":
                let age = metrics.sinceLook
                return age < Daemon.longestLook
                    ? StatusReply("ok\n")
                    : StatusReply("the schedules were last looked at \(age.readable) ago\n", status: 503)
            default:
                if await scheduler.isLeaving { return StatusReply("stopping\n", status: 503) }
                if let failure = metrics.storeFailure { return StatusReply(failure + "\n", status: 503) }
                return StatusReply("ok\n")
            }
        }
    }
}
