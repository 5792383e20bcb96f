import ConsoleSimulator
import FoundationEssentials
import Logging
import LuaMachine
import Operations
import RESTClient
import RunbookHost
import Testing

/// A running simulator, and a host with confined workers that talks to it over HTTP.
struct SimulatedConsole {
    /// One line of the simulator's ledger.
    struct Change: Hashable {
        let operation: String
        let method: String
        let path: String
    }

    /// How to log in to Xpanse.
    enum XpanseLogin: Sendable, CaseIterable {
        case standard, advanced, unprivileged
    }

    static let supervisor = Result { try WorkerSupervisor(executable: WorkerSupervisor.executableBesideProgram()) }

    let info: SimulatorInfo
    let transport: RESTTransport
    let recorder: RecordingTransport

    /// Runs `body` against a simulator of its own.
    static func with<Result: Sendable>(
        _ configuration: SimulatorConfiguration, retry: RetryPolicy = quickRetry, xpanse: XpanseLogin = .standard,
        _ body: (SimulatedConsole) async throws -> Result
    ) async throws -> Result {
        try await ConsoleSimulator.withRunning(configuration) { info in
            try await SimulatedConsole(info, retry: retry, xpanse: xpanse).use(body)
        }
    }

    /// Many attempts with hardly a wait between them.
    static let quickRetry = RetryPolicy(maximumAttempts: 12, baseDelay: .milliseconds(1))

    /// - Parameter login: Default: the simulator's administrator.
    init(
        _ info: SimulatorInfo, retry: RetryPolicy = quickRetry, xpanse: XpanseLogin = .standard,
        login: (user: String, password: String)? = nil
    ) throws {
        self.info = info
        let key =
            switch xpanse {
            case .standard: info.xpanse.standard
            case .advanced: info.xpanse.advanced
            case .unprivileged: info.xpanse.unprivileged
            }
        let target = Target(
            name: "simulator",
            services: [
                try ServiceTarget(
                    .console, url: info.url,
                    credentials: .basic(
                        user: login?.user ?? info.user, password: SecretValue(login?.password ?? info.password))),
                try ServiceTarget(
                    .xpanse, url: info.url,
                    credentials: .xpanse(
                        keyID: key.id, key: SecretValue(key.key), type: xpanse == .advanced ? .advanced : .standard)),
            ])
        transport = RESTTransport(
            target: target, retry: retry, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        recorder = RecordingTransport(transport)
    }

    /// Runs `body` and closes the connections.
    func use<Result>(_ body: (SimulatedConsole) async throws -> Result) async throws -> Result {
        do {
            let result = try await body(self)
            await transport.shutdown()
            return result
        } catch {
            await transport.shutdown()
            throw error
        }
    }

    // MARK: Runs

    /// Runs a script in a confined worker.
    func run(_ source: String, _ parameters: [String: JSONValue] = [:]) async throws -> RunOutcome {
        try await run(Runbook(name: "test.lua", source: source), parameters)
    }

    /// Runs one of the runbooks that ship with the product.
    func run(shipped name: String, _ parameters: [String: JSONValue] = [:]) async throws -> RunOutcome {
        try await run(try Self.shipped(name), parameters)
    }

    private func run(_ runbook: Runbook, _ parameters: [String: JSONValue]) async throws -> RunOutcome {
        let host = RunbookHost(
            transport: recorder, machines: .confined(try Self.supervisor.get()),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var options = RunOptions(parameters: parameters.mapValues { .value($0) })
        options.limits.time = .seconds(120)
        return await host.start(runbook, options: options).outcome
    }

    static func shipped(_ name: String) throws -> Runbook {
        let path = repository + "/scripts/runbooks/\(name).lua"
        return Runbook(name: "\(name).lua", source: [UInt8](try Data(contentsOf: URL(filePath: path))))
    }

    /// The checkout that these tests belong to.
    static let repository = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()

    // MARK: What the simulator holds, read past the scripts

    /// Every change that the simulator has carried out, oldest first.
    func ledger() async throws -> [Change] {
        let ledger = Operation(
            "simulator.ledger", apiName: "ledger", endpoint: Endpoint(.console, .get, "/_simulator/ledger"),
            result: .value, effect: .read, capability: "users:read", summary: "Reads the ledger")
        let reply = try await transport.send(OperationCall(checked: ledger, arguments: [:]))
        return try #require(try JSONValue(parsing: reply.body).arrayValue).map { entry in
            Change(
                operation: try #require(entry["operation"]?.stringValue),
                method: try #require(entry["method"]?.stringValue), path: try #require(entry["path"]?.stringValue))
        }
    }

    /// All users, in the order of their ids.
    func users() async throws -> [JSONValue] {
        var users: [JSONValue] = []
        while true {
            let body = try await read(
                "users.page", ["page": .integer(Int64(users.count / 500)), "size": 500, "sort": "id,ASC"])
            let page = try #require(body["resources"]?.arrayValue)
            users += page
            if page.count < 500 { return users }
        }
    }

    func user(_ id: Int64) async throws -> JSONValue { try await read("users.get", ["id": .integer(id)]) }

    /// The ids that a reading operation answers.
    func references(_ operation: String, _ id: Int64) async throws -> [Int64] {
        try #require(try await read(operation, ["id": .integer(id)])["resources"]?.arrayValue).compactMap(
            \.integerValue)
    }

    /// The direct roles in Xpanse, by email.
    func xpanseRoles() async throws -> [String: String] {
        let users = try #require(try await read("xpanse.users", [:])["reply"]?.arrayValue)
        return Dictionary(
            users.compactMap { user in
                user["user_email"]?.stringValue.map { ($0, user["role_name"]?.stringValue ?? "") }
            }, uniquingKeysWith: { $1 })
    }

    /// The body that a reading operation is answered with.
    func read(_ operation: String, _ arguments: [String: JSONValue]) async throws -> JSONValue {
        let operation = try #require(Catalogue.standard[operation])
        let call = OperationCall(checked: operation, arguments: try operation.bind(named: arguments))
        return try JSONValue(parsing: try await transport.send(call).body)
    }
}

extension JSONValue {
    var isEnabled: Bool { self["enabled"]?.boolValue == true }
    var isLocked: Bool { self["locked"]?.boolValue == true }
    var id: Int64 { self["id"]?.integerValue ?? -1 }
    var login: String { self["login"]?.stringValue ?? "" }
    var role: String { self["role"]?["id"]?.stringValue ?? "" }
}
