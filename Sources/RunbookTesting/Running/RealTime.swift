internal import LuaMachine
internal import RunbookHost
internal import Synchronization

/// Limits what a test may take of the time of whoever waits for it.
enum RealTime {
    /// The most that a run which was told to end may take for it.
    private static let longestGrace = Duration.seconds(2)

    /// The outcome of a run; it is cancelled when its time is up.
    ///
    /// - Parameter stopwatch: tells how much of its time it has taken. Default: all that has passed.
    /// - Returns: `nil` if it does not end even so.
    static func outcome(
        of run: Run, within limit: Duration, by stopwatch: Stopwatch? = nil
    ) async -> RunOutcome? {
        await first {
            await run.outcome
        } or: { alarm in
            do {
                try await alarm.sleep(for: limit)
                while let left = stopwatch.map({ limit - $0.elapsed }), left > .zero {
                    try await alarm.sleep(for: max(left, .milliseconds(10)))
                }
            } catch { return }
            run.cancel()
            do { try await alarm.sleep(for: min(limit, longestGrace)) } catch { return }
        }
    }

    /// What `work` comes to; `nil` if the alternative is over first.
    private static func first<T: Sendable>(
        _ work: @escaping @Sendable () async -> T, or alternative: @escaping @Sendable (AlarmThread) async -> Void
    ) async -> T? {
        let race = Race<T>()
        let alarm = AlarmThread()
        let value = await withCheckedContinuation { continuation in
            race.waiting.withLock { $0 = continuation }
            let timer = Task {
                await alternative(alarm)
                if !Task.isCancelled { race.end(with: nil) }
            }
            Task {
                race.end(with: await work())
                timer.cancel()
            }
        }
        return value
    }

    /// Whoever is first answers.
    private final class Race<T: Sendable>: Sendable {
        let waiting = Mutex<CheckedContinuation<T?, Never>?>(nil)

        func end(with value: T?) {
            waiting.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }?.resume(returning: value)
        }
    }
}
