import CommandSupport
import Logging
import RunbookHost
import RunbookSchedule
import ServiceLifecycle
import UnixSignals

/// The daemon's services, which are started in order and stopped in the other order: the schedules first, and last what
/// tells of them.
struct Daemon: Sendable {
    /// Nothing was looked at for so long: something hangs.
    static let longestLook = Duration.seconds(120)
    /// So long hooks may take at the end altogether; what is left is in the database, for the next daemon.
    static let longestFarewell = Duration.seconds(5)

    let scheduler: Scheduler
    let targets: ScheduledTargets
    let teller: NoticeTeller
    let notifier: ServiceNotifier
    let metrics: DaemonMetrics
    let status: StatusServer?
    /// How long slots are kept after their end; `nil` for ever.
    let slotLifetime: Duration?
    let logger: Logger
    /// What a person reads when it begins.
    let greeting: String

    /// Serves until `SIGTERM` or Ctrl-C; what is under way may then go on for the time that was set.
    func run() async throws {
        // From here on a signal is heard, also one that comes before anybody has time for it.
        let hangUps = await UnixSignalsSequence(trapping: .sighup)
        var services: [any Service] = []
        if let status { services.append(status) }
        services.append(
            Part(name: "watchdog") { [notifier, metrics] in
                await notifier.keepWatchdog { metrics.sinceLook < Self.longestLook }
            })
        services.append(
            Part(name: "hooks") { [teller] in await teller.run() })
        services.append(Part(name: "history") { await self.forgetOldSlots() })
        services.append(Part(name: "reload") { await self.reload(on: hangUps) })
        services.append(SchedulerService(scheduler: scheduler, notifier: notifier, logger: logger))
        var configuration = ServiceGroupConfiguration(services: services, logger: logger)
        configuration.logger.logLevel = .warning
        let group = ServiceGroup(configuration: configuration)
        let interruption = Interruption { Task { await group.triggerGracefulShutdown() } }
        defer { interruption.end() }
        logger.notice("\(greeting)")
        notifier.ready(status: greeting)
        try await group.run()
        // What went wrong at the very end is told too.
        await teller.finish(within: Self.longestFarewell)
        await targets.shutdown()
    }

    private func forgetOldSlots() async {
        guard let slotLifetime else { return }
        while true {
            // Not at once: a machine's clock may be years ahead until it has asked others for the time.
            guard (try? await Task.sleep(for: .seconds(3_600), clock: .continuous)) != nil else { return }
            let moment = SystemClock().unixMilliseconds() - slotLifetime.inMilliseconds
            // The database's own trouble is told by the schedules.
            if let count = try? await teller.store.forgetSlots(endedBefore: moment), count > 0 {
                logger.info("old slots were forgotten", metadata: ["count": .stringConvertible(count)])
            }
        }
    }

    private func reload(on hangUps: UnixSignalsSequence) async {
        for await _ in hangUps {
            notifier.reloading()
            do throws(CommandError) {
                try targets.reload()
                logger.notice("the configuration was read anew; runs under way go on with what they have")
            } catch {
                logger.error(
                    "the configuration cannot be used and stays as it was", metadata: ["reason": "\(error.message)"])
            }
            scheduler.planAnew()
            notifier.ready(status: greeting)
        }
    }

    /// A service that ends when the others do.
    private struct Part: Service, CustomStringConvertible {
        let name: String
        let body: @Sendable () async -> Void

        var description: String { name }

        func run() async throws {
            await cancelWhenGracefulShutdown { await body() }
            // One that has nothing to do does not end the others.
            try await gracefulShutdown()
        }
    }

    /// The schedules themselves.
    private struct SchedulerService: Service, CustomStringConvertible {
        let scheduler: Scheduler
        let notifier: ServiceNotifier
        let logger: Logger

        var description: String { "schedules" }

        func run() async {
            await withGracefulShutdownHandler {
                await scheduler.run()
            } onGracefulShutdown: {
                notifier.stopping(status: "waiting for runs under way")
                logger.notice("stopping; runs under way are waited for. Another signal ends them at once")
                Task { await scheduler.leave() }
            }
        }
    }
}
