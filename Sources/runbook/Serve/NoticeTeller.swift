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

    let store: any ScheduleStore
    let sender: HookSender
    let metrics: DaemonMetrics
    let logger: Logger
    let environment: [String: String]
    let now: @Sendable () -> Int64

    /// Tells everything that is due.
    func tell() async {
        do throws(StoreError) {
            for taken in try await store.notices(by: now(), limit: 20) {
                if Task.isCancelled { return }
                var notice = taken
                // Whoever dies while telling it has put it off as if it had failed.
                notice.due = now() + Self.pause(after: notice.attempts)
                guard try await store.take(taken, until: notice.due) else { continue }
                notice.attempts += 1
                try await note(await outcome(of: notice), notice)
            }
        } catch {
            // The scheduler says so.
        }
    }

    private func outcome(of notice: Notice) async -> HookOutcome {
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
        do throws(CommandError) {
            let message = HookMessage(id: notice.id, event: notice.kind.rawValue, schedule: name, body: .object(body))
            return await sender.send(message, to: try hook(notice.destination))
        } catch { return .tryLater(after: nil, reason: error.message) }
    }

    /// The hook that a destination means, which may only say where its URL is to be had.
    private func hook(_ destination: String) throws(CommandError) -> FailureHook {
        guard destination.hasPrefix("file:") || destination.hasPrefix("env:") else {
            return try FailureHook(destination)
        }
        let text = try SecretInput.read(destination, name: "a hook's URL", environment: environment, mayAsk: false)
        return try FailureHook(text.reveal())
    }

    private func note(_ outcome: HookOutcome, _ notice: Notice) async throws(StoreError) {
        var metadata: Logger.Metadata = [
            "notice": "\(notice.id)", "event": "\(notice.kind.rawValue)",
            "schedule": "\(notice.members["schedule"]?.stringValue ?? "")",
        ]
        switch outcome {
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
