import FoundationEssentials
import Logging
import LuaMachine
import Operations
import RunbookHost
import Synchronization
import Testing

/// What a run leaves behind holds no secret in clear, whatever the script and the server do with it; and it can still be
/// taken up again and applied.
@Suite struct SecretLeakTests {
    private static let password = "CANARY-pass/word+1"
    private static let literal = "CANARY-in-the-source"
    private static let seed = "CANARYSEEDABCDEF"
    private static let login = "CANARY-of-the-transport"
    private static let echoed = "CANARY-told-by-the-server"

    /// Everything that a script can do with a secret and should not.
    private static let script = """
        runbook { title = "careless", needs = { "users:read", "users:unlock", "users:update", "users:password",
            "users:create", "roles:read", "twofa:read", "secrets:reveal" },
            params = { password = { type = "secret", required = true }, again = { type = "string" } } }
        local clear = secrets.reveal(params.password)
        log.info("it is " .. clear, { password = clear, nested = { { clear } }, [clear] = 1 })
        users.reset_password(1, "\(literal)")
        log.debug("now \(literal)")
        pcall(roles.get, clear)
        pcall(users.get, clear)
        pcall(users.unlock, 1, { [clear] = clear })
        local user = users.get(5)
        assert(tostring(user.password) == "‹secret›" and user.name == "the \(password)")
        users.update(5, user)
        user.name = "named " .. clear
        user.password = nil
        users.update(5, user)
        users.unlock(6)
        local key = secrets.reveal(twofa.key(7))
        users.create { login = key, name = clear:upper() .. clear, password = key, role = { id = "user" } }
        confirm("use " .. clear .. "?")
        users.unlock(8)
        local ok, refused = pcall(users.unlock, 9)
        if not ok then log.warn(refused.message, refused.details) end
        if params.again == "fail" then error { message = "because of " .. clear, kind = key } end
        return { clear, key }
        """

    /// A server that repeats whatever it is told, and more.
    private static func answer(_ call: OperationCall) throws(APIError) -> JSONValue {
        switch call.operation.name {
        case "users.get":
            return [
                "id": call.arguments["id"] ?? .null, "login": "ada", "name": .string("the \(password)"),
                "password": .string(echoed), "locked": true, "enabled": true,
                "role": [
                    "id": "user", "name": .string(login), "allSites": false, "allAssetGroups": false,
                    "superuser": false,
                ],
                "authentication": ["id": 1, "type": "normal"], "locale": ["default": "en-US", "reports": "en-US"],
            ]
        case "auth_sources.list": return ["resources": [["id": 1, "type": "normal"]]]
        case "users.create": return ["id": 70, "password": .string(seed)]
        case "twofa.key": return ["key": .string(seed)]
        case "users.unlock" where call.arguments["id"] == 9:
            throw APIError(
                .badRequest, status: 400, operation: "users.unlock",
                message: "no: \(password) \(Data(seed.utf8).base64EncodedString())",
                details: ["headers": .string("Basic \(Data("u:\(login)".utf8).base64EncodedString())")],
                delivery: .answered)
        default: return [:]
        }
    }

    /// A transport that logs in.
    private struct LoggedIn: Transport {
        let base: PretendedTransport
        var secrets: [SecretValue] { [SecretValue(SecretLeakTests.login)] }
        func send(_ call: OperationCall) async throws(APIError) -> OperationReply { try await base.send(call) }
    }

    /// A host with a store, and all that it tells.
    private final class World: Sendable {
        let store = InMemoryStore()
        let logs = LogCollector()
        let transport = PretendedTransport { call throws(APIError) in try SecretLeakTests.answer(call) }
        let machines: MachineKind
        let asked = Mutex<[String]>([])

        init(_ machines: MachineKind) { self.machines = machines }

        func host() throws -> RunbookHost {
            let sealer = try #require(Sealer(key: [UInt8](repeating: 7, count: 32)))
            return RunbookHost(
                transport: LoggedIn(base: transport), machines: try machines.provider,
                journaling: Journaling(
                    store: store, sealer: sealer,
                    owner: RunOwner(host: "h", boot: "b", process: 1, processStart: 1)),
                logger: logs.makeLogger())
        }

