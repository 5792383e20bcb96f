import LuaMachine
import Operations
import RunbookHost
import Synchronization
import Testing

/// A console of users that pages as the real one does.
final class PagedConsole: Sendable {
    let users: Mutex<[JSONValue]>

    init(_ count: Int) {
        users = Mutex((1...count).map(Self.user))
    }

    private static func user(_ id: Int) -> JSONValue {
        let role: JSONValue = ["id": id % 2 == 0 ? "even" : "odd"]
        return [
            "id": .integer(Int64(id)), "login": .string("user\(id)"), "name": "n", "locked": .bool(id % 10 == 0),
            "enabled": .bool(id % 20 != 0), "role": role,
        ]
    }

    func answer(_ call: OperationCall) throws(APIError) -> JSONValue {
        users.withLock { users in
            switch call.operation.name {
            case "users.page":
                let size = Int(call.arguments["size"]?.integerValue ?? 10),
                    page = Int(call.arguments["page"]?.integerValue ?? 0)
                let slice = users.dropFirst(page * size).prefix(size)
                return [
                    "resources": .array(Array(slice)),
                    "page": [
                        "number": .integer(Int64(page)), "size": .integer(Int64(size)),
                        "totalPages": .integer(Int64((users.count + size - 1) / size)),
                        "totalResources": .integer(Int64(users.count)),
                    ],
                ]
            case "users.delete":
                users.removeAll { $0["id"] == call.arguments["id"] }
                return ["links": []]
            case "users.get": return users.first { $0["id"] == call.arguments["id"] } ?? .null
            default: return ["links": []]
            }
        }
    }
}

@Suite struct PreludeTests {
    @Test(arguments: MachineKind.allCases)
    func eachVisitsEveryUserOfEveryPageOnce(kind: MachineKind) async throws {
        let console = PagedConsole(1203)
        let harness = HostHarness(kind) { call throws(APIError) in try console.answer(call) }
        let outcome = try await harness.run(
            """
            runbook { needs = { "users:read" } }
            local count, last, sorted = 0, 0, true
            for user in users.each() do
              count, sorted, last = count + 1, sorted and user.id > last, user.id
            end
            return { count, sorted }
            """)
        #expect(outcome.result == [1203, true])
        #expect(harness.transport.sent.map { $0.arguments["size"] } == [500, 500, 500])
    }

    @Test func filtersCombine() async throws {
        let console = PagedConsole(100)
        let harness = HostHarness { call throws(APIError) in try console.answer(call) }
        let outcome = try await harness.run(
            """
            runbook { needs = { "users:read" } }
            local function ids(filter)
              local list = {}
              for user in users.each(filter) do list[#list + 1] = user.id end
              return list
            end
            return { ids { locked = true, enabled = true }, ids { login = { "user3", "user5" } }, ids { role = "odd", locked = true },
              users.find({ login = "user77" }).id, users.find { login = "nobody" } == nil }
            """)
        #expect(outcome.result == [[10, 30, 50, 70, 90], [3, 5], [], 77, true])
    }

    @Test func aWrongFilterSaysWhatThereIs() async throws {
        let outcome = try await HostHarness().run("runbook { needs = { 'users:read' } } users.each { loked = true }")
        #expect(outcome.error?.message.contains("there is no filter 'loked'") == true)
        let kind = try await HostHarness().run("runbook { needs = { 'users:read' } } users.each { locked = 'yes' }")
        #expect(kind.error?.message.contains("must be true or false") == true)
    }

    @Test(arguments: [1, 3, 700])
    func deletingWhileVisitingPassesNobodyOver(width: Int) async throws {
        let console = PagedConsole(2100)
        let harness = HostHarness { call throws(APIError) in try console.answer(call) }
        let outcome = try await harness.run(
            """
            runbook { needs = { "users:read", "users:delete" } }
            local seen = 0
            parallel(users.each(), \(width), function(user) seen = seen + 1 users.delete(user.id) end)
            return seen
            """)
        #expect(outcome.result == 2100)
        #expect(console.users.withLock { $0.isEmpty })
    }

    @Test(arguments: MachineKind.allCases)
    func parallelKeepsOrderAndBoundsWhatIsInFlight(kind: MachineKind) async throws {
        let most = Mutex((now: 0, most: 0))
        let harness = HostHarness(kind) { call throws(APIError) in
            most.withLock {
                $0.now += 1; $0.most = max($0.most, $0.now)
            }
            await Task.yield()
            most.withLock { $0.now -= 1 }
            return ["id": call.arguments["id"] ?? .null]
        }
        let outcome = try await harness.run(
            """
            runbook { needs = { "users:read" } }
            local ids = {}
            for i = 1, 50 do ids[i] = i end
            local results = parallel(ids, 4, function(id, index) if id % 5 ~= 0 then return { users.get(id).id, index } end end)
            return { #results, results[1], results[#results], #parallel({}, 3, print) }
            """)
        #expect(outcome.result == [40, [1, 1], [49, 49], 0], "\(String(describing: outcome.error))")
        #expect(most.withLock(\.most) <= 4)
    }

