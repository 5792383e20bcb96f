public import Operations
public import RunbookHost

/// What people do with schedules. Nothing that they do runs what is past.
public struct ScheduleBook: Sendable {
    /// Why something was not done; nothing of it was.
    public enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is asked for makes no sense.
        case refused(ScheduleFault)
        /// The store cannot be used.
        case store(StoreError)

        /// What went wrong and what to do, for a person.
        public var description: String {
            switch self {
            case .refused(let fault): fault.description
            case .store(let error): error.description
            }
        }
    }

    private let store: any ScheduleStore
    private let zones: TimeZoneCatalogue
    private let clock: any RunClock
    private let random: @Sendable () -> UInt64

    /// A book of the schedules in a store.
    ///
    /// - Parameters:
    ///   - store: where they are kept.
    ///   - zones: the time zones. Default: the system's.
    ///   - clock: Default: the system's.
    ///   - random: makes ids. Default: the system's generator.
    public init(
        store: any ScheduleStore, zones: TimeZoneCatalogue = TimeZoneCatalogue(), clock: any RunClock = SystemClock(),
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) }
    ) {
        self.store = store
        self.zones = zones
        self.clock = clock
        self.random = random
    }

    /// An id for a new schedule: what is sealed for it is sealed under it.
    public func makeID() -> String { SortedID.make(unixMilliseconds: clock.unixMilliseconds(), random: random()) }

    /// Milliseconds since 1970, as the schedules are measured.
    public var now: Int64 { clock.unixMilliseconds() }

    /// The schedule of this name.
    public func entry(named name: String) async throws(Failure) -> ScheduleEntry {
        do throws(StoreError) {
            if let entry = try await store.entry(named: name) { return entry }
        } catch { throw .store(error) }
        throw .refused(
            ScheduleFault("there is no schedule '\(name)': 'runbook schedule list' shows those that there are"))
    }

    /// Adds a schedule. Its first slot is later than now.
    ///
    /// - Returns: it, as it was written.
    public func add(_ schedule: Schedule, actor: String) async throws(Failure) -> Schedule {
        let now = clock.unixMilliseconds()
        let times = try check(schedule, now)
        var turn = turn(ScheduleEntry(schedule), times, now)
        turn.change("added", actor: actor) { _ in }
        turn.beginAnew(times)
        guard let step = turn.step else { return schedule }
        do throws(StoreError) {
            if try await store.commit([step]) == [true] { return step.schedule }
        } catch { throw .store(error) }
        throw Self.isTaken(schedule.name)
    }

    private static func isTaken(_ name: String) -> Failure {
        .refused(
            ScheduleFault(
                "there is a schedule '\(name)' already: give another name, or change that one with 'runbook schedule "
                    + "edit \(name)'"))
    }

    /// Changes a schedule. What was planned before and has not begun is skipped.
    ///
    /// - Parameters:
    ///   - name: the schedule's name.
    ///   - actor: who changes it.
    ///   - body: changes what people may change; what else it changes has no effect.
    /// - Returns: it, as it was written.
    public func edit(
        _ name: String, actor: String, _ body: (inout Schedule) throws(ScheduleFault) -> Void
    ) async throws(Failure) -> Schedule {
        try await write(name) { turn, now throws(Failure) in
            var edited = turn.schedule
            do throws(ScheduleFault) { try body(&edited) } catch { throw .refused(error) }
            let times = try self.check(edited, now)
            turn.skipWaiting("the schedule was edited")
            turn.change("edited", actor: actor) { $0.take(edited) }
            turn.beginAnew(times)
        }
    }

    /// Lets a schedule run nothing until it is resumed. What runs goes on.
    public func pause(_ name: String, reason: String, actor: String) async throws(Failure) -> Schedule {
        try await write(name) { turn, now throws(Failure) in
            guard turn.schedule.phase == .active else { return }
            turn.skipWaiting("the schedule was paused")
            turn.note("paused", actor: actor)
            turn.pause(reason)
        }
    }

    /// Lets a paused schedule run again, from now on.
    ///
    /// - Parameters:
    ///   - name: the schedule's name.
    ///   - capabilities: what the file that it follows may need from now on. Default: what it might before.
    ///   - sha256: the hash of the source that these capabilities were allowed for. Default: what it was before.
    ///   - actor: who says so.
    public func resume(
        _ name: String, capabilities: [Capability]? = nil, sha256: String? = nil, actor: String
    ) async throws(Failure) -> Schedule {
        try await write(name) { turn, now throws(Failure) in
            guard turn.schedule.phase == .paused || capabilities != nil else { return }
            let times = try self.check(turn.schedule, now)
            if let capabilities {
                turn.change("approved", actor: actor) { schedule in
                    schedule.capabilities = capabilities
                    if let sha256 { schedule.sha256 = sha256 }
                }
            } else {
                turn.note("resumed", actor: actor)
            }
            turn.unpause()
            turn.beginAnew(times)
        }
    }

    /// Ends a schedule. Its slots are kept, what runs goes on, and its name is free.
    public func remove(_ name: String, actor: String) async throws(Failure) -> Schedule {
        try await write(name) { turn, now throws(Failure) in
            turn.skipWaiting("the schedule was removed")
            turn.note("removed", actor: actor)
            turn.remove()
            turn.beginAnew(nil)
        }
    }

    /// Plans a slot for now, which a scheduler that is there starts at once.
    ///
    /// - Returns: its planned time, milliseconds since 1970.
    public func runNow(_ name: String, actor: String) async throws(Failure) -> Int64 {
        var planned: Int64?
        _ = try await write(name) { turn, now throws(Failure) in
            planned = turn.planNow(for: actor)
            guard planned != nil else {
                throw .refused(
                    ScheduleFault(
                        "a slot of '\(name)' is under way, and its overlap rule lets no other one run beside it: wait for its "
                            + "end; 'runbook schedule show \(name)' shows it"))
            }
        }
        return planned ?? 0
    }

    // MARK: Parts

    /// Writes a change of the schedule that has this name, on top of all that others write meanwhile.
    private func write(
        _ name: String, _ body: (inout ScheduleTurn, _ now: Int64) throws(Failure) -> Void
    ) async throws(Failure) -> Schedule {
        while true {
            let entry = try await entry(named: name)
            let now = clock.unixMilliseconds()
            let times = try? ScheduleTimes(of: entry.schedule, zones: zones)
            var turn = turn(entry, times, now)
            do throws(StoreError) {
                if entry.schedule.cursor > now {
                    turn.rewind(ran: try await store.plannedTimes(ranAfter: now, of: entry.schedule.id))
                }
                // What is past has its fate by the rules that were there then.
                turn.recall()
                if times != nil { turn.settle(awakeSince: now) }
            } catch { throw .store(error) }
            // Where very many are past, they are written bit by bit.
            let isSettled = times == nil || turn.schedule.next.map { $0 > now } ?? true
            if isSettled { try body(&turn, now) }
            guard let step = turn.step else { return turn.schedule }
            var taken: String?
            let isRenamed = step.schedule.name != entry.schedule.name
            do throws(StoreError) {
                if try await store.commit([step]) == [true] {
                    if isSettled { return step.schedule }
                } else if isRenamed, let other = try await store.entry(named: step.schedule.name) {
                    taken = other.schedule.name
                }
            } catch { throw .store(error) }
            if let taken { throw Self.isTaken(taken) }
        }
    }

    private func turn(_ entry: ScheduleEntry, _ times: ScheduleTimes?, _ now: Int64) -> ScheduleTurn {
        ScheduleTurn(entry, times: times, now: now, makeID: makeID)
    }

    /// Whether a schedule can be planned.
    private func check(_ schedule: Schedule, _ now: Int64) throws(Failure) -> ScheduleTimes {
        do throws(ScheduleFault) {
            try schedule.check()
            let times = try ScheduleTimes(of: schedule, zones: zones)
            guard times.next(after: now) != nil else {
                throw ScheduleFault(
                    "'\(schedule.trigger)' never comes again after \(Stamp.text(now)): give a time that is still to come, or a later "
                        + "--until")
            }
            return times
        } catch { throw .refused(error) }
    }
}

