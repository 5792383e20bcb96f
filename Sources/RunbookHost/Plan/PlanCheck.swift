internal import Operations

/// What is left of a plan that is being applied: each of its changes may be made once.
struct PlanCheck: Sendable {
    private let plan: Plan
    /// The places in the plan of changes not made yet, by what they are compared by.
    private var open: [String: [Int]] = [:]
    /// Placeholder ids of what the plan creates, by the ids that they got.
    private var placeholders: [Int64: Int64] = [:]

    init(_ plan: Plan) {
        self.plan = plan
        for (index, change) in plan.changes.enumerated() {
            open[Self.key(change.operation, change.content), default: []].append(index)
        }
    }

    private static func key(_ operation: String, _ content: String) -> String { "\(operation)\n\(content)" }

    /// Takes the planned change that a call is.
    ///
    /// - Returns: `nil` if the plan does not list it, or not so often.
    mutating func take(_ request: OperationCall, _ digest: PreparedCall.Digest) -> PlannedChange? {
        let content = content(of: request, digest)
        for content in [content, PlannedChange.closed(content, digest.sealer)] {
            let key = Self.key(request.operation.name, content)
            guard let index = open[key]?.first else { continue }
            open[key]?.removeFirst()
            return plan.changes[index]
        }
        return nil
    }

    /// As the plan has it: what it creates stands under its placeholder.
    private func content(of request: OperationCall, _ digest: PreparedCall.Digest) -> String {
        var arguments = request.arguments
        for parameter in request.operation.parameters where parameter.location == .path {
            if let id = arguments[parameter.name]?.integerValue, let placeholder = placeholders[id] {
                arguments[parameter.name] = .integer(placeholder)
            }
        }
        return String(decoding: digest.content(of: .object(arguments)), as: UTF8.self)
    }

    /// Notes the id that something got which the plan knows by a placeholder.
    mutating func note(id: Int64, of change: PlannedChange) {
        if let placeholder = change.placeholder { placeholders[id] = placeholder }
    }

    /// Changes of the plan that were not made.
    var left: [PlannedChange] { open.values.joined().sorted().map { plan.changes[$0] } }
}
