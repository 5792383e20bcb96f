extension PredictedChange {
    /// A change that succeeds with the answer that says nothing, and of which no field is known yet.
    init(_ call: OperationCall, target: ChangeTarget?, summary: String) {
        self.init(
            target: target, summary: summary, changes: [], reply: .success(OperationReply(body: [])),
            isConditional: false, isReplyGuessed: false, placeholder: nil, hasNoEffect: false, image: nil)
        answer(["links": []])
    }

    /// Sets what the server would answer.
    mutating func answer(_ body: JSONValue, status: Int = 200) {
        reply = .success(OperationReply(status: status, body: body.bytes(revealingSecrets: true)))
    }

    /// This change as the server would refuse it.
    func refused(_ call: OperationCall, _ error: APIError) -> PredictedChange {
        var refused = self
        var refusal = error
        refusal.operation = call.operation.name
        refused.reply = .failure(refusal)
        refused.changes = []
        refused.hasNoEffect = true
        return refused
    }

    /// This change as the server would refuse it.
    func refused(_ call: OperationCall, _ kind: APIError.Kind, _ status: Int, _ message: String) -> PredictedChange {
        refused(call, APIError(kind, status: status, operation: "", message: message, delivery: .answered))
    }
}
