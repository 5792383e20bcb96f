/// Jobs with the moments they are due at, soonest first.
struct TimerQueue: Sendable {
    /// What a job is cancelled by.
    struct Ticket: Sendable, Hashable, Comparable {
        let due: ContinuousClock.Instant
        /// Tells jobs of the same moment apart, in the order they were added.
        let number: UInt64

        static func < (left: Ticket, right: Ticket) -> Bool { (left.due, left.number) < (right.due, right.number) }
    }

    private var timers: [(ticket: Ticket, job: @Sendable () -> Void)] = []

    /// When the first job is due.
    var next: ContinuousClock.Instant? { timers.last?.ticket.due }

    mutating func add(_ ticket: Ticket, _ job: @escaping @Sendable () -> Void) {
        timers.insert((ticket, job), at: index(of: ticket))
    }

    mutating func cancel(_ ticket: Ticket) {
        let index = index(of: ticket)
        if index < timers.count, timers[index].ticket == ticket { timers.remove(at: index) }
    }

    /// Takes out the jobs that are due.
    mutating func takeDue(at now: ContinuousClock.Instant) -> [@Sendable () -> Void] {
        var due: [@Sendable () -> Void] = []
        while let last = timers.last, last.ticket.due <= now {
            due.append(last.job)
            timers.removeLast()
        }
        return due
    }

    /// Where the ticket stands or would stand: the soonest is last.
    private func index(of ticket: Ticket) -> Int {
        var low = 0, high = timers.count
        while low < high {
            let middle = (low + high) / 2
            if timers[middle].ticket > ticket { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
