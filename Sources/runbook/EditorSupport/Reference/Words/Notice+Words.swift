import RunbookSchedule

extension Notice.Kind {
    /// What happened, in a sentence.
    var meaning: String {
        switch self {
        case .failed: "A slot ran and failed, also when it was tried again, or could not be started."
        case .missed: "Slots were missed."
        case .stopped: "A slot was stopped by a limit or a denial, or the schedule stopped itself."
        case .needsDecision: "A slot's run waits for a decision."
        case .recovered: "A slot ran well, after one that did not."
        }
    }
}
