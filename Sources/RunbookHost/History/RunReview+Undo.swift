public import Operations

extension RunReview {
    /// What an undo of a run would do.
    public struct Undo: Sendable, Hashable {
        /// How many changes it takes back.
        public let changes: Int
        /// The calls it makes for that, a line each.
        public let steps: [String]
        /// What it cannot take back.
        public let irreversible: [Irreversible]
    }

    /// Changes of one operation that no undo takes back.
    public struct Irreversible: Sendable, Hashable {
        /// The operation.
        public let operation: String
        /// Why: a part of a sentence.
        public let reason: String
        /// How many there are.
        public var count: Int
    }

    /// What an undo of the run would do with the changes that were, or may have been, carried out.
    ///
    /// - Parameter catalogue: the operations. Default: both APIs.
    public func undo(in catalogue: Catalogue = .standard) -> Undo {
        let made = changes.filter { ($0.outcome == .done && !$0.hasNoEffect) || $0.outcome == .unknown }
        var irreversible: [Irreversible] = []
        func note(_ operation: String, _ reason: String) {
            if let place = irreversible.firstIndex(where: { $0.operation == operation && $0.reason == reason }) {
                irreversible[place].count += 1
            } else {
                irreversible.append(Irreversible(operation: operation, reason: reason, count: 1))
            }
        }
        var known: [MadeChange] = []
        for change in made {
            guard let operation = catalogue[change.operation] else {
                note(change.operation, "there is no such operation any more")
                continue
            }
            known.append(
                MadeChange(
                    call: OperationCall(checked: operation, arguments: change.arguments.objectValue ?? [:]),
                    image: change.image, result: change.result.isNull ? nil : change.result, target: change.target))
        }
        let plan = Inverse.plan(known)
        for (change, reason) in plan.impossible { note(change.call.operation.name, reason) }
        return Undo(
            changes: known.count - plan.impossible.count, steps: plan.steps.map(\.summary), irreversible: irreversible)
    }
}
