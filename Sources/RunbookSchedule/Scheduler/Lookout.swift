internal import RunbookHost

/// Watches whether other schedulers live: by their counting, and by the time of the one who watches. Clocks that jump do not
/// make anybody dead.
struct Lookout {
    private struct Sight {
        var beats: Int64
        /// When it last counted further, by the watcher's own time.
        var seen: Duration
    }

    private let silence: Duration
    private var sights: [String: Sight] = [:]

    /// - Parameter silence: how long one must have shown nothing to be dead.
    init(silence: Duration) { self.silence = silence }

    /// Those that are dead.
    ///
    /// - Parameters:
    ///   - isAlive: whether a process lives; `nil` if that cannot be told from here.
    ///   - now: time since some fixed moment.
    mutating func dead(
        among carriers: [Carrier], isAlive: (RunOwner) -> Bool?, now: Duration
    ) -> [Carrier] {
        var sights: [String: Sight] = [:]
        var dead: [Carrier] = []
        for carrier in carriers {
            var sight = self.sights[carrier.id] ?? Sight(beats: carrier.beats, seen: now)
            if sight.beats != carrier.beats { sight = Sight(beats: carrier.beats, seen: now) }
            sights[carrier.id] = sight
            if isAlive(carrier.owner) == false || now - sight.seen >= silence { dead.append(carrier) }
        }
        self.sights = sights
        return dead
    }

    /// Begins to watch anew: the watcher itself was not there.
    mutating func forget() { sights = [:] }
}