        /// All that was kept of a run, and of everything.
        func leavings(of run: String) async throws -> [String] {
            let record = try await store.run(run)
            var texts = [
                logs.text, "\(record)", record.summary(.over).text,
                JSONValue.array(asked.withLock { $0.map { .string($0) } }).text,
            ]
            texts.append(String(decoding: record.sealed, as: UTF8.self))
            for row in try await store.journal(of: run, after: 0, limit: 10_000) {
                texts.append(row.name)
                for bytes in [row.content, row.facts, row.sealed] {
                    texts.append(String(decoding: bytes, as: UTF8.self))
                }
            }
            for line in try await store.auditLines(after: 0, limit: 10_000) {
                texts.append(String(decoding: line.text, as: UTF8.self))
            }
            let history = RunHistory(of: record, in: store, isAlive: { _ in false })
            texts.append(try await RunReview(reading: history).json.text)
            for try await entry in history.entries { texts.append(entry.json.text) }
            return texts
        }
    }

    private static func options(_ world: World, again: String = "") -> RunOptions {
        var options = RunOptions(parameters: ["password": .text(password), "again": .text(again)])
        options.confirm = { question in
            world.asked.withLock { $0.append(question) }
            return true
        }
        return options
    }

    private static func expectClean(_ texts: [String], _ place: SourceLocation = #_sourceLocation) {
        #expect(texts.count > 10, sourceLocation: place)
        for text in texts {
            for secret in [password, literal, seed, login, echoed] {
                let forms = [secret, Data(secret.utf8).base64EncodedString(), JSONValue.string(secret).text]
                let found = forms.first { text.contains($0) }
                #expect(found == nil, "\(text.prefix(2_000))", sourceLocation: place)
            }
        }
    }

    @Test(arguments: MachineKind.allCases)
    func nothingOfASecretIsKeptInClear(kind: MachineKind) async throws {
        let world = World(kind)
        let outcome = await try world.host().start(
            Runbook(name: "t.lua", source: Self.script), options: Self.options(world)
        ).outcome
        #expect(outcome.status == .succeeded, "\(String(describing: outcome.error))")
        // What the script returns is its own affair, and only that.
        #expect(outcome.result == [.string(Self.password), .string(Self.seed)])
        #expect(try await world.store.run(outcome.id).result == ["‹secret›", "‹secret›"])
        Self.expectClean(try await world.leavings(of: outcome.id) + ["\(outcome.changes)"])
        let sent = world.transport.sent
        #expect(sent.contains { $0.arguments["user"]?["name"] == .string("named \(Self.password)") })
        #expect(sent.contains { $0.arguments["user"]?["password"] == .secret(SecretValue(Self.echoed)) })
        #expect(sent.contains { $0.arguments["password"] == .secret(SecretValue(Self.literal)) })
    }

    @Test func nothingOfASecretIsInAnError() async throws {
        let world = World(.inProcess)
        let outcome = await try world.host().start(
            Runbook(name: "t.lua", source: Self.script), options: Self.options(world, again: "fail")
        ).outcome
        #expect(outcome.status == .failed)
        #expect(outcome.error?.message == "because of ‹secret›")
        Self.expectClean(
            try await world.leavings(of: outcome.id) + [outcome.json.text, "\(String(describing: outcome.error))"])
    }

    @Test(arguments: MachineKind.allCases)
    func aRunWhoseJournalIsRedactedCanBeTakenUpAgain(kind: MachineKind) async throws {
        let world = World(kind)
        let host = try world.host()
        let begun = Mutex<Run?>(nil)
        var options = Self.options(world)
        options.confirm = { _ in
            while true {
                if let run = begun.withLock({ $0 }) {
                    run.cancel()
                    return true
                }
                await Task.yield()
            }
        }
        let run = host.start(Runbook(name: "t.lua", source: Self.script), options: options)
        begun.withLock { $0 = run }
        let first = await run.outcome
        #expect(first.status == .cancelled, "\(String(describing: first.error))")
        let sent = world.transport.sent.count
        let second = try await host.resume(first.id, options: Self.options(world)).outcome
        #expect(second.status == .succeeded, "\(String(describing: second.error))")
        #expect(second.result == [.string(Self.password), .string(Self.seed)])
        #expect(world.transport.sent.dropFirst(sent).filter { $0.operation.name == "users.create" }.isEmpty)
        Self.expectClean(try await world.leavings(of: first.id))
    }

