internal import Operations

/// What the run itself has just read of single users and roles: as a rule what it is about to change, so that the state
/// before need not be read a second time.
struct RecentReads: Sendable {
    /// An older answer is not believed.
    private static let lifetime: Duration = .seconds(10)
    private static let most = 64
    private static let operations: Set = ["users.get", "users.sites", "users.asset_groups", "roles.get"]

    private var answers: [String: (reply: OperationReply, at: Duration)] = [:]
    private var order: [String] = []

    static func isOfUse(_ request: OperationCall) -> Bool { operations.contains(request.operation.name) }

    private static func key(_ request: OperationCall) -> String? {
        request.arguments["id"].map { "\(request.operation.name) \($0.text)" }
    }

    mutating func keep(_ request: OperationCall, _ reply: OperationReply, at now: Duration) {
        guard let key = Self.key(request) else { return }
        if answers.updateValue((reply, now), forKey: key) == nil { order.append(key) }
        if order.count > Self.most { answers[order.removeFirst()] = nil }
    }

    func answer(to read: OperationCall, at now: Duration) -> OperationReply? {
        guard let key = Self.key(read), let answer = answers[key], now - answer.at < Self.lifetime else { return nil }
        return answer.reply
    }

    /// Forgets what a change makes untrue: everything of whom it is about, and of a change of several everything.
    mutating func forget(_ change: OperationCall) {
        guard let id = change.arguments["id"]?.text else {
            answers = [:]
            order = []
            return
        }
        for name in Self.operations { answers["\(name) \(id)"] = nil }
        order.removeAll { answers[$0] == nil }
    }
}
