import Operations
import Testing

@testable import ConsoleModel
@testable import ConsoleSimulator

/// One world that changes are carried out in, and one that stays as it was: a shadow over the frozen one must tell what
/// the other has become.
struct PredictionWorlds {
    let catalogue = Catalogue.standard
    var real: Harness
    var frozen: Harness
    var shadow = Shadow()
    /// The identifiers that the console has given, by the plan's.
    private(set) var realIDs: [Int64: Int64] = [:]
    /// The changes that were carried out, with their images.
    private(set) var made: [MadeChange] = []

    init(seed: UInt64, wishes: DataSet.Wishes, settings: Simulation.Settings = .init()) {
        real = Harness(seed: seed, wishes: wishes, settings: settings)
        frozen = real
    }

    /// A call as a script makes it.
    func call(_ name: String, _ values: [JSONValue]) throws -> OperationCall {
        let operation = try #require(catalogue[name])
        return OperationCall(checked: operation, arguments: try operation.bind(values))
    }

    // MARK: Sending

    /// What a transport would make of the simulation's answer.
    static func send(_ call: OperationCall, to harness: inout Harness) throws -> Result<OperationReply, APIError> {
        let wanted = try #require(OperationRequest(call))
        var request = SimulatedRequest(method: wanted.method.rawValue, target: wanted.target)
        request.body = wanted.body ?? []
        if wanted.service == .xpanse {
            let key = harness.simulation.xpanseKeys[.standard]
            (request.authorization, request.xpanseKeyID) = (key.key, key.id)
        } else {
            let administrator = harness.simulation.administrator
            request.authorization = "Basic " + base64("\(administrator.login):\(administrator.password)")
        }
        let answer = try harness.answer(request)
        guard answer.status >= 300 else {
            return .success(OperationReply(status: answer.status, body: answer.reply.body))
        }
        let kinds: [Int: APIError.Kind] = [
            400: .badRequest, 401: .unauthorized, 403: .forbidden, 404: .notFound, 500: .unavailable,
        ]
        let kind = try #require(kinds[answer.status], "\(answer.status)")
        return .failure(
            APIError(
                kind, status: answer.status, operation: call.operation.name, message: answer.message ?? "",
                details: answer.body, delivery: .answered))
    }

    /// A read as plan mode answers it.
    mutating func plannedRead(
        _ call: OperationCall
    ) throws -> (answer: Result<OperationReply, APIError>, isGuess: Bool) {
        if let answer = shadow.answer(to: call) { return answer }
        let answer = try Self.send(call, to: &frozen)
        guard case .success(let reply) = answer else { return (answer, false) }
        let laid = shadow.overlay(call, reply)
        return (.success(laid.reply), laid.isGuess)
    }

    /// Predicts a change, and carries it out where it counts.
    ///
    /// - Returns: the prediction, the same made anew right before the change is sent, and what became of it.
    mutating func change(
        _ name: String, _ values: [JSONValue]
    ) throws -> (prediction: PredictedChange, renewed: PredictedChange, outcome: Result<OperationReply, APIError>) {
        let call = try call(name, values)
        let reads = shadow.reads(before: call, in: catalogue)
        let answers = try reads.map { try plannedRead($0).answer }
        let prediction = shadow.apply(call, reads: reads, answers: answers)

        let sent = OperationCall(
            checked: call.operation, arguments: call.arguments.mapValues { translated($0) })
        var fresh = Shadow()
        let liveReads = fresh.reads(before: sent, in: catalogue)
        let liveAnswers = try liveReads.map { try Self.send($0, to: &real) }
        let renewed = fresh.apply(sent, reads: liveReads, answers: liveAnswers)

        let images = try Inverse.reads(before: sent, in: catalogue).map { try Self.send($0, to: &real) }
        let image = Inverse.image(of: sent, answers: images)
        let outcome = try Self.send(sent, to: &real)
        if case .success(let reply) = outcome {
            let result = call.operation.result.apply(to: try JSONValue(parsing: reply.body)).value
            made.append(MadeChange(call: sent, image: image, result: result, target: prediction.target))
            if let id = prediction.placeholder { realIDs[id] = try #require(result.integerValue) as Int64 }
        }
        return (prediction, renewed, outcome)
    }

    // MARK: Comparing

    /// The value with the console's identifiers in the place of the plan's.
    func translated(_ value: JSONValue) -> JSONValue {
        switch value {
        case .integer(let id): .integer(realIDs[id] ?? id)
        case .array(let elements): .array(elements.map { translated($0) })
        case .object(let members): .object(members.mapValues { translated($0) })
        default: value
        }
    }

    /// What a script gets of an answer, in an order of its own: seeds only as whether there is one.
    func comparable(_ answer: Result<OperationReply, APIError>, of call: OperationCall) throws -> JSONValue {
        switch answer {
        case .failure(let error):
            return ["kind": .string(error.kind.rawValue), "status": .integer(Int64(error.status ?? 0))]
        case .success(let reply):
            let body: JSONValue = reply.body.isEmpty ? .null : try JSONValue(parsing: reply.body)
            let value = call.operation.result.apply(to: body).value
            if case .secretMember = call.operation.result { return .bool(!value.isNull) }
            return Self.sorted(translated(value))
        }
    }

    /// With the elements of every array in the order of their texts, and texts that newer consoles wrap in objects as
    /// texts: nobody can tell beforehand how a console writes a role that it has not seen yet.
    private static func sorted(_ value: JSONValue) -> JSONValue {
        if let text = value["defaultValue"] { return text }
        return switch value {
        case .array(let elements): .array(elements.map { sorted($0) }.sorted { $0.text < $1.text })
        case .object(let members): .object(members.mapValues { sorted($0) })
        default: value
        }
    }
}
