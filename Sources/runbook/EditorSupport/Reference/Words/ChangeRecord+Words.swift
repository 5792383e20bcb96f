import RunbookHost

extension ChangeRecord.Outcome {
    /// What it means, in a sentence.
    var meaning: String {
        switch self {
        case .pending: "It was about to be sent, or has no answer yet."
        case .done: "The server carried it out."
        case .failed: "The server refused it, or it failed."
        case .notSent: "It was not sent: nothing has changed."
        case .unknown: "It was sent, and no answer came: it may or may not have been carried out."
        case .planned: "It was planned and not sent."
        }
    }
}
