import Operations
import RunbookHost
import RunbookSchedule
import RunbookStore
import Testing

/// What every store of schedules does alike.
@Suite final class ScheduleStoreContractTests: Sendable {
    private let folder = TemporaryFolder()

    // MARK: Schedules

    @Test(arguments: ScheduleStoreKind.allCases)
    func aNewScheduleIsThere(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        #expect(try await store.entries().isEmpty)
        #expect(try await store.commit(ScheduleStep(.sample("s-1", name: "nightly"))))
        let entry = ScheduleEntry(Schedule.sample("s-1", name: "nightly").written)
        #expect(entry.schedule.revision == 1)
        #expect(try await store.entry(named: "nightly") == entry)
        #expect(try await store.entry(id: "s-1") == entry)
        #expect(try await store.entries() == [entry])
        #expect(try await store.entry(named: "s-1") == nil)
        #expect(try await store.entry(id: "nightly") == nil)
    }

    @Test(arguments: ScheduleStoreKind.allCases)
    func allThatIsKnownIsKept(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        var schedule = Schedule.full("s-1")
        for change in 0..<3 {
            schedule.sealed.append(UInt8(change))
            let slots = [Slot.full("s-1", 5), .full("s-1", -5), .full("s-1", .max)].map { slot in
                var slot = slot
                slot.attempts = change
                return slot
            }
            #expect(try await store.commit(ScheduleStep(schedule, slots: slots)))
            schedule = schedule.written
            let entry = ScheduleEntry(schedule, open: slots.sorted { $0.planned < $1.planned })
            #expect(try await store.entry(id: "s-1") == entry)
            #expect(try await store.entry(named: schedule.name) == entry)
            #expect(try await store.slots(of: "s-1") == entry.open)
        }
    }

    @Test(arguments: ScheduleStoreKind.allCases)
    func everyWordOfASlotIsKept(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        var slots: [Slot] = []
        for state in Slot.State.allCases {
            for origin in Slot.Origin.allCases {
                for outcome in RunStatus.allCases.map(Optional.some) + [nil] {
                    var slot = Slot(
                        schedule: "s-1", planned: Int64(slots.count), origin: origin, state: state, due: -1)
                    slot.outcome = outcome
                    slots.append(slot)
                }
            }
        }
        #expect(try await store.commit(ScheduleStep(.sample("s-1"), slots: slots.shuffled())))
        #expect(try await store.slots(of: "s-1") == slots)
        #expect(try await store.entry(id: "s-1")?.open == slots.filter { !$0.state.isEnd })
    }

