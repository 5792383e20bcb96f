import Operations

@testable import RunbookHost

/// Runs as they are in real life.
enum SampleRuns {
    private static let people = [
        "ada.lovelace", "grace.hopper", "alan.turing", "edsger.dijkstra", "barbara.liskov", "donald.knuth",
        "margaret.hamilton", "tony.hoare", "frances.allen", "john.mccarthy", "radia.perlman", "ken.thompson",
    ]

    private static func user(_ id: Int) -> JSONValue {
        ["type": "user", "id": .string("\(id)"), "name": .string(name(id))]
    }

    private static func name(_ id: Int) -> String {
        people[id % people.count] + (id < people.count ? "" : "\(id / people.count)")
    }

    /// A leaver's run of some thirty calls with everything in it: what worked, failed, was skipped, is unknown.
    static var mixed: JournalSketch {
        var run = JournalSketch(runbook: "runbooks/quarterly-cleanup.lua", status: .needsDecision)
        run.record.title = "Quarterly clean-up of the support team"
        run.record.parameters = [
            "role": "tier-1-support", "notify": ["ada@example.com", "ops@example.com"], "password": "‹secret›",
        ]
        run.record.approval = "asked"
        _ = run.intent("clock", [], effect: nil, at: 0)
        run.outcome(1, ["unix": 1_714_566_600_000, "run": 0], ms: 0, at: 0)
        var now: Int64 = 12
        let list = run.intent("users.page", ["page": 0, "size": 500], line: 14, at: now)
        run.outcome(list, ["resources": []], attempts: 2, ms: 640, at: 652)
        now = 660
        for id in 1...9 {
            let read = run.intent("users.get", ["id": .integer(Int64(id))], task: UInt32(1 + id % 3), line: 18, at: now)
            run.outcome(read, ["id": .integer(Int64(id))], ms: 40, at: now + 40 + Int64(id * 7 % 30))
            now += 25
        }
        for id in 1...5 {
            let call = run.intent(
                "users.unlock", ["id": .integer(Int64(id))], effect: .idempotent, task: UInt32(1 + id % 3), line: 24,
                at: now)
            run.change(
                call, user(id), "unlock user \(name(id)) (\(id))",
                [["field": "locked", "before": true, "after": false]],
                at: now + 2)
            run.outcome(call, .null, attempts: id == 3 ? 3 : 1, ms: id == 3 ? 900 : 60, at: now + (id == 3 ? 900 : 60))
            run.log("info", "unlocked", ["login": .string(name(id))], task: UInt32(1 + id % 3), at: now + 61)
            now += 70
        }
        run.log("warn", "left alone", ["login": "tony.hoare", "skipped": "is disabled"], at: now)
        run.log("warn", "left alone", ["login": "frances.allen", "skipped": "has no role"], at: now + 3)
        for id in 6...7 {
            let call = run.intent(
                "users.update", ["id": .integer(Int64(id)), "user": ["enabled": false]], effect: .idempotent, line: 31,
                at: now)
            run.change(
                call, user(id), "update user \(name(id)) (\(id))",
                [
                    ["field": "enabled", "before": true, "after": false],
                    ["field": "role.id", "before": "security-manager", "after": "user"],
                    ["field": "role.allSites", "before": true, "after": false],
                ],
                image: [
                    "user": [
                        "id": .integer(Int64(id)), "login": .string(name(id)), "name": "N", "email": "n@example.com",
                        "enabled": true, "role": ["id": "security-manager", "allSites": true, "allAssetGroups": true],
                    ]
                ], at: now + 1)
            run.outcome(call, .null, ms: 120, at: now + 120)
            now += 130
        }
        let refused = run.intent(
            "users.set_sites", ["id": 6, "ids": [4, 9, 12]], effect: .idempotent, line: 36, at: now)
        run.change(
            refused, user(6), "set the sites of user \(name(6)) (6)",
            [["field": "sites", "before": [1, 2], "after": [4, 9, 12]]], image: ["sites": [1, 2]], at: now + 1)
        run.failure(
            refused, "forbidden", "the account may not give access to sites: it needs the role Global Administrator",
            status: 403, at: now + 80)
        now += 90
        let same = run.intent(
            "xpanse.set_role", ["emails": ["ada@example.com"], "role": "Viewer"], effect: .idempotent, line: 40, at: now
        )
        run.change(
            same, ["type": "xpanse_user", "id": "ada@example.com"], "set the Xpanse role of ada@example.com to Viewer",
            at: now + 1)
        run.outcome(same, 0, ms: 210, at: now + 211)
        now += 220
        let created = run.intent(
            "users.create", ["user": ["login": "kurt.goedel", "password": ["$secret": "d1"]]], effect: .reconcilable,
            line: 44, at: now)
        run.change(
            created, ["type": "user", "id": "", "name": "kurt.goedel"], "create user kurt.goedel",
            [["field": "login", "before": .null, "after": "kurt.goedel"]], at: now + 1)
        run.outcome(created, ["id": 57], status: 201, ms: 340, at: now + 341)
        now += 350
        let lost = run.intent("twofa.regenerate", ["id": 7], effect: .unsafe, line: 50, at: now)
        run.change(
            lost, user(7), "make a new two-factor seed for user \(name(7)) (7)",
            [["field": "seed", "before": "‹secret›", "after": "‹secret›"]], at: now + 2)
        now += 5_000
        run.log("error", "no answer", ["login": .string(name(7))], at: now)
        run.record.duration = now
        run.record.calls = 22
        run.record.changes = ["done": 9, "failed": 1, "unknown": 1]
        run.record.error = [
            "kind": "decision", "where": "runbooks/quarterly-cleanup.lua:50",
            "message": "it is unknown whether the server carried out call 22, twofa.regenerate",
        ]
        return run
    }

