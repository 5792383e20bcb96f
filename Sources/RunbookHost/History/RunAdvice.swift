internal import Operations

/// What a person can do next about a run, as a command.
public struct RunAdvice: Sendable, Hashable {
    /// Why, a sentence.
    public let reason: String
    /// What to type.
    public let command: String
    /// Whether the run waits for it.
    public let isPressing: Bool

    /// Everything that can be done about a run, the most pressing first; empty if it is over and changed nothing.
    ///
    /// - Parameters:
    ///   - review: the run's course.
    ///   - undo: what an undo of it would do.
    public static func all(for review: RunReview, undo: RunReview.Undo) -> [RunAdvice] {
        let run = review.record.id
        var advice: [RunAdvice] = []
        guard !review.standing.mayGoOnByItself else { return [] }
        let isWaiting = review.standing != .over && review.record.canBeResumed
        if isWaiting {
            // The others are read back, or sent again, when the run goes on.
            let undecided = review.changes(.unknown).filter { call in
                call.effect == .unsafe || (review.standing == .needsDecision && call.effect == .reconcilable)
            }
            advice += undecided.map { call in
                RunAdvice(
                    reason: "Look on the target whether call \(call.number) was carried out: \(call.text).",
                    command: "runbook decide \(run) \(call.number) --sent|--not-sent", isPressing: true)
            }
            advice.append(
                RunAdvice(
                    reason: undecided.isEmpty ? "The run can go on where it stopped." : "Then let the run go on.",
                    command: "runbook resume \(run)", isPressing: true))
        }
        if undo.changes > 0 {
            let all = undo.irreversible.isEmpty ? "" : ", though not all"
            let count = "\(undo.changes) \(undo.changes == 1 ? "change" : "changes")"
            advice.append(
                RunAdvice(
                    reason: "\(count) can be taken back\(all): make a plan of it, read it, apply it.",
                    command: "runbook undo \(run) -o PLAN", isPressing: false))
        }
        return advice
    }
}
