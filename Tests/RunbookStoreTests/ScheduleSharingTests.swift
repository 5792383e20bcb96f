import Glibc
import RunbookHost
import RunbookSchedule
import RunbookStore
import Synchronization
import Testing

/// Several stores, in one process and in several, that write to the same schedules.
@Suite final class ScheduleSharingTests: Sendable {
    private let folder = TemporaryFolder()
    private var path: String { folder.path + "/state/runbook.db" }

    @Test func oneAloneWritesEachRevision() async throws {
        let stores = (0..<4).map { _ in SQLiteStore(path: path) }
        #expect(try await stores[0].commit(ScheduleStep(.sample("s-1"))))
        // All have read the same one each time.
        for round in 1...25 as ClosedRange<Int64> {
            let read = try #require(try await stores[Int(round) % 4].entry(id: "s-1")).schedule
            #expect(read.revision == round)
            let winners = try await withThrowingTaskGroup(of: Int?.self) { group in
                for (number, store) in stores.enumerated() {
                    group.addTask {
                        let step = ScheduleStep(
                            read.changed { $0.actor = "writer \(number)" }, slots: [.written(by: number, at: round)],
                            audit: [.sample(number)])
                        return try await store.commit(step) ? number : nil
                    }
                }
                return try await group.reduce(into: [Int]()) { winners, winner in
                    if let winner { winners.append(winner) }
                }
            }
            try #require(winners.count == 1)
            let entry = try #require(try await stores[0].entry(id: "s-1"))
            #expect(entry.schedule.actor == "writer \(winners[0])")
            #expect(entry.open.last == .written(by: winners[0], at: round))
            #expect(entry.open.count == Int(round))
        }
        let lines = try await stores[0].lines()
        #expect(lines.count == 25)
        #expect(try isOneChain(lines))
    }

    @Test func whoeverIsRefusedReadsAnewAndNothingIsLostOrDoubled() async throws {
        let ids = ["s-1", "s-2", "s-3"]
        let stores = (0..<4).map { _ in SQLiteStore(path: path) }
        #expect(try await stores[0].commit(ids.map { ScheduleStep(.sample($0, next: 0)) }) == [true, true, true])
        let written = try await withThrowingTaskGroup(of: Int.self) { group in
            for (number, store) in stores.enumerated() {
                group.addTask { try await plan(40, by: number, with: store) }
            }
            return try await group.reduce(0, +)
        }
        #expect(written == 120)
        for id in ids {
            let entry = try #require(try await stores[1].entry(id: id))
            #expect(entry.open.map(\.planned) == Array(0..<40))
            #expect(entry.schedule.revision == 41)
        }
        #expect(try await stores[2].counts() == [.waiting: 120])
        #expect(try await stores[2].lines().count == 120)
        #expect(try isOneChain(try await stores[3].lines()))
    }

    @Test func twoProcessesPlanEachSlotOnce() async throws {
        let store = SQLiteStore(path: path)
        #expect(try await store.commit(ScheduleStep(.sample("s-1", next: 0))))
        async let child = #expect(processExitsWith: .success) { [path = path as String] in
            _ = try await plan(150, by: 1, with: SQLiteStore(path: path))
        }
        _ = try await plan(150, by: 2, with: store)
        _ = await child
        let entry = try #require(try await store.entry(id: "s-1"))
        #expect(entry.open.map(\.planned) == Array(0..<150))
        #expect(try await store.lines().count == 150)
        #expect(try isOneChain(try await store.lines()))
    }

    @Test func whatWasAnsweredOutlivesTheProcess() async throws {
        let log = folder.path + "/answered"
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, log = log as String] in
            let store = SQLiteStore(path: path)
            _ = try await store.commit(ScheduleStep(.sample("s-1", next: 0)))
            let file = open(log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
            let answered = Atomic<Int>(0)
            _ = try await plan(.max, by: 1, with: store) {
                // What was written to a file is there although its writer was killed.
                _ = write(file, "+", 1)
                if answered.add(1, ordering: .relaxed).newValue == 60 { kill(getpid(), SIGKILL) }
            }
        }
        let answered = try TemporaryFolder.contents(of: log).count
        #expect(answered >= 60)
        let store = SQLiteStore(path: path)
        let entry = try #require(try await store.entry(id: "s-1"))
        #expect(entry.open.count >= answered && entry.open.count <= answered + 1)
        #expect(entry.open.map(\.planned) == Array(0..<Int64(entry.open.count)))
        #expect(entry.schedule.next == Int64(entry.open.count))
        #expect(try await store.lines().count == entry.open.count)
        #expect(try await store.counts() == [.waiting: entry.open.count])
    }

    @Test func othersWriteWhileOldSlotsAreForgotten() async throws {
        let (first, second) = (SQLiteStore(path: path), SQLiteStore(path: path))
        let slots = (0..<9_000).map { Slot.sample("s-1", $0 - 100_000, .ran) }
        #expect(try await first.commit([ScheduleStep(.sample("s-1", next: 0), slots: slots)]) == [true])
        async let forgotten = first.forgetSlots(endedBefore: 0)
        #expect(try await plan(20, by: 1, with: second) == 20)
        #expect(try await forgotten == 9_000)
        #expect(try await second.slots(of: "s-1").map(\.planned) == Array(0..<20))
        #expect(try await second.counts() == [.waiting: 20])
    }

    @Test func ofTwoThatTakeANoticeOneHasIt() async throws {
        let stores = (0..<4).map { _ in SQLiteStore(path: path) }
        #expect(try await stores[0].commit(ScheduleStep(.sample("s-1"), notices: [.sample("n-1")])))
        for round in 1...10 as ClosedRange<Int64> {
            let notice = try #require(try await stores[0].notices(by: .max, limit: 1).first)
            #expect(notice.attempts == Int(round) - 1)
            let takers = try await withThrowingTaskGroup(of: Bool.self) { group in
                for store in stores { group.addTask { try await store.take(notice, until: 1_000 + round) } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(takers == 1)
        }
    }
}

extension Slot {
    /// A slot that shows who has written it.
    fileprivate static func written(by number: Int, at planned: Int64) -> Slot {
        var slot = Slot.sample("s-1", planned)
        slot.reason = "by \(number)"
        return slot
    }
}

/// Plans the slots of all schedules as several schedulers do that know nothing of each other: reads what is due, and writes
/// the slot for it, and again if somebody was quicker.
///
/// - Parameters:
///   - count: how many slots each schedule is to have.
///   - then: is called after each that was written.
/// - Returns: how many of them it has written.
private func plan(
    _ count: Int64, by number: Int, with store: SQLiteStore, then: () -> Void = {}
) async throws -> Int {
    var written = 0
    while true {
        let due = try await store.due(by: count - 1, limit: 2)
        if due.isEmpty { return written }
        let steps = due.map { entry in
            let planned = entry.schedule.next ?? 0
            return ScheduleStep(
                entry.schedule.changed { $0.next = planned + 1 },
                slots: [.sample(entry.schedule.id, planned)], audit: [.sample(number)])
        }
        for isWritten in try await store.commit(steps) where isWritten {
            written += 1
            then()
        }
    }
}