    @Test(arguments: ScheduleStoreKind.allCases)
    func schedulesAreListedByName(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        for (id, name) in [("s-1", "b"), ("s-2", "ä"), ("s-3", "a"), ("s-4", "B"), ("s-5", "gone"), ("s-6", "")] {
            #expect(
                try await store.commit(ScheduleStep(.sample(id, name: name), slots: [.sample(id, 9), .sample(id, 8)])))
        }
        let gone = Schedule.sample("s-5", name: "gone").written.changed { $0.phase = .removed }
        #expect(try await store.commit(ScheduleStep(gone)))
        let entries = try await store.entries()
        #expect(entries.map(\.schedule.name) == ["", "B", "a", "b", "ä"])
        #expect(entries.allSatisfy { $0.open.map(\.planned) == [8, 9] })
    }

    // MARK: Names

    @Test(arguments: ScheduleStoreKind.allCases)
    func aNameThatIsTakenIsRefused(_ kind: ScheduleStoreKind) async throws {
        let (store, runs) = kind.stores(in: folder)
        #expect(try await store.commit(ScheduleStep(.sample("s-1", name: "nightly"))))
        let second = ScheduleStep(
            .sample("s-2", name: "nightly"), slots: [.sample("s-2", 1)], notices: [.sample("n-1")], audit: [.sample()])
        #expect(try await !store.commit(second))
        #expect(try await store.entry(id: "s-2") == nil)
        #expect(try await store.slots(of: "s-2").isEmpty)
        #expect(try await store.notices(by: .max, limit: 9).isEmpty)
        #expect(try await runs.lines().isEmpty)
        #expect(try await store.counts().isEmpty)
    }

    @Test(arguments: ScheduleStoreKind.allCases)
    func theNameOfARemovedScheduleIsFree(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        var old = Schedule.sample("s-1", name: "nightly")
        #expect(try await store.commit(ScheduleStep(old)))
        old = old.written.changed { $0.phase = .removed }
        #expect(try await store.commit(ScheduleStep(old)))
        #expect(try await store.entry(named: "nightly") == nil)
        #expect(try await store.entry(id: "s-1")?.schedule == old.written)
        #expect(try await store.commit(ScheduleStep(.sample("s-2", name: "nightly"))))
        #expect(try await store.entry(named: "nightly")?.schedule.id == "s-2")
        // The old one can be changed, and does not come back while its name is another's.
        #expect(try await store.commit(ScheduleStep(old.written.changed { $0.isFailing = true })))
        #expect(try await !store.commit(ScheduleStep(old.written.written.changed { $0.phase = .active })))
        #expect(try await store.entries().map(\.schedule.id) == ["s-2"])
    }

    @Test(arguments: ScheduleStoreKind.allCases)
    func aScheduleMayTakeAnotherNameThatIsFree(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        let first = Schedule.sample("s-1", name: "a")
        #expect(
            try await store.commit([ScheduleStep(first), ScheduleStep(.sample("s-2", name: "b"))]) == [true, true])
        #expect(try await !store.commit(ScheduleStep(first.written.changed { $0.name = "b" })))
        #expect(try await store.commit(ScheduleStep(first.written.changed { $0.name = "c" })))
        #expect(try await store.entry(named: "a") == nil)
        #expect(try await store.entry(named: "c")?.schedule.id == "s-1")
        #expect(try await store.commit(ScheduleStep(.sample("s-3", name: "a"))))
    }

    @Test(arguments: ScheduleStoreKind.allCases)
    func aNameIsWhatItsBytesAre(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        #expect(try await store.commit(ScheduleStep(.sample("s-1", name: "caf\u{e9}"))))
        #expect(try await store.commit(ScheduleStep(.sample("s-2", name: "cafe\u{301}"))))
        #expect(try await store.entry(named: "caf\u{e9}")?.schedule.id == "s-1")
        #expect(try await store.entry(named: "cafe\u{301}")?.schedule.id == "s-2")
        #expect(try await store.entries().map(\.schedule.id) == ["s-2", "s-1"])
    }

    // MARK: Revisions

    @Test(arguments: ScheduleStoreKind.allCases)
    func whoHasNotReadTheLastRevisionWritesNothing(_ kind: ScheduleStoreKind) async throws {
        let (store, runs) = kind.stores(in: folder)
        let read = Schedule.sample("s-1").written
        #expect(try await store.commit(ScheduleStep(.sample("s-1"), slots: [.sample("s-1", 1)])))
        #expect(try await store.commit(ScheduleStep(read.changed { $0.actor = "first" })))
        let before = try await store.entry(id: "s-1")
        #expect(before?.schedule.actor == "first")
        #expect(before?.schedule.revision == 2)
        let late = ScheduleStep(
            read.changed { $0.actor = "second" }, slots: [.sample("s-1", 1, .ran), .sample("s-1", 2)],
            notices: [.sample("n-1")], audit: [.sample()], reopening: 0)
        #expect(try await !store.commit(late))
        #expect(try await store.entry(id: "s-1") == before)
        #expect(try await store.slots(of: "s-1") == [.sample("s-1", 1)])
        #expect(try await store.notices(by: .max, limit: 9).isEmpty)
        #expect(try await runs.lines().isEmpty)
        #expect(try await store.counts() == [.waiting: 1])
        // Nor does one from the future, nor one that takes it for a new schedule.
        for revision in [0, 3, -1] as [Int64] {
            #expect(try await !store.commit(ScheduleStep(read.changed { $0.revision = revision })))
        }
        #expect(try await !store.commit(ScheduleStep(.sample("s-2").written)))
        #expect(try await store.entry(id: "s-2") == nil)
    }

    @Test(arguments: ScheduleStoreKind.allCases)
    func aStepThatIsRefusedLeavesTheOthersAlone(_ kind: ScheduleStoreKind) async throws {
        let (store, runs) = kind.stores(in: folder)
        #expect(try await store.commit([]) == [])
        let written = try await store.commit([
            ScheduleStep(.sample("s-1"), slots: [.sample("s-1", 1)], audit: [.sample(1)]),
            ScheduleStep(.sample("s-2").written, slots: [.sample("s-2", 1)], audit: [.sample(2)]),
            ScheduleStep(.sample("s-3"), notices: [.sample("n-3")], audit: [.sample(3), .sample(4)]),
            // Each sees what the one before has done.
            ScheduleStep(.sample("s-1"), audit: [.sample(5)]),
            ScheduleStep(Schedule.sample("s-1").written, slots: [.sample("s-1", 2)], audit: [.sample(6)]),
        ])
        #expect(written == [true, false, true, false, true])
        #expect(try await store.entry(id: "s-1")?.schedule.revision == 2)
        #expect(try await store.slots(of: "s-1").map(\.planned) == [1, 2])
        #expect(try await store.entry(id: "s-2") == nil)
        #expect(try await store.notices(by: .max, limit: 9).map(\.id) == ["n-3"])
        let lines = try await runs.lines()
        #expect(try isOneChain(lines))
        let numbers = try lines.map { try JSONValue(parsing: $0.text)["number"]?.integerValue }
        #expect(numbers == [1, 3, 4, 6])
    }

    @Test(arguments: ScheduleStoreKind.allCases)
    func auditLinesFollowThoseOfTheRuns(_ kind: ScheduleStoreKind) async throws {
        let (store, runs) = kind.stores(in: folder)
        try await runs.audit([.sample()])
        #expect(try await store.commit(ScheduleStep(.sample("s-1"), audit: [.sample()])))
        try await runs.audit([.sample()])
        #expect(try isOneChain(try await runs.lines()))
        #expect(try await runs.auditHead()?.sequence == 3)
    }

    // MARK: Fates

    @Test(arguments: ScheduleStoreKind.allCases, Slot.State.allCases)
    func aFateIsForGood(_ kind: ScheduleStoreKind, _ old: Slot.State) async throws {
        let (store, runs) = kind.stores(in: folder)
        var schedule = Schedule.sample("s-1")
        for (number, new) in Slot.State.allCases.enumerated() {
            let planned = Int64(number)
            #expect(try await store.commit(ScheduleStep(schedule, slots: [.sample("s-1", planned, old)])))
            schedule = schedule.written
            let before = (try await store.slots(of: "s-1"), try await store.counts(), try await runs.lines().count)
            var slot = Slot.sample("s-1", planned, new)
            slot.reason = "told in more words"
            let step = ScheduleStep(
                schedule.changed { $0.isFailing = true }, slots: [.sample("s-1", 100 + planned), slot],
                audit: [.sample()])
            let mayBecome = !old.isEnd || old == new
            #expect(try await store.commit(step) == mayBecome)
            if mayBecome {
                schedule = step.schedule.written
                #expect(try await store.slots(of: "s-1").contains(slot))
            } else {
                #expect(try await store.slots(of: "s-1") == before.0)
                #expect(try await store.counts() == before.1)
                #expect(try await runs.lines().count == before.2)
            }
            #expect(try await store.entry(id: "s-1")?.schedule == schedule)
        }
    }

    @Test(arguments: ScheduleStoreKind.allCases)
    func aClockThatWasAheadTakesBackWhatItHasSkippedAndMissed(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        let limit: Int64 = 1_000_000
        // Of each state one before the limit, one at it or right behind it, and one after.
        let slots = Slot.State.allCases.enumerated().flatMap { number, state in
            [number, 1_000 + number, 2_000 + number].map { Slot.sample("s-1", Int64($0) * 1_000, state) }
        }
        // What a person asked for is not planned again.
        let person = Slot.sample("s-1", limit + 4_001, .skipped)
        let others = slots.map { Slot.sample("s-2", $0.planned, $0.state) }
        #expect(
            try await store.commit([
                ScheduleStep(.sample("s-1"), slots: slots + [person]), ScheduleStep(.sample("s-2"), slots: others),
            ]) == [true, true])
        let forgotten = slots.filter { [.skipped, .missed].contains($0.state) && $0.planned >= limit }
        #expect(forgotten.count == 4)
        // One of them is planned anew at once, which would be refused otherwise.
        let anew = Slot.sample("s-1", forgotten[0].planned, .running)
        let step = ScheduleStep(Schedule.sample("s-1").written, slots: [anew], reopening: limit)
        #expect(try await store.commit(step))
        let left = (slots.filter { !forgotten.contains($0) } + [anew, person]).sorted { $0.planned < $1.planned }
        #expect(try await store.slots(of: "s-1") == left)
        #expect(try await store.slots(of: "s-2") == others.sorted { $0.planned < $1.planned })
        #expect(try await store.counts() == Dictionary((left + others).map { ($0.state, 1) }, uniquingKeysWith: +))
        // Those that ran stay as they are.
        let ran = try #require(left.last { $0.state == .ran })
        let again = ScheduleStep(
            step.schedule.written, slots: [.sample("s-1", ran.planned, .waiting)], reopening: 0)
        #expect(try await !store.commit(again))
    }

    @Test(arguments: ScheduleStoreKind.allCases)
    func whatCannotBeASlotOfTheScheduleIsSaid(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        var strange = Slot.sample("s-2", 1)
        strange.runs = ["run-1\nrun-2"]
        var nameless = Slot.sample("s-2", 1)
        nameless.runs = [""]
        for (slots, complaint) in [
            (
                [.sample("s-3", 1)],
                "cannot record a slot of the schedule s-3 with the schedule s-2: each is recorded with its own"
            ),
            (
                [.sample("s-2", 1), .sample("s-2", 2), .sample("s-2", 1, .ran)],
                "cannot record two slots of the schedule s-2 for one planned time: it has one at most"
            ),
            (
                [strange],
                "cannot record a slot of the schedule s-2: an id of a run is empty or has several lines"
            ),
            (
                [nameless],
                "cannot record a slot of the schedule s-2: an id of a run is empty or has several lines"
            ),
        ] as [([Slot], String)] {
            await #expect(throws: StoreError.unusable(complaint)) {
                try await store.commit([ScheduleStep(.sample("s-1")), ScheduleStep(.sample("s-2"), slots: slots)])
            }
        }
        #expect(try await store.entries().isEmpty)
    }

    // MARK: What is next

    @Test(arguments: ScheduleStoreKind.allCases)
    func whatIsDueIsFoundInTurn(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        #expect(try await store.earliest() == (nil, nil))
        for (id, next) in [("s-1", 300), ("s-2", 100), ("s-3", nil), ("s-4", 200), ("s-5", 100), ("s-6", 50)]
            as [(String, Int64?)]
        {
            let slots = [Slot.sample(id, 2), .sample(id, 1), .sample(id, 0, .ran)]
            let schedule = Schedule.sample(id, next: next).changed {
                if id == "s-4" { $0.phase = .paused }
                if id == "s-6" { $0.phase = .removed }
            }
            #expect(try await store.commit(ScheduleStep(schedule, slots: slots)))
        }
        func due(_ time: Int64, _ limit: Int = .max) async throws -> [String] {
            try await store.due(by: time, limit: limit).map(\.schedule.id)
        }
        #expect(try await due(99) == [])
        #expect(try await due(100) == ["s-2", "s-5"])
        #expect(try await due(200) == ["s-2", "s-5", "s-4"])
        #expect(try await due(.max) == ["s-2", "s-5", "s-4", "s-1"])
        #expect(try await due(.max, 3) == ["s-2", "s-5", "s-4"])
        #expect(try await due(.max, 0) == [])
        #expect(try await due(.max, -1) == [])
        #expect(try await store.due(by: 100, limit: 1) == [try await store.entry(id: "s-2")])
        #expect(try await store.due(by: 100, limit: 1).first?.open.map(\.planned) == [1, 2])
        #expect(try await store.earliest() == (100, nil))
        // They move as they are written.
        let moved = Schedule.sample("s-2", next: 100).written.changed { $0.next = 250 }
        #expect(try await store.commit(ScheduleStep(moved)))
        #expect(try await due(.max) == ["s-5", "s-4", "s-2", "s-1"])
        #expect(try await store.commit(ScheduleStep(moved.written.changed { $0.next = nil })))
        #expect(try await due(.max) == ["s-5", "s-4", "s-1"])
    }

    @Test(arguments: ScheduleStoreKind.allCases)
    func whatMayStartIsFoundInTurn(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        for (id, ready) in [("s-1", 300), ("s-2", 100), ("s-3", nil), ("s-4", 200), ("s-5", 100)]
            as [(String, Int64?)]
        {
            let schedule = Schedule.sample(id, next: 70).changed {
                $0.ready = ready
                if id == "s-4" { $0.phase = .removed }
            }
            #expect(try await store.commit(ScheduleStep(schedule, slots: [.sample(id, 2, .interrupted)])))
        }
        func ready(_ time: Int64, _ limit: Int = .max) async throws -> [String] {
            try await store.ready(by: time, limit: limit).map(\.schedule.id)
        }
        #expect(try await ready(99) == [])
        #expect(try await ready(100) == ["s-2", "s-5"])
        #expect(try await ready(.max) == ["s-2", "s-5", "s-4", "s-1"])
        #expect(try await ready(.max, 1) == ["s-2"])
        #expect(try await store.ready(by: 200, limit: 9).allSatisfy { $0.open.map(\.planned) == [2] })
        #expect(try await store.earliest() == (70, 100))
        for id in ["s-2", "s-5"] {
            let done = try #require(try await store.entry(id: id)).schedule.changed {
                $0.ready = nil
                $0.next = nil
            }
            #expect(try await store.commit(ScheduleStep(done)))
        }
        #expect(try await ready(.max) == ["s-4", "s-1"])
        #expect(try await store.earliest() == (70, 200))
    }

    @Test(arguments: ScheduleStoreKind.allCases)
    func whatIsAheadOfAClockIsFound(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        for (id, cursor) in [("s-1", 300), ("s-2", 100), ("s-3", 200), ("s-4", 400)] as [(String, Int64)] {
            let schedule = Schedule.sample(id).changed {
                $0.cursor = cursor
                if id == "s-4" { $0.phase = .removed }
            }
            #expect(try await store.commit(ScheduleStep(schedule, slots: [.sample(id, 2)])))
        }
        func ahead(_ time: Int64, _ limit: Int = .max) async throws -> [String] {
            try await store.ahead(of: time, limit: limit).map(\.schedule.id)
        }
        #expect(try await ahead(300) == [])
        #expect(try await ahead(299) == ["s-1"])
        #expect(try await ahead(0) == ["s-1", "s-3", "s-2"])
        #expect(try await ahead(0, 2) == ["s-1", "s-3"])
        #expect(try await ahead(0, 0) == [])
        let back = try #require(try await store.entry(id: "s-1")).schedule.changed { $0.cursor = 50 }
        #expect(try await store.commit(ScheduleStep(back)))
        #expect(try await ahead(99) == ["s-3", "s-2"])
        #expect(try await store.ahead(of: 199, limit: 1).first?.open.map(\.planned) == [2])
    }

    @Test(arguments: ScheduleStoreKind.allCases)
    func whatACarrierRunsIsFound(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        func slot(_ schedule: String, _ planned: Int64, _ state: Slot.State, _ carrier: String?) -> Slot {
            var slot = Slot.sample(schedule, planned, state)
            slot.carrier = carrier
            return slot
        }
        #expect(
            try await store.commit([
                ScheduleStep(
                    .sample("s-1"),
                    slots: [
                        slot("s-1", 1, .running, "c-1"), slot("s-1", 2, .running, "c-1"), slot("s-1", 3, .waiting, nil),
                    ]),
                ScheduleStep(.sample("s-2"), slots: [slot("s-2", 1, .ran, "c-1"), slot("s-2", 2, .running, "c-2")]),
                ScheduleStep(
                    .sample("s-3").changed { $0.phase = .removed },
                    slots: [slot("s-3", 1, .interrupted, "c-2"), slot("s-3", 2, .running, "c-1")]),
                ScheduleStep(.sample("s-4"), slots: [slot("s-4", 1, .running, nil)]),
            ]) == [true, true, true, true])
        let first = try await store.entries(carriedBy: "c-1")
        #expect(first.map(\.schedule.id) == ["s-1", "s-3"])
        #expect(first.map { $0.open.map(\.planned) } == [[1, 2, 3], [1, 2]])
        #expect(try await store.entries(carriedBy: "c-2").map(\.schedule.id) == ["s-2"])
        #expect(try await store.entries(carriedBy: "c-3").isEmpty)
        // Handed over, and ended.
        let step = ScheduleStep(
            first[0].schedule, slots: [slot("s-1", 1, .ran, "c-1"), slot("s-1", 2, .running, "c-2")])
        #expect(try await store.commit(step))
        #expect(try await store.entries(carriedBy: "c-1").map(\.schedule.id) == ["s-3"])
        #expect(try await store.entries(carriedBy: "c-2").map(\.schedule.id) == ["s-1", "s-2"])
    }

    // MARK: Slots

    @Test(arguments: ScheduleStoreKind.allCases)
    func slotsAreReadLatestFirstAndInPages(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        let states = Slot.State.allCases
        let slots = (0..<24).map { Slot.sample("s-1", Int64($0) * 10, states[$0 % states.count]) }
        #expect(try await store.commit(ScheduleStep(.sample("s-1"), slots: slots)))
        #expect(try await store.commit(ScheduleStep(.sample("s-2"), slots: [.sample("s-2", 5)])))
        func planned(_ before: Int64?, _ states: Set<Slot.State>, _ limit: Int) async throws -> [Int64] {
            try await store.slots(of: "s-1", before: before, states: states, limit: limit).map(\.planned)
        }
        #expect(try await planned(nil, [], 3) == [230, 220, 210])
        #expect(try await planned(210, [], 3) == [200, 190, 180])
        #expect(try await planned(0, [], 3) == [])
        #expect(try await planned(nil, [], 0) == [])
        #expect(try await planned(nil, [], -1) == [])
        #expect(try await planned(.min, [], 3) == [])
        #expect(try await planned(nil, [.missed], 2) == [230, 170])
        #expect(try await planned(230, [.missed, .waiting], 3) == [180, 170, 120])
        #expect(try await planned(nil, [.waiting, .running, .interrupted], 4) == [200, 190, 180, 140])
        #expect(try await planned(180, [.running], 9) == [130, 70, 10])
        #expect(try await store.slots(of: "s-3", before: nil, states: [], limit: 9).isEmpty)
        let all = try await store.slots(of: "s-1", before: nil, states: Set(states), limit: 99)
        #expect(all == slots.reversed())
    }

    @Test(arguments: ScheduleStoreKind.allCases)
    func slotsOfRemovedSchedulesAreNotCounted(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        #expect(try await store.counts().isEmpty)
        let slots = [Slot.sample("s-1", 1, .ran), .sample("s-1", 2, .ran), .sample("s-1", 3, .interrupted)]
        #expect(try await store.commit(ScheduleStep(.sample("s-1"), slots: slots)))
        #expect(try await store.commit(ScheduleStep(.sample("s-2"), slots: [.sample("s-2", 1, .ran)])))
        #expect(try await store.counts() == [.ran: 3, .interrupted: 1])
        // With the step that removes it, its slots change too.
        let removed = Schedule.sample("s-1").written.changed { $0.phase = .removed }
        #expect(
            try await store.commit(
                ScheduleStep(removed, slots: [.sample("s-1", 3, .skipped), .sample("s-1", 4, .skipped)])))
        #expect(try await store.counts() == [.ran: 1])
        #expect(try await store.forgetSlots(endedBefore: 12) == 2)
        #expect(try await store.counts().isEmpty)
        #expect(
            try await store.commit(
                ScheduleStep(removed.written.changed { $0.phase = .paused }, slots: [.sample("s-1", 5)])))
        #expect(try await store.counts() == [.ran: 1, .skipped: 2, .waiting: 1])
    }

    @Test(arguments: ScheduleStoreKind.allCases)
    func oldSlotsAreForgottenAndOpenOnesAreNot(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        var late = Slot.sample("s-1", 1, .ran)
        late.ended = 100
        var endless = Slot.sample("s-1", 2, .skipped)
        endless.ended = nil
        let slots = [
            late, endless, .sample("s-1", 3), .sample("s-1", 4, .running), .sample("s-1", 5, .interrupted),
            .sample("s-1", 6, .ran), .sample("s-1", 7, .skipped), .sample("s-1", 8, .missed), .sample("s-1", 89, .ran),
            .sample("s-1", 90, .ran), .sample("s-1", 91, .ran),
        ]
        #expect(try await store.commit(ScheduleStep(.sample("s-1"), slots: slots)))
        #expect(try await store.forgetSlots(endedBefore: 16) == 0)
        #expect(try await store.forgetSlots(endedBefore: 100) == 4)
        #expect(try await store.slots(of: "s-1").map(\.planned) == [1, 2, 3, 4, 5, 90, 91])
        #expect(try await store.counts() == [.ran: 3, .skipped: 1, .waiting: 1, .running: 1, .interrupted: 1])
        #expect(try await store.forgetSlots(endedBefore: 100) == 0)
        #expect(try await store.forgetSlots(endedBefore: 101) == 2)
        #expect(try await store.entry(id: "s-1")?.schedule.revision == 1)
    }

    @Test(arguments: ScheduleStoreKind.allCases)
    func manyOldSlotsOfManySchedulesAreForgotten(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        var steps = (0..<1_100).map { number in
            ScheduleStep(.sample("s-\(number)"), slots: (0..<3).map { .sample("s-\(number)", $0, .ran) })
        }
        steps.append(ScheduleStep(.sample("large"), slots: (0..<5_000).map { .sample("large", $0, .missed) }))
        #expect(try await store.commit(steps).allSatisfy { $0 })
        #expect(try await store.counts() == [.ran: 3_300, .missed: 5_000])
        #expect(try await store.forgetSlots(endedBefore: 12) == 2_202)
        #expect(try await store.counts() == [.ran: 1_100, .missed: 4_998])
        #expect(try await store.forgetSlots(endedBefore: .max) == 6_098)
        #expect(try await store.counts().isEmpty)
    }

    // MARK: Carriers

    @Test(arguments: ScheduleStoreKind.allCases)
    func carriersBeatUntilTheyAreGivenUp(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        #expect(try await store.carriers().isEmpty)
        #expect(try await !store.beat("c-1"))
        let (first, second) = (
            Carrier(id: "c-1", owner: Owners.first, began: 5),
            Carrier(id: "C-2", owner: Owners.second, began: -6, beats: 9)
        )
        try await store.add(first)
        try await store.add(second)
        #expect(try await store.carriers() == [second, first])
        #expect(try await store.beat("c-1"))
        #expect(try await store.beat("c-1"))
        #expect(try await store.beat("C-2"))
        #expect(try await store.carriers().map(\.beats) == [10, 2])
        try await store.remove(carrier: "c-1")
        try await store.remove(carrier: "c-1")
        try await store.remove(carrier: "c-3")
        #expect(try await !store.beat("c-1"))
        #expect(try await store.carriers().map(\.id) == ["C-2"])
        for known in [first, second] {
            await #expect(
                throws: StoreError.unusable(
                    "cannot add the scheduler \(known.id): there is or was one of this id; start it anew under another")
            ) { try await store.add(known) }
        }
        #expect(try await store.carriers().map(\.beats) == [10])
    }

    @Test(arguments: ScheduleStoreKind.allCases)
    func aCarrierThatSlotsNameIsNoCarrierYet(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        #expect(try await store.commit(ScheduleStep(.sample("s-1"), slots: [.full("s-1", 1)])))
        #expect(try await store.carriers().isEmpty)
        #expect(try await !store.beat("carrier-1"))
        let carrier = Carrier(id: "carrier-1", owner: Owners.first, began: 5)
        try await store.add(carrier)
        #expect(try await store.carriers() == [carrier])
        try await store.remove(carrier: "carrier-1")
        #expect(try await store.slots(of: "s-1") == [.full("s-1", 1)])
    }

    // MARK: Notices

    @Test(arguments: ScheduleStoreKind.allCases)
    func noticesAreToldInTurnByOneAlone(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        let notices = [
            Notice.sample("n-1", at: 300), .sample("n-2", at: 100), .sample("n-3", at: 200), .sample("n-4", at: 100),
        ]
        #expect(try await store.commit(ScheduleStep(.sample("s-1"), notices: notices)))
        #expect(try await store.notices(by: 99, limit: 9).isEmpty)
        #expect(try await store.notices(by: 200, limit: 9) == [notices[1], notices[3], notices[2]])
        #expect(try await store.notices(by: .max, limit: 1) == [notices[1]])
        #expect(try await store.notices(by: .max, limit: 0).isEmpty)
        // Of two that have read it one gets it.
        #expect(try await store.take(notices[1], until: 250))
        #expect(try await !store.take(notices[1], until: 260))
        var taken = notices[1]
        taken.due = 250
        taken.attempts = 1
        #expect(try await store.notices(by: 249, limit: 9).map(\.id) == ["n-4", "n-3"])
        #expect(try await store.notices(by: 250, limit: 9).last == taken)
        #expect(try await store.take(taken, until: 400))
        #expect(try await store.notices(by: .max, limit: 9).last?.attempts == 2)
        try await store.remove(notice: "n-2")
        try await store.remove(notice: "n-2")
        #expect(try await !store.take(taken, until: 500))
        #expect(try await store.notices(by: .max, limit: 9).map(\.id) == ["n-4", "n-3", "n-1"])
    }

    @Test(arguments: ScheduleStoreKind.allCases)
    func aNoticeThatIsThereStaysAsItIs(_ kind: ScheduleStoreKind) async throws {
        let store = kind.store(in: folder)
        #expect(try await store.commit(ScheduleStep(.sample("s-1"), notices: [.sample("n-1"), .sample("n-1")])))
        #expect(try await store.take(.sample("n-1"), until: 9_000))
        let again = ScheduleStep(Schedule.sample("s-1").written, notices: [.sample("n-1"), .sample("n-2")])
        #expect(try await store.commit(again))
        #expect(try await store.notices(by: .max, limit: 9).map(\.due) == [1_000, 9_000])
    }
}
