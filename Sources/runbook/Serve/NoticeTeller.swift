import CommandSupport
import Logging
import Operations
import RunbookHost
import RunbookSchedule
import RunbookStore

/// Tells hooks what went wrong with schedules. What could not be told is tried again, by whichever daemon is there.
struct NoticeTeller: Sendable {
    /// How often a notice is tried; the pauses grow up to an hour, and so it is given up after about a day.
    private static let attempts = 30
    /// How long a notice belongs to who has taken it at least, in milliseconds: longer than telling it takes.
    private static let hold: Int64 = 60_000
    private static let longestPause: Int64 = 3_600_000
    /// How many are told at once, each a destination of its own.
    private static let width = 8

    let store: any ScheduleStore
    let sender: HookSender
    let metrics: DaemonMetrics
    let logger: Logger
    let environment: [String: String]
    let now: @Sendable () -> Int64

    /// Tells what is due, now and from now on, until the task is cancelled: what is under way is then given up, and told by
    /// whoever comes next.
    func run() async { await tell(lasting: true) }

    /// Tells what is due, and gives up what takes longer than this altogether: it is told by whoever comes next.
    func finish(within limit: Duration) async {
        await withTaskGroup { group in
            group.addTask { await tell(lasting: false) }
            group.addTask { try? await Task.sleep(for: limit, clock: .continuous) }
            await group.next()
            group.cancelAll()
        }
    }

    /// A destination that is slow or dead keeps only what is for itself waiting.
    private func tell(lasting: Bool) async {
        await withTaskGroup(of: String?.self) { group in
            var busy: Set<String> = []
            if lasting { group.addTask { await Self.rest() } }
            while !Task.isCancelled {
                for notice in await due(beside: busy) {
                    busy.insert(notice.destination)
                    group.addTask { await tell(notice) }
                }
                // Nothing is under way any more, nor due.
                guard let ended = await group.next() else { return }
                if let ended {
                    busy.remove(ended)
                } else {
                    group.addTask { await Self.rest() }
                }
            }
            group.cancelAll()
        }
    }

    /// A while until it is to be looked again.
    private static func rest() async -> String? {
        try? await Task.sleep(for: .seconds(2), clock: .continuous)
        return nil
    }

    /// The first notice for each destination that nothing is told at present, as far as there is room.
    private func due(beside busy: Set<String>) async -> [Notice] {
        var limit = 64
        while busy.count < Self.width {
            // The scheduler says what is wrong with the database.
            guard let notices = try? await store.notices(by: now(), limit: limit) else { return [] }
            var taken = busy
            let free = notices.filter { taken.count < Self.width && taken.insert($0.destination).inserted }
            // Those of one destination must not hide those of others.
            guard free.isEmpty, notices.count == limit else { return free }
            limit *= 4
        }
        return []
    }

    /// - Returns: its destination, which is free again.
    private func tell(_ taken: Notice) async -> String {
        var notice = taken
        do throws(StoreError) {
            // Whoever dies while telling it has put it off as if it had failed.
            notice.due = now() + Self.pause(after: notice.attempts)
            if try await store.take(taken, until: notice.due) {
                notice.attempts += 1
                try await note(await report(of: notice), notice)
            }
        } catch {
            // The scheduler says so; this one does not ask again at once.
            _ = await Self.rest()
        }
        return taken.destination
    }

    private func report(of notice: Notice) async -> HookReport {
        let name = notice.members["schedule"]?.stringValue ?? ""
        var body = notice.members
        body["event"] = .string(notice.kind.rawValue)
        body["id"] = .string(notice.id)
        body["host"] = .string(RunOwner.current.host)
        for key in ["slot", "first", "last"] {
            if let time = body[key]?.integerValue {
                body[key] = .string(Timestamp(unixMilliseconds: time).description)
            }
        }
        body["time"] = .string(Timestamp(unixMilliseconds: notice.unixMilliseconds).description)
        let message = HookMessage(id: notice.id, event: notice.kind.rawValue, schedule: name, body: .object(body))
        let isElsewhere = Self.isElsewhere(notice.destination)
        let hook: FailureHook
        do throws(CommandError) { hook = try self.hook(notice.destination) } catch {
            // What is in a file may be mended; what the schedule itself says stays as it is.
            return HookReport(
                outcome: isElsewhere
                    ? .tryLater(after: nil, reason: error.message) : .refused(reason: error.message))
        }
        return await sender.tell(message, to: hook)
    }

    /// Whether a destination only says where the URL is to be had.
    private static func isElsewhere(_ destination: String) -> Bool {
        destination.hasPrefix("file:") || destination.hasPrefix("env:")
    }

    /// The hook that a destination means.
    private func hook(_ destination: String) throws(CommandError) -> FailureHook {
        guard Self.isElsewhere(destination) else { return try FailureHook(destination) }
        let text = try SecretInput.read(destination, name: "a hook's URL", environment: environment, mayAsk: false)
        return try FailureHook(text.reveal())
    }

    private func note(_ report: HookReport, _ notice: Notice) async throws(StoreError) {
        var metadata: Logger.Metadata = [
            "notice": "\(notice.id)", "event": "\(notice.kind.rawValue)",
            "schedule": "\(notice.members["schedule"]?.stringValue ?? "")",
        ]
        if !report.printed.isEmpty { metadata["printed"] = "\(report.printed)" }
        switch report.outcome {
        case .delivered:
            metrics.noteNotice("delivered")
            logger.debug("a hook was told", metadata: metadata)
            try await store.remove(notice: notice.id)
        case .refused(let reason):
            metrics.noteNotice("refused")
            metadata["reason"] = "\(reason)"
            logger.error("a hook cannot be told", metadata: metadata)
            try await store.remove(notice: notice.id)
        case .tryLater(let wait, let reason):
            metadata["reason"] = "\(reason)"
            guard notice.attempts < Self.attempts else {
                metrics.noteNotice("given_up")
                logger.error("a hook could not be told, and is not told any more", metadata: metadata)
                return try await store.remove(notice: notice.id)
            }
            metrics.noteNotice("postponed")
            logger.warning("a hook could not be told; it is tried again", metadata: metadata)
            // The receiver may want more time than it has anyway.
            guard let wait, now() + wait.inMilliseconds > notice.due else { return }
            _ = try await store.take(notice, until: now() + wait.inMilliseconds)
        }
    }

    /// A minute, two, four … an hour.
    private static func pause(after attempts: Int) -> Int64 { min(hold << min(attempts, 6), longestPause) }
}
