import FoundationEssentials
import Glibc
import Operations
import Synchronization
import Testing

/// Knows every canary, also those that only the requests tell of, and plays the console that tells too much.
final class CanaryKeeper: Sendable {
    /// What a program under way shows of itself to others.
    struct Sample: Sendable {
        let isWorker: Bool
        /// `cmdline` or `environ`.
        let file: String
        let bytes: [UInt8]
    }

    private struct State {
        var canaries: [String: String]
        /// What the console tells of: what the program that asks has come across too.
        var told: [String: String]
        /// The program that runs now.
        var program: pid_t?
        var requests = 0
        var samples: [Sample] = []
        /// Kills the program when it has sent this and before it has the answer.
        var mortal: (method: String, path: String)?
    }

    private let known: [String: String]
    private let state: Mutex<State>

    /// - Parameters:
    ///   - known: what a program has, and a console may have.
    ///   - unknown: what no console has ever heard of.
    init(_ known: [String: String], unknown: [String: String]) {
        self.known = known
        state = Mutex(State(canaries: known.merging(unknown) { $1 }, told: known))
    }

    /// Every canary by what it is.
    var canaries: [String: String] { state.withLock(\.canaries) }

    var samples: [Sample] { state.withLock(\.samples) }

    func add(_ name: String, _ text: String) { state.withLock { $0.canaries[name] = text } }

    /// The program that asks from now on.
    ///
    /// - Parameter isCareless: whether it knows all that the careless runbook is given, or only how to log in.
    func follow(_ program: pid_t, isCareless: Bool) {
        state.withLock { state in
            state.program = program
            state.requests = 0
            // What an earlier run has made nobody knows but that run.
            state.told = isCareless ? known : known.filter { $0.key.hasSuffix("login") || $0.key == "API key" }
        }
    }

    /// Lets the program die of the next request of this kind, after it had its effect.
    func kill(at method: String, _ path: String) { state.withLock { $0.mortal = (method, path) } }

    // MARK: The console

    /// The users that something is told of.
    enum Told {
        static let password = "/api/3/users/5", noPage = "/api/3/users/12", noJSON = "/api/3/users/13"
        static let refused = "/api/3/users/9/lock", refusedInText = "/api/3/users/11/lock"
    }

    func tell(
        _ request: TellingConsole.Request, _ pass: () throws -> TellingConsole.Reply
    ) throws -> TellingConsole.Reply {
        sample()
        learn(request.json, from: "request")
        switch (request.method, request.path) {
        case ("PUT", let path) where path.hasSuffix("/password"):
            if case .string(let text) = request.json { learn(text, "password that was reset") }
            return TellingConsole.Reply(status: 200, body: request.body.isEmpty ? [] : Array("{\"links\":[]}".utf8))
        case ("GET", Told.password):
            var reply = try pass()
            var members = try JSONValue(parsing: reply.body).objectValue ?? [:]
            members["password"] = .string(canaries["password that the server tells"] ?? "")
            reply.body = JSONValue.object(members).bytes()
            return reply
        case ("GET", Told.noPage): return TellingConsole.Reply(status: 200, body: Array("<p>\(all)</p>".utf8))
        case ("GET", Told.noJSON):
            return TellingConsole.Reply(status: 200, body: Array("{\"id\":13,\"login\":\"\(all)\" \(all)}".utf8))
        case ("DELETE", Told.refused): return TellingConsole.Reply(status: 400, body: refusal(request))
        case ("DELETE", Told.refusedInText):
            return TellingConsole.Reply(
                status: 400, body: Array("refused: \(all) \(Data(all.utf8).base64EncodedString())".utf8))
        default:
            let reply = try pass()
            if let json = try? JSONValue(parsing: reply.body) { learn(json, from: "answer") }
            if state.withLock({ $0.mortal.map { $0 == request.method && $1 == request.path } == true }) {
                state.withLock { state in
                    state.mortal = nil
                    if let program = state.program { Glibc.kill(program, SIGKILL) }
                }
                throw TellingConsole.SocketError()
            }
            return reply
        }
    }

    /// Every canary in one text.
    private var all: String { told.sorted { $0.key < $1.key }.map(\.value).joined(separator: " ") }

    private var told: [String: String] { state.withLock(\.told) }

    /// Repeats everything, in every way.
    private func refusal(_ request: TellingConsole.Request) -> [UInt8] {
        var details: [String: JSONValue] = [:]
        for (name, value) in request.headers { details[name] = .string(value) }
        for (name, text) in told {
            let data = Data(text.utf8)
            details[name] = [
                .string(text), .string(data.base64EncodedString()), .string("u:\(text)"),
                .string(Data("u:\(text)".utf8).base64EncodedString()), .string(JSONValue.string(text).text),
                .string(data.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()),
                .object([
                    text: .string(
                        text.utf8.map { "%" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())
                ]),
            ]
        }
        return JSONValue.object([
            "status": 400, "message": .string("refused: \(all)"), "details": .object(details),
            "errors": .array(told.values.map { .string($0) }),
        ]).bytes()
    }

    /// Takes in what nobody could plant: passwords that were made, seeds that the console has made.
    private func learn(_ json: JSONValue, from source: String) {
        guard let members = json.objectValue else { return }
        if let password = members["password"]?.stringValue { learn(password, "password of a \(source)") }
        if let key = members["key"]?.stringValue { learn(key, "seed of an \(source)") }
    }

    private func learn(_ text: String, _ name: String) {
        state.withLock { state in
            // Shorter ones are not told apart from other words.
            guard text.utf8.count >= 10, !state.canaries.values.contains(text) else { return }
            let name = "\(name), no \(state.canaries.count)"
            state.canaries[name] = text
            state.told[name] = text
        }
    }

    // MARK: What others see of the processes

    /// Looks at the program and its worker as any other process can, at its first requests.
    private func sample() {
        let program = state.withLock { state -> pid_t? in
            state.requests += 1
            return state.requests <= 3 ? state.program : nil
        }
        guard let program else { return }
        let workers = ((try? LocalProcesses.all()) ?? []).filter { LocalProcesses.parent(of: $0) == program }
        for process in [program] + workers {
            for file in ["cmdline", "environ"] {
                // Another user cannot read the variables of one that is not dumpable, and is shown nothing.
                guard let data = try? Data(contentsOf: URL(filePath: "/proc/\(process)/\(file)")) else { continue }
                let sample = Sample(isWorker: process != program, file: file, bytes: [UInt8](data))
                state.withLock { $0.samples.append(sample) }
            }
        }
    }
}
