internal import ConsoleModel
internal import Operations
internal import Synchronization

/// Both systems of one run, in memory, with what was sent to them.
final class SimulatedWorld: Sendable {
    private struct State {
        var simulation: Simulation
        var refusals: [Refusal]
        /// How often each of them has refused.
        var refused: [Int]
        var changes: [SentChange] = []
        /// The changing requests so far, also those that were refused.
        var sent: [SentChange] = []
        /// Changes that a run has begun and that have not come here yet.
        var underWay = 0
        var cut: Cut?
        var isDead = false
        /// What the changes that were carried out were answered, by ``subject(_:_:)``, in their order.
        var answers: [String: [SimulatedReply]] = [:]
        var draws: UInt64
    }

    private let services: Set<Service>
    private let state: Mutex<State>

    /// - Parameters:
    ///   - services: the systems that the target has.
    ///   - seed: what is drawn at random follows from it.
    init(_ simulation: Simulation, services: Set<Service>, refusals: [Refusal], seed: UInt64 = 1) {
        self.services = services
        state = Mutex(
            State(
                simulation: simulation, refusals: refusals, refused: refusals.map { _ in 0 },
                draws: seed &* 0x9e37_79b9_7f4a_7c15))
    }

    /// Both systems as they are now.
    var simulation: Simulation { state.withLock(\.simulation) }
    /// The changes that were carried out, in their order.
    var changes: [SentChange] { state.withLock(\.changes) }
    /// The changing requests that came here, in their order.
    var sent: [SentChange] { state.withLock(\.sent) }
    /// How often each refusal has refused.
    var refused: [Int] { state.withLock(\.refused) }
    /// Whether the process of the run has come to its end.
    var isDead: Bool { state.withLock(\.isDead) }
    /// What the changes of an operation and a subject were answered that were carried out, in their order: what somebody
    /// finds who looks what became of one.
    func answers(to operation: Operation, id: JSONValue) -> [JSONValue] {
        let replies = state.withLock { $0.answers[Self.subject(operation.name, id)] ?? [] }
        return replies.map { reply in
            operation.result.apply(to: (try? JSONValue(parsing: reply.body)) ?? .null).value
        }
    }

    private static func subject(_ operation: String, _ id: JSONValue) -> String { "\(operation) \(id.text)" }

    /// Another process of the same run begins, which ends at a cut if one is given.
    func live(until cut: Cut? = nil) {
        state.withLock { state in
            state.isDead = false
            state.cut = cut
            state.underWay = 0
        }
    }

    /// The refusals count from the beginning again.
    func forgetRefusals() { state.withLock { $0.refused = $0.refusals.map { _ in 0 } } }

    /// 64 bits that are the same each time, and other ones with each draw.
    func random() -> UInt64 {
        state.withLock { state in
            state.draws &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state.draws
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }

    /// A run has begun a change that is going to come here.
    func expectChange() { state.withLock { $0.underWay += 1 } }

    /// Whether changes have begun that have not come here.
    var expectsChanges: Bool { state.withLock { $0.underWay > 0 } }

    /// Answers a call as the server would.
    func answer(_ call: OperationCall, at moment: Int64) throws(APIError) -> OperationReply {
        let result = state.withLock { state -> Result<OperationReply, APIError> in
            Result { () throws(APIError) in try Self.answer(call, at: moment, services, &state) }
        }
        return try result.get()
    }

    private static func answer(
        _ call: OperationCall, at moment: Int64, _ services: Set<Service>, _ state: inout State
    ) throws(APIError) -> OperationReply {
        func gone(_ delivery: APIError.Delivery) -> APIError {
            APIError(.network, operation: call.operation.name, message: "the process is gone", delivery: delivery)
        }
        let isChange = call.operation.effect.isChange
        if isChange { state.underWay = max(0, state.underWay - 1) }
        guard !state.isDead else { throw gone(.notSent) }
        guard let wanted = OperationRequest(call) else {
            throw APIError(
                .invalidArgument, operation: call.operation.name,
                message: "\(call.operation.name) is not sent over HTTP: the program that registered it must handle it")
        }
        guard services.contains(wanted.service) else {
            throw APIError(
                .network, operation: call.operation.name,
                message: "the target 'test' has no \(wanted.service): it is not among the systems of this test's target"
            )
        }
        if isChange {
            state.sent.append(SentChange(call))
            if state.cut == .before(state.sent.count) {
                state.isDead = true
                state.sent.removeLast()
                throw gone(.notSent)
            }
        }
        let number = state.sent.count
        let refused = state.refused
        let reply = reply(to: wanted, of: call, at: moment, &state)
        if isChange, (200..<300).contains(reply.status) {
            state.changes.append(SentChange(call))
            state.answers[subject(call.operation.name, call.arguments["id"] ?? .null), default: []].append(reply)
        }
        if isChange, state.cut == .after(number) {
            state.isDead = true
            // Sent again it is the same call, and refused again if it was.
            state.refused = refused
            throw gone(.unknown)
        }
        return try read(reply, to: call, wanted.service, state.simulation)
    }

    private static func reply(
        to wanted: OperationRequest, of call: OperationCall, at moment: Int64, _ state: inout State
    ) -> SimulatedReply {
        let change = SentChange(call)
        for (index, refusal) in state.refusals.enumerated()
        where state.refused[index] < refusal.times ?? .max && refusal.pattern.matches(change) {
            state.refused[index] += 1
            return state.simulation.refusal(refusal.status, refusal.message, path: wanted.target)
        }
        let parts = wanted.target.split(separator: "?", maxSplits: 1)
        var request = SimulatedRequest(
            method: wanted.method.rawValue, path: String(parts.first ?? "/"),
            query: parts.count > 1 ? String(parts[1]) : "")
        request.body = wanted.body ?? []
        if wanted.service == .xpanse {
            let key = state.simulation.xpanseKeys[.standard]
            (request.authorization, request.xpanseKeyID) = (key.key, key.id)
        } else {
            request.authorization = state.simulation.administratorsHeader
        }
        return state.simulation.answer(request, at: Timestamp(milliseconds: moment))
    }

    /// What a transport makes of a reply.
    private static func read(
        _ reply: SimulatedReply, to call: OperationCall, _ service: Service, _ simulation: Simulation
    ) throws(APIError) -> OperationReply {
        let examiner = ReplyFailure(
            service: service, address: "https://\(service).test",
            account: service == .xpanse
                ? .key(id: simulation.xpanseKeys[.standard].id, type: "standard", otherType: "advanced")
                : .user(simulation.administrator.login, hasToken: false), targetName: "test")
        let failure = examiner.examine(
            ReplyFailure.Reply(
                call: call, status: reply.status, body: reply.body, redaction: Redaction([]).adding(call),
                hasLoggedIn: true))
        guard let failure else { return OperationReply(status: reply.status, body: reply.body) }
        throw APIError(
            failure.kind, status: failure.status, operation: call.operation.name, message: failure.message,
            details: failure.details, delivery: failure.delivery)
    }
}
