internal import Operations

/// A plan that is being made.
struct PlanDraft: Sendable {
    /// The state as it would be after the changes so far.
    var shadow = Shadow()
    /// The questions that were answered with yes.
    var questions: [String] = []
    /// A change and the call that would make it.
    struct Step: Sendable {
        /// The statement of a session, and the machine's number of the call.
        let place: (statement: Int, call: UInt32)
        let change: PlannedChange
        let request: OperationCall
    }

    /// Which statement of a session is under way.
    var statement = 0
    private var made: [Step] = []

    mutating func add(_ change: PlannedChange, call: UInt32, request: OperationCall) {
        made.append(Step(place: (statement, call), change: change, request: request))
    }

    /// What is planned, in the order in which the script made the calls, whichever was predicted first.
    var steps: [Step] { made.sorted { $0.place < $1.place } }

    /// Nothing is planned.
    ///
    /// - Parameter statement: see ``statement``. Default: 0.
    init(statement: Int = 0) { self.statement = statement }

    /// Takes what was planned before, without what is known of its effects.
    mutating func fill(_ steps: [Step]) { made = steps }

    /// Forgets what the server will refuse: it has been raised in the script.
    mutating func dropRefused() { made.removeAll { $0.change.refusal != nil } }

    /// How much is planned.
    var count: Int { made.count }

    /// The changes, numbered in that order.
    var changes: [PlannedChange] {
        steps.enumerated().map { index, made in
            var change = made.change
            change.number = index + 1
            return change
        }
    }
}
