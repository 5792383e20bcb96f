import RunbookHost

extension RunStatus {
    /// What it means, in a sentence.
    var meaning: String {
        switch self {
        case .running: "It is under way."
        case .succeeded: "The script returned."
        case .failed: "The script raised an error, or could not be run."
        case .stopped: "A limit, a denial or the approved plan ended it."
        case .cancelled: "Somebody ended it."
        case .needsDecision: "The outcome of a call is unknown, and a person must say what became of it."
        case .diverged: "The journal does not fit the script."
        }
    }
}
