internal import LuaMachine
internal import RunbookHost
internal import Synchronization

/// Limits what a test may take of the time of whoever waits for it.
enum RealTime {
    /// The most that a run which was told to end may take for it, if a function keeps its thread.
    private static let longestGrace = Duration.seconds(2)
    /// So many times of that it may take otherwise: what it has left to be written down may be much.
    private static let graces = 15

    /// What a run has come to in its time.
    enum Ending: Sendable {
        /// It has ended, by itself or because its time was up.
        case ended(RunOutcome)
        /// It does not end, and has not given its thread back.
        case neverBack
        /// It does not end although it gives its thread back.
        case endless

        /// The outcome, if there is one.
        var outcome: RunOutcome? {
            if case .ended(let outcome) = self { outcome } else { nil }
        }
    }

    /// What a run comes to; it is cancelled when its time is up.
    ///
    /// - Parameters:
    ///   - thread: where it runs.
    ///   - stopwatch: tells how much of its time it has taken. Default: all that has passed.
    static func ending(
        of run: Run, on thread: RunThread, within limit: Duration, by stopwatch: Stopwatch? = nil
    ) async -> Ending {
        let grace = min(limit, longestGrace)
        let outcome = await outcome(of: run, on: thread, within: limit, by: stopwatch, grace)
        return outcome.map { .ended($0) } ?? (thread.isStuck(for: grace / 2) ? .neverBack : .endless)
    }

    private static func outcome(
        of run: Run, on thread: RunThread, within limit: Duration, by stopwatch: Stopwatch?, _ grace: Duration
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
            for _ in 1...graces {
                do { try await alarm.sleep(for: grace) } catch { return }
                if thread.isStuck(for: grace / 2) { return }
            }
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
