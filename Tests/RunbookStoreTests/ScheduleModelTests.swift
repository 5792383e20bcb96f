import RunbookHost
import RunbookSchedule
import RunbookStore
import Testing

/// The store on the disk beside the one in memory: whatever happens, both answer alike.
@Suite final class ScheduleModelTests: Sendable {
    private let folder = TemporaryFolder()

    @Test(arguments: [1, 2, 3] as [UInt64])
    func bothStoresAnswerAlike(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let (memory, disk) = (ScheduleStoreKind.inMemory.store(in: folder), ScheduleStoreKind.sqlite.store(in: folder))
        var refused = 0
        var written = 0
        for _ in 0..<250 {
            var steps: [ScheduleStep] = []
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                steps.append(try await step(in: memory, using: &random))
            }
            let answers = try await memory.commit(steps)
            #expect(try await disk.commit(steps) == answers)
            written += answers.count { $0 }
            refused += answers.count { !$0 }
            if Int.random(in: 0..<25, using: &random) == 0 {
                let time = Int64.random(in: 0...60, using: &random)
                let forgotten = try await memory.forgetSlots(endedBefore: time)
                #expect(try await disk.forgetSlots(endedBefore: time) == forgotten)
            }
            try await compare(memory, disk, using: &random)
        }
        // Both kinds were there.
        #expect(written > 100 && refused > 20)
    }

    private func step(
        in store: any ScheduleStore, using random: inout SeededGenerator
    ) async throws -> ScheduleStep {
        func time(_ random: inout SeededGenerator) -> Int64 { Int64.random(in: 0..<40, using: &random) }
        func maybe(_ random: inout SeededGenerator) -> Int64? { Bool.random(using: &random) ? time(&random) : nil }
        let id = "s-\(Int.random(in: 0..<8, using: &random))"
        var schedule = try await store.entry(id: id)?.schedule ?? .sample(id)
        if Int.random(in: 0..<10, using: &random) == 0 { schedule.revision -= 1 }
        schedule.name = ["a", "b", "c", "d", "e", "f", "g", "h", "i"].randomElement(using: &random) ?? ""
        schedule.phase = [.active, .active, .active, .paused, .removed].randomElement(using: &random) ?? .active
        (schedule.next, schedule.ready, schedule.cursor) = (maybe(&random), maybe(&random), time(&random))
        var slots: [Int64: Slot] = [:]
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let planned = time(&random)
            var slot = Slot.sample(id, planned, Slot.State.allCases.randomElement(using: &random) ?? .waiting)
            slot.carrier = ["c-1", "c-2", nil].randomElement(using: &random) ?? nil
            slots[planned] = slot
        }
        return ScheduleStep(
            schedule, slots: slots.keys.sorted().compactMap { slots[$0] },
            reopening: Int.random(in: 0..<6, using: &random) == 0 ? time(&random) : nil)
    }

    private func compare(
        _ first: any ScheduleStore, _ second: any ScheduleStore, using random: inout SeededGenerator
    ) async throws {
        let (time, limit) = (Int64.random(in: 0..<40, using: &random), Int.random(in: 0...4, using: &random))
        let all = try await first.entries()
        #expect(try await second.entries() == all)
        #expect(try await first.due(by: time, limit: limit) == second.due(by: time, limit: limit))
        #expect(try await first.ready(by: time, limit: limit) == second.ready(by: time, limit: limit))
        #expect(try await first.ahead(of: time, limit: limit) == second.ahead(of: time, limit: limit))
        #expect(try await first.earliest() == second.earliest())
        for carrier in ["c-1", "c-2"] {
            #expect(try await first.entries(carriedBy: carrier) == second.entries(carriedBy: carrier))
        }
        var counts: [Slot.State: Int] = [:]
        for number in 0..<8 {
            let id = "s-\(number)"
            let slots = try await first.slots(of: id)
            #expect(try await second.slots(of: id) == slots)
            let entry = try await first.entry(id: id)
            #expect(try await second.entry(id: id) == entry)
            #expect(entry?.open ?? [] == slots.filter { !$0.state.isEnd })
            if let phase = entry?.schedule.phase, phase != .removed {
                for slot in slots { counts[slot.state, default: 0] += 1 }
            }
        }
        #expect(try await first.counts() == counts)
        #expect(try await second.counts() == counts)
    }
}
