internal import Operations

/// A plan that is being made.
struct PlanDraft: Sendable {
    /// The state as it would be after the changes so far.
    var shadow = Shadow()
    /// The questions that were answered with yes.
    var questions: [String] = []
    private var made: [(call: UInt32, change: PlannedChange)] = []

    mutating func add(_ change: PlannedChange, call: UInt32) { made.append((call, change)) }

    /// The changes in the order in which the script made them, whichever was predicted first.
    var changes: [PlannedChange] {
        made.sorted { $0.call < $1.call }.enumerated().map { index, made in
            var change = made.change
            change.number = index + 1
            return change
        }
    }
}
