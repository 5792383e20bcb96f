import RunbookHost
import Testing

@testable import RunbookSchedule

@Suite("A year of a thousand schedules", .timeLimit(.minutes(10)))
struct SimulatedYearTests {
    private static let zones = [
        "UTC", "Europe/Berlin", "Europe/London", "Europe/Lisbon", "Europe/Moscow", "Europe/Istanbul", "Africa/Cairo",
        "Africa/Casablanca", "Africa/Lagos", "Africa/Johannesburg", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tehran",
        "Asia/Tokyo", "Asia/Shanghai", "Asia/Jerusalem", "Asia/Beirut", "Asia/Gaza", "Australia/Sydney",
        "Australia/Adelaide", "Australia/Lord_Howe", "Australia/Eucla", "Pacific/Auckland", "Pacific/Chatham",
        "Pacific/Apia", "Pacific/Kiritimati", "Pacific/Marquesas", "Pacific/Easter", "America/New_York",
        "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage", "America/Halifax",
        "America/St_Johns", "America/Sao_Paulo", "America/Santiago", "America/Asuncion", "America/Havana",
        "Atlantic/Azores", "America/Nuuk", "Antarctica/Troll",
    ]

    private static func schedule(_ number: Int, _ generator: inout SeededRandom) -> Schedule {
        func random(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
        let minutes = random(0...1) * 30
        let hours = random(0...23)
        let moment = noon + Int64(random(1...360)) * day
        var window: (Int64, Int64)?
        let trigger: String
        switch number {
        case 0..<105: trigger = "\(minutes) \(hours) * * *"
        case 105..<170: trigger = "\(minutes) \(random(0...5)) * * *"
        case 170..<230: trigger = "\(minutes) \(hours) * * 1-5"
        case 230..<520:
            trigger = "\(minutes) \(hours) * * \(["mon", "tue", "fri#2", "sunL", "0", "7", "3,5"][random(0...6)])"
        case 520..<680:
            trigger = "\(minutes) \(hours) \(["1", "15", "L", "LW", "15W", "L-3", "1,15"][random(0...6)]) * *"
        case 680..<760: trigger = ["@yearly", "@monthly", "@weekly", "0 0 31 * *"][random(0...3)]
        case 760..<762: trigger = "\(minutes) * * * *"
        case 762..<786: trigger = "every \(random(5...40))h"
        case 786..<800: trigger = "30 \(random(0...3)),\(random(4...23)) */3 * *"
        case 800..<815:
            trigger = "* * * * *"
            window = (moment, moment + Int64(random(6...26)) * hour)
        case 815..<830:
            trigger = "every \(random(40...600))s"
            window = (moment, moment + Int64(random(2...20)) * hour)
        case 830..<840:
            trigger = "*/5 * * * *"
            window = (moment, moment + Int64(random(1...5)) * day)
        default: trigger = "at \(InstantText.utc((moment + Int64(random(0...1_439)) * minute) / 1_000))"
        }
        return .sample("s\(number)", trigger, zone: zones[random(0...zones.count - 1)]) { schedule in
            schedule.starting = window?.0
            schedule.until = window?.1
            schedule.overlap = Overlap.allCases[random(0...4)]
            schedule.jitter = random(0...7) == 0 ? [30 * second, 5 * minute][random(0...1)] : 0
            schedule.retry = Retry(count: random(0...2), delay: Int64(random(10...300)) * second)
            schedule.catchUp = CatchUp(
                [.none, .latest, .all][random(0...2)], window: Int64(random(1...180)) * minute, maximum: random(1...20))
        }
    }

    /// All times at which a schedule was planned, without anything of the scheduler's.
    private static func plannedTimes(
        _ definitions: [SimulatedWorld.Definition], until end: Int64
    ) throws -> [Int64] {
        var times: [Int64] = []
        for (index, definition) in definitions.enumerated() {
            let schedule = definition.schedule
            let last = min(index + 1 < definitions.count ? definitions[index + 1].from : end, schedule.until ?? .max)
            let zone = try sharedZones.zone(named: schedule.zone)
            let trigger = try Trigger(schedule.trigger, zone: zone)
            let anchor = (schedule.starting ?? schedule.created) / 1_000
            var moment = max(definition.from, (schedule.starting ?? 0) - 1) / 1_000
            while let next = trigger.next(after: moment, in: zone, anchor: anchor), next * 1_000 <= last {
                times.append(next * 1_000)
                moment = next
            }
        }
        return times
    }

    @Test func everySlotIsAccountedForExactlyOnce() async throws {
        var generator = SeededRandom(seed: 2026)
        let world = SimulatedWorld(seed: 7, daemons: 2)
        for number in 0..<1_000 { try await world.add(Self.schedule(number, &generator)) }
        await world.live(for: 365 * day, mishaps: 1_000, thenCalmFor: 6 * hour)
        let end = world.clock.unixMilliseconds()

        for fault in world.ledger.faults.prefix(10) { Issue.record("\(fault)") }
        var states: [Slot.State: Int] = [:]
        var unexplained = 0
        for (id, definitions) in world.definitions.sorted(by: { $0.key < $1.key }) {
            let last = world.removed[id] ?? end
            let planned = try Self.plannedTimes(definitions, until: last)
            let slots = try await world.memory.slots(of: id, before: nil, states: [], limit: .max).reversed()
            #expect(slots.map(\.planned) == planned, "\(definitions)")
            for slot in slots {
                states[slot.state, default: 0] += 1
                // The last ones may wait for their part of the jitter, or for the end of another.
                if !slot.state.isEnd, slot.planned < end - 3 * hour { Issue.record("\(slot) has no fate") }
                if slot.state == .missed, world.wasThere(at: slot.planned) { unexplained += 1 }
            }
        }
        #expect(world.ledger.taken > 100)
        #expect(unexplained == 0, "slots were missed although a scheduler was there")
        #expect(try await world.memory.carriers().count == 2)
        for chaos in SimulatedWorld.Chaos.allCases { #expect(world.counts[chaos, default: 0] > 1, "\(chaos)") }
        for state in [Slot.State.ran, .skipped, .missed] { #expect(states[state, default: 0] > 1_000) }
        let chaos = world.counts.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key) \($0.value)" }
        let fates = states.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key) \($0.value)" }
        print(
            "simulated year: \(states.values.reduce(0, +)) slots (\(fates.joined(separator: ", "))), "
                + "\(world.ledger.runs.count) runs, \(world.ledger.taken) taken up, \(world.looks) looks; "
                + chaos.joined(separator: ", "))
    }
}

extension SimulatedWorld {
    /// Whether somebody was there all the time in which a slot was to be started, and the time came once.
    func wasThere(at planned: Int64) -> Bool {
        let end = planned + 7 * minute
        return !repeated.contains { $0.from - 10 * minute <= planned && planned <= $0.to + 10 * minute }
            && calm.contains { $0.from < planned && $0.to > end }
    }
}
