import Operations

/// Says in words what a script gets of an operation.
struct AnswerWords: Sendable {
    private let calls: KnownCalls

    /// Words for the operations of these calls.
    init(calls: KnownCalls) { self.calls = calls }

    /// Words for a catalogue's operations.
    init(catalogue: Catalogue) { calls = KnownCalls(catalogue: catalogue) }

    /// `a table with id, login, …`.
    func words(for operation: Operation) -> String {
        let model = calls.byName[operation.name]?.model
        let fields: String
        switch model {
        case .many(let one)?: fields = self.fields(one)
        case let one?: fields = self.fields(one)
        case nil: fields = ""
        }
        switch operation.result {
        case .nothing: return "nothing"
        case .object: return "a table" + (fields.isEmpty ? "" : " with \(fields)")
        case .resources, .replyList: return "a list" + (fields.isEmpty ? "" : " of tables with \(fields)")
        case .page: return "a list of tables with \(fields); and a second table that says which page it is"
        case .member(let name): return "the \(name)"
        case .secretMember: return "a secret, or nil"
        case .replyCount: return "how many were changed"
        case .value: return "a value"
        }
    }

    private func fields(_ model: CallShape.Model) -> String {
        (calls.models[model] ?? []).map { field in
            let inner = (field.shape.fields ?? []).map(\.name).joined(separator: ", ")
            return inner.isEmpty ? field.name : "\(field.name) (\(inner))"
        }.joined(separator: ", ")
    }
}
