import Synchronization

/// Counts observations by their size. Any thread may observe and look.
final class Histogram: Sendable {
    /// What was observed up to a moment.
    struct Snapshot: Sendable, Hashable {
        /// The upper bounds of the buckets, each belonging to its bucket, ascending. One more bucket has none.
        let bounds: [Double]
        /// How many observations each bucket has, the one without a bound last.
        var counts: [UInt64]
        /// The sum of all observations.
        var sum: Double
    }

    private let state: Mutex<Snapshot>

    /// An empty one.
    ///
    /// - Parameter bounds: the upper bounds of the buckets, in any order; what is not finite does not count.
    init(bounds: [Double]) {
        let bounds = Set(bounds.filter(\.isFinite)).sorted()
        state = Mutex(Snapshot(bounds: bounds, counts: Array(repeating: 0, count: bounds.count + 1), sum: 0))
    }

    /// Counts an observation. What is no number is left out: it would make the sum none for ever.
    func observe(_ value: Double) {
        guard !value.isNaN else { return }
        state.withLock { state in
            // Few buckets, and most observations are small.
            let bucket = state.bounds.firstIndex { value <= $0 } ?? state.bounds.count
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    /// Counts a duration, in seconds.
    func observe(_ duration: Duration) { observe(duration / .seconds(1)) }

    /// What was observed up to now.
    var snapshot: Snapshot { state.withLock { $0 } }
}