    @Test func parallelStopsBeginningAfterAFailureAndRaisesIt() async throws {
        let harness = HostHarness { call throws(APIError) in
            if call.arguments["id"] == 3 {
                throw APIError(.conflict, status: 409, operation: "users.unlock", message: "no", delivery: .answered)
            }
            return [:]
        }
        let outcome = try await harness.run(
            """
            runbook { needs = { "users:unlock" } }
            local ids = {}
            for i = 1, 1000 do ids[i] = i end
            parallel(ids, 2, function(id) users.unlock(id) end)
            """)
        #expect(outcome.status == .failed)
        #expect(outcome.error?.kind == "conflict")
        #expect(harness.transport.sent.count < 10)
    }

    @Test func patchKeepsWhatIsNotNamedAndRestoresAccess() async throws {
        let harness = HostHarness { call throws(APIError) in
            switch call.operation.name {
            case "users.get":
                return [
                    "id": 5, "login": "ada", "name": "Ada", "email": "a@b", "enabled": true, "locked": false,
                    "role": ["id": "user", "name": "User", "privileges": ["create-reports"], "allSites": false],
                    "links": [],
                    "authentication": ["id": 1, "type": "normal", "name": "x", "external": false],
                ]
            case "users.sites": return ["resources": [2, 3]]
            case "users.asset_groups": return ["resources": []]
            default: return ["links": []]
            }
        }
        let outcome = try await harness.run(
            """
            runbook { needs = { "users:read", "users:update", "users:access" } }
            return { users.disable(5), users.patch(5, { enabled = true }), users.patch(5, { email = null, role = "site-admin" }) }
            """)
        #expect(outcome.result == [true, false, true], "\(String(describing: outcome.error))")
        let updates = harness.transport.sent.filter { $0.operation.name == "users.update" }.map { $0.arguments["user"] }
        #expect(
            updates.first == [
                "login": "ada", "name": "Ada", "email": "a@b", "enabled": false,
                "role": ["id": "user", "allSites": false], "authentication": ["id": 1, "type": "normal"],
            ], "\(updates)")
        #expect(updates.last??["email"] == nil)
        #expect(updates.last??["role"]?["id"] == "site-admin")
        let restored = harness.transport.sent.filter { $0.operation.name == "users.set_sites" }
        #expect(restored.count == 2)
        #expect(restored.first?.arguments["site_ids"] == [2, 3])
        #expect(!harness.transport.names.contains("users.set_asset_groups"))
    }

    @Test func patchTakesTheAccessToAllSitesWithoutGivingEachOfThem() async throws {
        let harness = HostHarness { call throws(APIError) in
            switch call.operation.name {
            case "users.get":
                return [
                    "id": 5, "login": "ada", "name": "Ada", "enabled": true,
                    "role": ["id": "user", "allSites": true, "allAssetGroups": true],
                ]
            case "users.sites", "users.asset_groups": return ["resources": [1, 2, 3, 4, 5]]
            default: return ["links": []]
            }
        }
        let outcome = try await harness.run(
            """
            runbook { needs = { "users:read", "users:update", "users:access" } }
            return users.patch(5, { role = { allSites = false, allAssetGroups = false } })
            """)
        #expect(outcome.result == true, "\(String(describing: outcome.error))")
        #expect(harness.transport.names == ["users.get", "users.update"])
    }

    /// A script may do with the libraries what it likes; the host's own functions must neither fall over it nor be misled.
    @Test(arguments: MachineKind.allCases)
    func whatAScriptReplacesDoesNotReachTheHostsFunctions(kind: MachineKind) async throws {
        let harness = HostHarness(kind) { call throws(APIError) in
            switch call.operation.name {
            case "users.get": return ["id": 5, "login": "ada", "name": "Ada", "enabled": true, "role": ["id": "user"]]
            case "users.sites": return ["resources": [2, 3]]
            case "users.asset_groups": return ["resources": [4]]
            default: return ["links": []]
            }
        }
        let outcome = try await harness.run(
            """
            runbook { needs = { "users:read", "users:update", "users:access" } }
            local globals, users, log, secrets, json, parallel, print = _G, users, log, secrets, json, parallel, print
            local pcall, pairs, type = pcall, pairs, type
            local function poison() return poisoned.poisoned end
            for _, library in ipairs { string, table, math, utf8, coroutine, os } do
              for name in pairs(library) do library[name] = poison end
            end
            for name in pairs(globals) do globals[name] = poison end
            local original = users.patch
            users.patch, users.each = poison, poison
            print("one", nil, 2)
            log.info("changed", { by = "print" })
            local ok, problem = pcall(function() return users.unlok end)
            return { users.disable(5), original(5, { role = "site-admin" }), type(secrets.generate(8)), json.encode { 1 },
              parallel({ 1, 2 }, 2, function(id) return id + 1 end), ok, problem }
            """)
        #expect(outcome.status == .succeeded, "\(String(describing: outcome.error))")
        #expect(Array(outcome.result.arrayValue?.prefix(6) ?? []) == [true, true, "userdata", "[1]", [2, 3], false])
        let problem = outcome.result.arrayValue?.last?.stringValue ?? ""
        #expect(problem.hasPrefix("test.lua:13: there is no users.unlok; there are: "), "\(problem)")
        #expect(problem.contains("asset_groups, create, "), "\(problem)")
        #expect(harness.logs.lines.map(\.message).contains("one\tnil\t2"))
        let sent = [
            "users.get", "users.sites", "users.asset_groups", "users.update", "users.set_sites",
            "users.set_asset_groups",
        ]
        #expect(harness.transport.names == sent + sent)
    }

    @Test func printingManyValuesTakesNoMoreThanTheirNumber() async throws {
        let harness = HostHarness()
        let outcome = try await harness.run("runbook {} print(table.unpack({}, 1, 200000))")
        #expect(outcome.status == .succeeded, "\(String(describing: outcome.error))")
        #expect(
            harness.logs.lines.contains {
                $0.message == Array(repeating: "nil", count: 200_000).joined(separator: "\t")
            })
    }

    @Test(arguments: MachineKind.allCases)
    func severalTasksMayShareOneIterator(kind: MachineKind) async throws {
        let console = PagedConsole(1203)
        let harness = HostHarness(kind) { call throws(APIError) in try console.answer(call) }
        let outcome = try await harness.run(
            """
            runbook { needs = { "users:read" } }
            local each, seen = users.each(), 0
            parallel({ 1, 2, 3 }, 3, function() for user in each do seen = seen + 1 users.get(user.id) end end)
            return seen
            """)
        #expect(outcome.result == 1203, "\(String(describing: outcome.error))")
    }

    @Test func aFailedPageIsRaisedEachTimeAndNeverTheEnd() async throws {
        let console = PagedConsole(1203)
        let harness = HostHarness { call throws(APIError) in
            if call.arguments["page"] == 1 {
                throw APIError(
                    .unavailable, status: 503, operation: "users.page", message: "not ready", delivery: .answered)
            }
            return try console.answer(call)
        }
        let outcome = try await harness.run(
            """
            runbook { needs = { "users:read" } }
            local each, seen = users.each(), 0
            local ok, first = pcall(function() for user in each do seen = seen + 1 end end)
            local again, second = pcall(each)
            return { ok, first.kind, again, second.kind, seen }
            """)
        #expect(
            outcome.result == [false, "unavailable", false, "unavailable", 500], "\(String(describing: outcome.error))")
    }

    @Test func parallelWhereItCannotWaitBeginsNothing() async throws {
        let harness = HostHarness()
        let outcome = try await harness.run(
            """
            runbook { needs = { "users:unlock" } }
            local ok, problem
            table.sort({ 2, 1 }, function(a, b)
              ok, problem = pcall(parallel, { 1, 2 }, 2, function(id) users.unlock(id) end)
              return a < b
            end)
            return { ok, problem.kind }
            """)
        #expect(outcome.result == [false, "invalid_argument"])
        #expect(harness.transport.sent.isEmpty)
    }

    @Test func timeIsTheHostsAndUTC() async throws {
        var harness = HostHarness()
        harness.clock = VirtualClock()
        let outcome = try await harness.run(
            """
            runbook {}
            return { os.time(), os.date("%Y-%m-%dT%H:%M:%S", 0), os.time { year = 2024, month = 2, day = 29, hour = 0 },
              os.date("!*t", 86400).day, os.time { year = 1970, month = 13, day = 1, hour = 0 } }
            """)
        #expect(outcome.result == [1_700_000_000, "1970-01-01T00:00:00", 1_709_164_800, 2, 31_536_000])
    }

    @Test(arguments: [
        ("io.open('x')", "io.open is not available in a runbook"), ("require('x')", "a runbook is one file"),
        ("os.getenv('HOME')", "pass a value with --param"), ("users.unlok(1)", "there is no users.unlok; there are:"),
        ("os.exit(1)", "use return or error"), ("debug.getinfo(1)", "debug.getinfo is not available"),
    ])
    func whatIsMissingSaysWhatToUseInstead(source: String, message: String) async throws {
        let outcome = try await HostHarness().run("runbook {}\n\(source)")
        #expect(outcome.error?.message.contains(message) == true, "\(String(describing: outcome.error))")
        #expect(outcome.error?.location == "test.lua:2")
    }

    @Test func sleepAndConfirmGoThroughTheHost() async throws {
        let clock = VirtualClock()
        var harness = HostHarness()
        harness.clock = clock
        var options = RunOptions()
        options.confirm = { question in question == "go on?" }
        let run = try harness.host().start(
            Runbook(
                name: "t.lua",
                source: "runbook {} sleep(30) return { confirm('go on?'), confirm('other?'), os.clock() }"),
            options: options)
        await clock.sleepers(2)  // the deadline and the script
        clock.advance(by: .seconds(30))
        #expect(await run.outcome.result == [true, false, 30.0])
        let alone = try await HostHarness().run("runbook {} confirm('really?')")
        #expect(alone.status == .stopped)
        #expect(alone.error?.message.contains("nobody can be asked") == true)
    }
}