    /// A run of many calls, sixteen at once, most of them reads.
    static func large(calls count: Int) -> JournalSketch {
        var run = JournalSketch()
        run.record.title = "Unlock every locked user in a role"
        run.record.parameters = ["role": "tier-1-support"]
        var random = UInt64(42)
        func next(_ bound: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % bound
        }
        var free = [Int64](repeating: 0, count: 16)
        var tasks = (0..<16).map { UInt32($0 + 2) }
        var last = UInt32(17)
        var pending: [(end: Int64, write: (inout JournalSketch) -> Void)] = []
        func settle(_ run: inout JournalSketch, to time: Int64) {
            pending.sort { $0.end < $1.end }
            while let first = pending.first, first.end <= time {
                first.write(&run)
                pending.removeFirst()
            }
        }
        let page = run.intent("users.page", ["page": 0, "size": 500], line: 9, at: 0)
        run.outcome(page, ["resources": []], ms: 310, at: 310)
        free = free.map { _ in 320 }
        for index in 0..<(count - 1) {
            let lane = free.indices.min { free[$0] < free[$1] } ?? 0
            let now = free[lane]
            settle(&run, to: now)
            let id = index / 2 + 1, isChange = index % 2 == 1
            if !isChange {
                last += 1
                tasks[lane] = last
            }
            let duration = Int64(15 + next(60) + (next(40) == 0 ? 900 : 0))
            let task = tasks[lane]
            if isChange {
                let call = run.intent(
                    "users.unlock", ["id": .integer(Int64(id))], effect: .idempotent, task: task, line: 18, at: now)
                run.change(
                    call, user(id), "unlock user \(name(id)) (\(id))",
                    [["field": "locked", "before": true, "after": false]], at: now + 1)
                let isRefused = next(90) == 0
                pending.append(
                    (
                        now + duration,
                        { run in
                            if isRefused {
                                run.failure(
                                    call, "not_found", "no user has the id \(id): it may have been deleted meanwhile",
                                    status: 404, at: now + duration)
                            } else {
                                run.outcome(call, attempts: duration > 900 ? 2 : 1, ms: duration, at: now + duration)
                            }
                        }
                    ))
            } else {
                let call = run.intent("users.get", ["id": .integer(Int64(id))], task: task, line: 14, at: now)
                pending.append((now + duration, { $0.outcome(call, ms: duration, at: now + duration) }))
                if next(25) == 0 {
                    run.log(
                        "info", "left alone", ["login": .string(name(id)), "skipped": "is disabled"], task: task,
                        at: now)
                }
            }
            free[lane] = now + duration + Int64(next(4))
        }
        settle(&run, to: .max)
        let end = free.max() ?? 0
        run.end(.succeeded, at: end + 12, result: ["unlocked": .integer(Int64(count / 2))])
        return run
    }
}