extension Schedule {
    /// Whether its parts make sense.
    ///
    /// - Throws: ``ScheduleFault``, which names the flag of the command that sets the part.
    func check() throws(ScheduleFault) {
        let isName =
            !name.isEmpty && name.utf8.count <= 100
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
        guard isName else {
            throw ScheduleFault(
                "'\(name)' cannot be a schedule's name: take letters, digits, '-', '_' and '.', 100 at most")
        }
        for (flag, value) in [
            ("--jitter", jitter), ("--catchup-window", catchUp.window), ("--retry-delay", retry.delay),
            ("--retry", Int64(retry.count)), ("--max-changes", Int64(maxChanges ?? 0)),
        ] where value < 0 { throw ScheduleFault("\(flag) must be 0 or more, not \(value)") }
        let year: Int64 = 366 * 86_400_000
        for (flag, value) in [("--jitter", jitter), ("--retry-delay", retry.delay)] where value > year {
            throw ScheduleFault("\(flag) must not be more than a year")
        }
        for (flag, value) in [("--retry", retry.count), ("--catchup-max", catchUp.maximum)] where value > 1_000 {
            throw ScheduleFault("\(flag) must not be more than 1000")
        }
        guard retry.count == 0 || retry.delay >= 1_000 else {
            throw ScheduleFault("--retry-delay must be a second or more")
        }
        if let timeLimit, timeLimit <= 0 { throw ScheduleFault("--time-limit must be more than 0") }
        guard catchUp.maximum > 0 else {
            throw ScheduleFault("--catchup-max must be 1 or more, not \(catchUp.maximum)")
        }
        if let starting, let until, starting > until {
            throw ScheduleFault("--starting must not be later than --until")
        }
    }

    /// Takes from another one what people may change.
    mutating func take(_ edited: Schedule) {
        var new = edited
        new.phase = phase
        new.pauseReason = pauseReason
        new.paused = paused
        new.cursor = cursor
        new.next = next
        new.ready = ready
        new.spent = spent
        new.isFailing = isFailing
        new.untold = untold
        new.revision = revision
        self = new
    }
}