    @Test func aPlanHoldsNoneInClearAndCanBeApplied() async throws {
        let world = World(.inProcess)
        let host = try world.host()
        var options = Self.options(world)
        options.mode = .plan
        let planned = await host.start(Runbook(name: "t.lua", source: Self.script), options: options).outcome
        #expect(planned.status == .succeeded, "\(String(describing: planned.error))")
        let plan = try #require(planned.plan)
        let sealer = try #require(host.journaling?.sealer)
        let document = PlanDocument.write(plan, sealer: sealer)
        Self.expectClean(try await world.leavings(of: planned.id) + [String(decoding: document, as: UTF8.self)])
        let read = try PlanDocument.read(document, sealer: sealer)
        try await world.store.keep(plan: StoredPlan(id: plan.id, made: plan.made, document: document), audit: [])
        var apply = Self.options(world)
        apply.mode = .apply
        apply.plan = read
        apply.parameters = read.parameters.mapValues { .value($0) }
        let outcome = await host.start(read.runbook, options: apply).outcome
        #expect(outcome.status == .succeeded, "\(String(describing: outcome.error))")
        #expect(outcome.changes.count == plan.changes.count)
        Self.expectClean(try await world.leavings(of: outcome.id))
    }

    @Test(arguments: ["default = 'CANARY'", "choices = { 'CANARY', { 'CANARY' } }", "default = { CANARY = 'CANARY' }"])
    func aSecretInTheManifestIsRefusedAndNotRepeated(_ text: String) async throws {
        let world = World(.inProcess)
        let host = try world.host()
        let runbook = Runbook(name: "t.lua", source: "runbook { params = { p = { type = 'secret', \(text) } } }")
        let outcome = await host.start(runbook).outcome
        #expect(outcome.error?.kind == "manifest")
        #expect(outcome.error?.message.contains("the parameter 'p' is a secret and has") == true)
        let rows = try await world.store.journal(of: outcome.id, after: 0, limit: 100)
        let declared = try await host.declaration(of: runbook).table.text
        for text in rows.map({ String(decoding: $0.content, as: UTF8.self) }) + [declared, "\(outcome)"] {
            #expect(!text.contains("CANARY"), "\(text)")
        }
    }

    @Test(arguments: MachineKind.allCases)
    func aPasswordInAListIsASecretToTheScriptToo(kind: MachineKind) async throws {
        let harness = HostHarness(kind) { call throws(APIError) in
            let user: JSONValue = [
                "id": 1, "login": "ada", "password": "CANARY-in-a-list", "links": [],
                "inner": ["token": "CANARY-inside"],
                "token": "", "passwordResetOnLogin": true,
            ]
            return [
                "resources": [user, user], "page": ["totalPages": 1, "totalResources": 2, "number": 0, "size": 10],
            ]
        }
        let outcome = try await harness.run(
            """
            runbook { needs = { "users:read", "users:update" } }
            local list, page = users.page { size = 10 }
            local user = list[2]
            assert(user.links == nil and user.token == "" and user.passwordResetOnLogin and page.totalResources == 2)
            users.update(1, { login = "ada", name = "Ada", password = user.password, role = { id = "user" } })
            return { tostring(user.password), tostring(user.inner.token), #list }
            """)
        #expect(outcome.result == ["‹secret›", "‹secret›", 2], "\(String(describing: outcome.error))")
        let sent = harness.transport.sent.last?.arguments["user"]?["password"]
        #expect(sent == .secret(SecretValue("CANARY-in-a-list")))
    }

    @Test func anAddressThatATransportLogsIsRedactedToo() async throws {
        let logs = LogCollector(), secrets = RunSecrets()
        let logger = secrets.guarding(logs.makeLogger())
        let transport = PretendedTransport { call throws(APIError) in
            logger.debug(
                "request ended", metadata: ["path": .string("/api/3/roles/\(call.arguments["id"]?.text ?? "")")])
            return [:]
        }
        let host = RunbookHost(transport: transport, machines: .inProcess, secrets: secrets)
        let outcome = await host.start(
            Runbook(
                name: "t.lua",
                source: """
                    runbook { needs = { 'roles:read', 'secrets:reveal' }, params = { p = { type = 'secret' } } }
                    roles.get(secrets.reveal(params.p))
                    """), options: RunOptions(parameters: ["p": .text(Self.password)])
        ).outcome
        #expect(outcome.status == .succeeded, "\(String(describing: outcome.error))")
        #expect(logs.lines.map { "\($0.metadata["path"] ?? "")" } == ["/api/3/roles/\"‹secret›\""])
        logger.debug("\(Self.password)")
        #expect(logs.lines.last?.message == Self.password)
    }
}
