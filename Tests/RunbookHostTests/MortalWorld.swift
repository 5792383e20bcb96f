import Operations
import RunbookHost
import Synchronization

/// A small console with a ledger, and a store: both can be cut off at one moment, as if the host's process had been killed.
final class MortalWorld: Sendable {
    /// Where a process ends.
    enum Boundary: Hashable, Sendable {
        /// Before the store has the nth batch of rows.
        case beforeCommit(Int)
        /// After it has, and before the host hears of it.
        case afterCommit(Int)
        /// Before the nth request reaches the console.
        case beforeRequest(Int)
        /// After the console has carried it out, and before the answer arrives.
        case afterRequest(Int)
    }

    struct State {
        var users: [Int64: [String: JSONValue]] = [:]
        var sites: [Int64: [Int64]] = [:]
        var seeds: [Int64: String] = [:]
        var nextUser: Int64 = 100
        var ledger: [String] = []
        var commits = 0
        var requests = 0
        var isDead = false
        var boundary: Boundary?
    }

    let state: Mutex<State>
    let memory = InMemoryStore()

    init() {
        var state = State()
        for id in Int64(1)...8 {
            state.users[id] = [
                "id": .integer(id), "login": .string("user\(id)"), "name": .string("User \(id)"), "locked": true,
                "enabled": true, "role": ["id": "user", "allSites": false],
            ]
            state.sites[id] = [id]
        }
        self.state = Mutex(state)
    }

    var ledger: [String] { state.withLock(\.ledger) }

    /// Starts another life, which ends at a boundary if one is given.
    func live(until boundary: Boundary? = nil) {
        state.withLock { state in
            state.isDead = false
            state.commits = 0
            state.requests = 0
            state.boundary = boundary
        }
    }

    /// What a life took: commits and requests.
    var counts: (commits: Int, requests: Int) { state.withLock { ($0.commits, $0.requests) } }
    var wasKilled: Bool { state.withLock(\.isDead) }

    fileprivate func pass(_ boundary: Boundary) -> Bool {
        state.withLock { state in
            if state.boundary == boundary { state.isDead = true }
            return !state.isDead
        }
    }
}

/// The console of a world.
struct MortalTransport: Transport {
    let world: MortalWorld

    func send(_ call: OperationCall) async throws(APIError) -> OperationReply {
        func lost(_ delivery: APIError.Delivery) -> APIError {
            APIError(.network, operation: call.operation.name, message: "the process is gone", delivery: delivery)
        }
        let number = world.state.withLock { state in
            state.requests += 1
            return state.requests
        }
        guard world.pass(.beforeRequest(number)) else { throw lost(.notSent) }
        let result = world.state.withLock { state -> Result<JSONValue, APIError> in
            Result { () throws(APIError) in try state.answer(call) }
        }
        guard world.pass(.afterRequest(number)) else { throw lost(.unknown) }
        return OperationReply(body: try result.get().bytes(revealingSecrets: true))
    }
}

extension MortalWorld.State {
    fileprivate mutating func answer(_ call: OperationCall) throws(APIError) -> JSONValue {
        let operation = call.operation
        let id = call.arguments["id"]?.integerValue ?? 0
        func fail(_ kind: APIError.Kind, _ status: Int, _ message: String) -> APIError {
            APIError(kind, status: status, operation: operation.name, message: message, delivery: .answered)
        }
        if operation.effect.isChange {
            ledger.append("\(operation.name) \(call.arguments["user"]?["login"]?.stringValue ?? String(id))")
        }
        switch operation.name {
        case "users.page":
            let all = users.values.sorted { ($0["id"]?.integerValue ?? 0) < ($1["id"]?.integerValue ?? 0) }
            return [
                "resources": .array(all.map { .object($0) }),
                "page": ["totalPages": 1, "totalResources": .integer(Int64(all.count)), "number": 0, "size": 500],
            ]
        case "users.get":
            guard let user = users[id] else { throw fail(.notFound, 404, "no such user") }
            return .object(user)
        case "users.create":
            let user = call.arguments["user"]?.objectValue ?? [:]
            if users.values.contains(where: { $0["login"] == user["login"] }) {
                ledger.removeLast()
                throw fail(.badRequest, 400, "there is a user of this login")
            }
            nextUser += 1
            users[nextUser] = user.filter { $0.key != "password" }
            users[nextUser]?["id"] = .integer(nextUser)
            return ["id": .integer(nextUser), "links": []]
        case "users.unlock":
            users[id]?["locked"] = false
            return ["links": []]
        case "users.sites": return ["resources": .array((sites[id] ?? []).map { .integer($0) })]
        case "users.asset_groups": return ["resources": []]
        case "users.set_sites":
            sites[id] = call.arguments["site_ids"]?.arrayValue?.compactMap(\.integerValue) ?? []
            return ["links": []]
        case "users.update":
            sites[id] = []
            for (key, value) in call.arguments["user"]?.objectValue ?? [:] { users[id]?[key] = value }
            return ["links": []]
        case "twofa.regenerate":
            let seed = "seed-\(id)-\(ledger.count)"
            seeds[id] = seed
            return ["key": .string(seed)]
        default: return ["links": []]
        }
    }
}

/// The store of a world: what is not in it when the process dies is lost.
struct MortalStore: ForwardingStore {
    let world: MortalWorld
    var next: InMemoryStore { world.memory }

    init(world: MortalWorld) { self.world = world }

    private func commit<T: Sendable>(_ body: () async throws(StoreError) -> T) async throws(StoreError) -> T {
        let number = world.state.withLock { state in
            state.commits += 1
            return state.commits
        }
        guard world.pass(.beforeCommit(number)) else { throw .unusable("the process is gone") }
        let result = try await body()
        guard world.pass(.afterCommit(number)) else { throw .unusable("the process is gone") }
        return result
    }

    func begin(_ record: RunRecord, audit: [AuditEvent]) async throws(StoreError) -> RunLease {
        try await commit { () throws(StoreError) in try await next.begin(record, audit: audit) }
    }
    func append(
        _ rows: [JournalRow], audit: [AuditEvent], lease: RunLease, isDurable: Bool
    ) async throws(StoreError) {
        try await commit { () throws(StoreError) in
            try await next.append(rows, audit: audit, lease: lease, isDurable: isDurable)
        }
    }
    func update(
        _ record: RunRecord, rows: [JournalRow], audit: [AuditEvent], lease: RunLease
    ) async throws(StoreError) {
        try await commit { () throws(StoreError) in
            try await next.update(record, rows: rows, audit: audit, lease: lease)
        }
    }
}

extension MortalWorld {
    /// Seals for the world's store.
    static let sealer = Sealer(key: Array(repeating: 7, count: 32))

    /// A host in this world. Every host finds the ones before it dead.
    func host(
        _ kind: MachineKind = .inProcess, transport: (any Transport)? = nil, clock: any RunClock = SystemClock()
    ) throws -> RunbookHost {
        let owner = RunOwner(host: "test", boot: "b", process: 1, processStart: 1)
        guard let sealer = Self.sealer else { throw StoreError.unusable("no key") }
        return RunbookHost(
            transport: transport ?? MortalTransport(world: self), machines: try kind.provider,
            journaling: Journaling(
                store: MortalStore(world: self), sealer: sealer, owner: owner, isAlive: { _ in false }),
            clock: clock)
    }
}
