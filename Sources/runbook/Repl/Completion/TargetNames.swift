import RunbookHost

/// The names of what is at the target, kept for a while: completion asks for them at every key, and a console takes a
/// while for each list.
///
/// They are loaded when they are first needed. Who asks waits for 300 ms at most, and then gets what is there; the load
/// goes on, and the next one who asks finds it done.
actor TargetNames {
    /// What there are names of.
    enum Kind: Sendable, Hashable, CaseIterable {
        case users
        case roles
        case privileges
        case authenticationSources
    }

    /// Names, and whether there are more than are kept.
    struct Answer: Sendable, Hashable {
        let names: [TargetName]
        let isCut: Bool

        /// Nothing is known.
        static let none = Answer(names: [], isCut: false)
    }

    /// Reads all names of a kind, or as many as ``limit`` and one more; `nil` if they cannot be had.
    typealias Load = @Sendable (Kind) async -> [TargetName]?

    /// Names of one kind that are kept.
    static let limit = 5_000
    /// How long they are kept.
    static let lifetime = Duration.seconds(300)
    /// How long nobody tries again after a failure.
    static let pause = Duration.seconds(30)
    /// How long one who asks waits.
    static let patience = Duration.milliseconds(300)

    private struct Entry {
        var answer = Answer.none
        /// When the answer is too old.
        var end = Duration.zero
        /// Which load is under way.
        var loading: Int?
        /// Who waits for it, by number.
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let clock: any RunClock
    private let load: Load
    private var entries: [Kind: Entry] = [:]
    private var lastNumber = 0

    /// Names that are still to be loaded.
    init(clock: any RunClock, load: @escaping Load) {
        self.clock = clock
        self.load = load
    }

    /// The names of a kind.
    func names(_ kind: Kind) async -> Answer {
        var entry = entries[kind] ?? Entry()
        if entry.loading == nil {
            guard entry.end <= clock.monotonic() else { return entry.answer }
            lastNumber += 1
            let number = lastNumber
            entry.loading = number
            entries[kind] = entry
            Task { [load] in self.finish(kind, number, await load(kind)) }
        }
        await wait(for: kind)
        return entries[kind]?.answer ?? .none
    }

    /// Forgets everything: it may have changed, or the target is another one.
    func invalidate() {
        for kind in Kind.allCases {
            let waiting = entries.removeValue(forKey: kind)?.waiting ?? [:]
            for continuation in waiting.values { continuation.resume() }
        }
    }

    private func finish(_ kind: Kind, _ number: Int, _ names: [TargetName]?) {
        // What was forgotten meanwhile may be of another target.
        guard var entry = entries[kind], entry.loading == number else { return }
        entry.loading = nil
        if let names {
            entry.answer = Answer(names: Array(names.prefix(Self.limit)), isCut: names.count > Self.limit)
            entry.end = clock.monotonic() + Self.lifetime
        } else {
            entry.end = clock.monotonic() + Self.pause
        }
        let waiting = entry.waiting
        entry.waiting = [:]
        entries[kind] = entry
        for continuation in waiting.values { continuation.resume() }
    }

    private func wait(for kind: Kind) async {
        lastNumber += 1
        let number = lastNumber
        let timer = Task { [clock] in
            try? await clock.sleep(for: Self.patience)
            self.release(kind, number)
        }
        defer { timer.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard !Task.isCancelled, entries[kind]?.loading != nil else { return continuation.resume() }
                entries[kind]?.waiting[number] = continuation
            }
        } onCancel: {
            timer.cancel()
        }
    }

    private func release(_ kind: Kind, _ number: Int) {
        entries[kind]?.waiting.removeValue(forKey: number)?.resume()
    }
}
