import RunbookSchedule

extension Slot.State {
    /// What it means, in a sentence.
    var meaning: String {
        switch self {
        case .waiting: "It is to be started when it is due."
        case .running: "Its run is under way."
        case .interrupted: "Whoever carried its run has left it; it is to be taken up."
        case .ran: "Its run has ended, or waits for a person."
        case .skipped: "It was not to be run; the reason is recorded."
        case .missed: "Nobody was there to run it in time."
        }
    }
}
