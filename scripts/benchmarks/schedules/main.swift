import Glibc
import Operations
import RunbookHost
import RunbookSchedule
import RunbookStore

// What schedules cost. Each prints one JSON line.
//
//     bench-schedules next COUNT             nanoseconds per next firing, of mixed expressions in mixed zones
//     bench-schedules fill STATE COUNT DUE SECONDS FILE
//                                            adds COUNT schedules of the runbook in FILE to the state folder, of which DUE
//                                            fall due in the same second, so many seconds from now
//     bench-schedules lateness STATE PLANNED how many milliseconds later than PLANNED (since 1970) the runs of its slots began

func leave(_ message: String) -> Never {
    let bytes = Array("bench-schedules: \(message)\n".utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
    exit(1)
}

let expressions = [
    "*/5 * * * *", "30 2 * * *", "0 9 * * mon-fri", "15 14 1 * *", "0 22 * * 1-5", "5 4 * * sun", "0 0 1 1 *",
    "0 12 L * *", "30 6 15W * *", "0 8 * * fri#2", "10 3 * 3,10 0", "0 0 29 2 *", "*/10 8-18 * * *", "@hourly",
]
let zones = [
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Chatham",
    "America/Santiago", "Africa/Casablanca",
]

func next(_ count: Int) throws {
    let catalogue = TimeZoneCatalogue()
    var cases: [(trigger: Trigger, zone: TimeZoneRules)] = []
    for name in zones {
        let zone = try catalogue.zone(named: name)
        for text in expressions { cases.append((try Trigger(text, zone: zone), zone)) }
    }
    // From moments all over a dozen years, also beyond the tables of the zones' files.
    var generator = SystemRandomNumberGenerator()
    let moments = (0..<4_096).map { _ in Int64.random(in: 1_700_000_000..<2_300_000_000, using: &generator) }
    var sum: Int64 = 0
    let start = ContinuousClock.now
    for index in 0..<count {
        let (trigger, zone) = cases[index % cases.count]
        sum &+= trigger.next(after: moments[index & 4_095], in: zone, anchor: 0) ?? 0
    }
    let nanoseconds = (ContinuousClock.now - start) / .nanoseconds(1) / Double(count)
    print(JSONValue.object(["nanoseconds": .number(nanoseconds), "sum": .integer(sum)]).text)
}

func fill(_ state: String, _ count: Int, _ due: Int, _ seconds: Int64, _ file: String) async throws {
    // The key as the command makes it, so that the daemon can open what is sealed here.
    let key = (0..<Sealer.keyLength).map { _ in UInt8.random(in: .min ... .max) }
    mkdir(state, 0o700)
    mkdir(state + "/keys", 0o700)
    let descriptor = open(state + "/keys/state", O_WRONLY | O_CREAT | O_EXCL, 0o600)
    guard descriptor >= 0, write(descriptor, key, key.count) == key.count, let sealer = Sealer(key: key) else {
        leave("a key cannot be made in \(state)/keys/state")
    }
    close(descriptor)
    let source = try contents(of: file)
    let runbook = Runbook(name: file, source: source)
    let store = SQLiteStore(path: state + "/runbook.db")
    let clock = SystemClock()
    let now = clock.unixMilliseconds()
    let planned = (now / 1_000 + seconds) * 1_000
    let catalogue = TimeZoneCatalogue()
    var steps: [ScheduleStep] = []
    for number in 0..<count {
        let isDue = number < due
        var schedule = Schedule(
            id: "bench\(number)", name: "bench\(number)", runbook: file, sha256: runbook.sha256,
            trigger: isDue ? "at \(InstantText.utc(planned / 1_000))" : expressions[number % expressions.count],
            zone: isDue ? "UTC" : zones[number % zones.count], created: now)
        schedule.sealed = ScheduledSource(source: source, parameters: [:]).sealed(by: sealer, for: schedule.id)
        // The others are due later than anybody waits.
        if !isDue { schedule.starting = now + 86_400_000 }
        let zone = try catalogue.zone(named: schedule.zone)
        let first = try Trigger(schedule.trigger, zone: zone).next(
            after: (schedule.starting ?? now) / 1_000, in: zone, anchor: now / 1_000)
        schedule.next = first.map { $0 * 1_000 }
        steps.append(ScheduleStep(schedule))
    }
    for start in stride(from: 0, to: count, by: 1_000) {
        let batch = Array(steps[start..<min(start + 1_000, count)])
        guard try await store.commit(batch).allSatisfy({ $0 }) else { leave("a schedule is there already") }
    }
    await store.close()
    print(JSONValue.object(["planned": .integer(planned)]).text)
}

func lateness(_ state: String, _ planned: Int64) async throws {
    let store = SQLiteStore(path: state + "/runbook.db")
    var late: [Int64] = [], ended: [Int64] = [], failed = 0
    for entry in try await store.entries() {
        for slot in try await store.slots(of: entry.schedule.id, before: nil, states: [], limit: 10)
        where slot.planned == planned {
            if let run = slot.runs.last, slot.outcome == .succeeded {
                // When the run itself began, not when somebody meant to begin it.
                late.append(try await store.run(run).began - planned)
                ended.append((slot.ended ?? 0) - planned)
            } else {
                failed += 1
            }
        }
    }
    print(
        JSONValue.object([
            "slots": .integer(Int64(late.count)), "others": .integer(Int64(failed)),
            "late": .array(late.sorted().map { .integer($0) }), "last_end": ended.max().map { .integer($0) } ?? .null,
        ]).text)
}

func contents(of file: String) throws -> [UInt8] {
    let descriptor = open(file, O_RDONLY)
    guard descriptor >= 0 else { leave("\(file) cannot be read") }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { leave("\(file) cannot be read") }
    return Array(bytes.prefix(count))
}

let arguments = Array(CommandLine.arguments.dropFirst())
do {
    switch arguments.first {
    case "next" where arguments.count == 2: try next(Int(arguments[1]) ?? 0)
    case "fill" where arguments.count == 6:
        try await fill(
            arguments[1], Int(arguments[2]) ?? 0, Int(arguments[3]) ?? 0, Int64(arguments[4]) ?? 0, arguments[5])
    case "lateness" where arguments.count == 3: try await lateness(arguments[1], Int64(arguments[2]) ?? 0)
    default: leave("say next COUNT, fill STATE COUNT DUE SECONDS FILE, or lateness STATE PLANNED")
    }
} catch { leave("\(error)") }
