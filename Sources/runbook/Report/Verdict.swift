import RunbookHost

/// How a run went, in a sentence.
struct Verdict {
    /// How it is to be taken.
    enum Tone: String {
        case good, bad, open, plain
    }

    let tone: Tone
    let text: String

    init(_ review: RunReview) {
        let failed = review.count(.failed), unknown = review.count(.unknown), planned = review.count(.planned)
        let done = Wording.count(review.effective, "change")
        let made =
            review.effective == 0 ? "nothing was changed" : "\(done) \(review.effective == 1 ? "was" : "were") made"
        switch review.record.status {
        case .succeeded where review.record.mode == .plan:
            tone = .good
            text =
                planned == 0
                ? "Nothing would change." : "\(Wording.count(planned, "change")) planned; nothing was sent."
        case .succeeded where unknown > 0:
            tone = .open
            text = "Finished, but nobody knows whether \(Wording.count(unknown, "change")) reached the target."
        case .succeeded where failed > 0:
            tone = .open
            text = "Finished: \(made), \(Wording.number(failed)) failed."
        case .succeeded:
            tone = .good
            text = review.effective == 0 ? "Finished: nothing had to be changed." : "Finished: \(made)."
        case .failed:
            tone = .bad
            text = "Failed before its end; \(made)."
        case .stopped:
            tone = .bad
            text = "Stopped by a limit or a denial; \(made)."
        case .cancelled:
            tone = .bad
            text = "Ended by somebody before its end; \(made)."
        case .needsDecision:
            tone = .open
            text =
                unknown == 0
                ? "Everything is decided: the run can go on."
                : "Waits for you: nobody knows whether \(Wording.count(unknown, "change")) reached the target."
        case .diverged:
            tone = .bad
            text = "Could not be resumed: the journal does not fit the script. Nothing more was sent."
        case .running:
            switch review.standing {
            case .abandoned:
                tone = .open
                text = "Its process died on the way; \(made) until then. The run can go on."
            default:
                tone = .plain
                text = "Under way; \(made) so far."
            }
        }
    }
}
