import RunbookHost

extension AuditEvent.Kind {
    /// What happened, in a sentence.
    var meaning: String {
        switch self {
        case .runBegan: "A run began."
        case .runResumed: "A process took a run over."
        case .runRefused: "A run was not taken over: its source is not signed as the policy demands."
        case .runEnded: "A run ended, or waits for a decision."
        case .changeBegan: "A change is about to be sent."
        case .call: "A call has its outcome."
        case .decision: "A person decided what became of a call."
        case .planMade: "A plan was made."
        case .scheduleChanged: "A person added, edited, paused, resumed or removed a schedule."
        case .slotSkipped: "A schedule's planned time was passed over on purpose."
        case .slotsMissed: "Planned times of a schedule went by with nobody there to run them."
        case .checkpoint: "A checkpoint of the log was signed and given away, or could not be."
        }
    }
}

extension AuditFault.Kind {
    /// What is wrong, in a sentence.
    var meaning: String {
        switch self {
        case .notJSON: "A line is no JSON object."
        case .incomplete: "A line lacks a member that every line has."
        case .notCanonical: "A line is JSON, but not as it was written: white space, an escape, the order of members."
        case .altered: "A line does not have the hash that it says."
        case .missing: "Lines between two others, or before the first, are not there."
        case .outOfOrder: "A line stands where another belongs."
        case .repeated: "A line's place in the log was there before."
        case .exchanged: "A line was exchanged for another one with a fitting hash of its own."
        case .cutOff: "The log ends too soon."
        case .beyondEnd: "The log goes on behind the end that its store remembers."
        case .rewritten: "The log fits in itself, and is not the one that a checkpoint was signed for."
        case .misfiled: "The store says something else of a line than the line itself."
        case .checkpoint: "A checkpoint was not signed with the key, or is none."
        }
    }
}
