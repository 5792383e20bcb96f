/// The predicted state over the live one while a plan is made.
///
/// It remembers what it needs of the server's answers and lays what the plan has changed over later ones. It reads
/// nothing by itself: ``reads(before:in:)`` says what a prediction needs.
public struct Shadow: Sendable {
    var users: [Int64: ShadowUser] = [:]
    var roles: [String: ShadowRole] = [:]
    /// The roles that exist only in the plan, in the order they were made.
    var plannedRoles: [String] = []
    /// The authentication sources, once they were read.
    var sources: [JSONValue]?
    /// The privileges that the console knows, once they were read.
    var privileges: Set<String>?
    /// All sites or asset groups, as someone with access to all has them.
    var everything: [AccessKind: [Int64]] = [:]
    var xpanse = XpanseShadow()
    /// Who is known to have a login.
    private var holders: [String: Int64] = [:]
    /// The logins behind the identifiers that exist only in the plan.
    private var placeholders: [Int64: String] = [:]
    /// Texts in the place of seeds that the console is still to make.
    private var guessedSeeds: Set<String> = []

    /// Nothing is changed yet.
    public init() {}

    /// The reads whose answers a prediction of `call` needs and this shadow does not have.
    ///
    /// None of them is about something that exists only in the plan: all can be sent as they are.
    public func reads(before call: OperationCall, in catalogue: Catalogue) -> [OperationCall] {
        guard let kind = ChangeKind(call.operation) else { return [] }
        var seen: Set<ReadSubject> = []
        return (kind.imageReads(call) + kind.predictionReads(call))
            .filter { seen.insert($0).inserted && !isKnown($0) }
            .compactMap { $0.call(in: catalogue) }
    }

    /// Records a change.
    ///
    /// Reads that are left out or failed make the prediction poorer, never wrong: what is not known is not claimed.
    ///
    /// - Parameters:
    ///   - call: the change.
    ///   - reads: what was read before: of ``reads(before:in:)``, or a part of it.
    ///   - answers: the server's answers to `reads`, in their order, with or without this shadow laid over.
    public mutating func apply(
        _ call: OperationCall, reads: [OperationCall], answers: [Result<OperationReply, APIError>]
    ) -> PredictedChange {
        guard let kind = ChangeKind(call.operation) else { return unknownChange(call) }
        let isConditional = dependsOnGuess(.object(call.arguments))
        let failures = learn(reads, answers)
        let image = Inverse.image(kind, call) { own($0, failures) }
        var change = predict(kind, call, failures)
        change.image = image
        change.isConditional = change.isConditional || isConditional
        return change
    }

    /// Whose identifier this is, if it exists only in the plan: `‹new user ada›`.
    public func placeholder(_ id: Int64) -> String? { placeholders[id].map { "‹new user \($0)›" } }

    private mutating func predict(
        _ kind: ChangeKind, _ call: OperationCall, _ failures: [ReadSubject: APIError]
    ) -> PredictedChange {
        switch kind {
        case .createUser: return createUser(call, failures)
        case .updateUser: return updateUser(call, failures)
        case .deleteUser: return deleteUser(call, failures)
        case .unlockUser: return unlockUser(call, failures)
        case .resetPassword: return resetPassword(call, failures)
        case .setSeed, .regenerateSeed: return changeSeed(kind, call, failures)
        case .access(let access, let edit): return changeAccess(access, edit, call, failures)
        case .updateRole: return updateRole(call, failures)
        case .deleteRole: return deleteRole(call, failures)
        case .setXpanseRole, .removeXpanseRole: return changeXpanseRole(call, failures)
        }
    }

    /// A change of which nothing is known but its name and arguments.
    private func unknownChange(_ call: OperationCall) -> PredictedChange {
        let values = call.operation.parameters.compactMap { parameter in
            call.arguments[parameter.name].map { $0.text }
        }
        return PredictedChange(
            target: nil, summary: Wording.shortened("\(call.operation.name)(\(values.joined(separator: ", ")))"),
            changes: [], reply: .success(OperationReply(body: Array("{}".utf8))), isConditional: true,
            isReplyGuessed: true, placeholder: nil, hasNoEffect: false, image: nil)
    }

    // MARK: Logins

    /// Whether nobody else is known to have this login.
    func isFree(_ login: String, for id: Int64?) -> Bool { holders[login].map { $0 == id } ?? true }

    /// Keeps what is known of a user, and who has which login.
    mutating func keep(_ user: ShadowUser, _ id: Int64) {
        if let former = users[id]?.login, holders[former] == id { holders[former] = nil }
        users[id] = user
        if user.existence != .deleted, let login = user.login { holders[login] = id }
    }

    // MARK: Guesses

    /// An identifier for a user who exists only in the plan.
    mutating func makePlaceholder(for login: String) -> Int64 {
        let id = Int64(Int32.max) - Int64(placeholders.count)
        placeholders[id] = login
        return id
    }

    /// A text in the place of a seed that the console is still to make.
    mutating func makeSeed(for id: Int64) -> SecretValue {
        let number = guessedSeeds.count + 1
        let text = "‹new two-factor seed \(number) of user \(id)›"
        guessedSeeds.insert(text)
        return SecretValue(text)
    }

    /// Whether the console is still to make this seed.
    func isGuessedSeed(_ seed: SecretValue) -> Bool { guessedSeeds.contains(seed.reveal()) }

    /// Whether something in these arguments exists only in the plan.
    private func dependsOnGuess(_ value: JSONValue) -> Bool {
        if placeholders.isEmpty, guessedSeeds.isEmpty { return false }
        switch value {
        case .integer(let number): return placeholders[number] != nil
        case .string(let text): return dependsOnGuess(text)
        case .secret(let secret): return dependsOnGuess(secret.reveal())
        case .array(let elements): return elements.contains { dependsOnGuess($0) }
        case .object(let members): return members.values.contains { dependsOnGuess($0) }
        case .null, .bool, .number: return false
        }
    }

    /// A text may have been put together from an identifier.
    private func dependsOnGuess(_ text: String) -> Bool {
        if guessedSeeds.contains(text) { return true }
        guard !placeholders.isEmpty else { return false }
        return text.utf8.split { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            .contains { Int64(Substring($0)).map { placeholders[$0] != nil } ?? false }
    }
}
