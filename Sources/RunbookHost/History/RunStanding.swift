/// What is left to do for a run.
public enum RunStanding: String, Sendable, Hashable, CaseIterable {
    /// Nothing: it has ended.
    case over
    /// Nothing: its process lives.
    case underWay = "under_way"
    /// It says that it is under way, on a machine that nobody can look at from here.
    case elsewhere
    /// It says that it is under way, and its process is dead.
    case abandoned
    /// It ended before its script did, and can go on.
    case interrupted
    /// A person must say what became of a call.
    case needsDecision = "needs_decision"

    /// How a run stands.
    ///
    /// - Parameters:
    ///   - record: the run.
    ///   - isAlive: whether an owner lives; `nil` if that cannot be told from here.
    public init(_ record: RunRecord, isAlive: (RunOwner) -> Bool?) {
        switch record.status {
        case .needsDecision: self = .needsDecision
        case .running:
            self =
                switch isAlive(record.owner) {
                case true?: .underWay
                case false?: .abandoned
                case nil: .elsewhere
                }
        case .succeeded, .failed, .stopped, .cancelled, .diverged: self = record.canBeResumed ? .interrupted : .over
        }
    }

    /// Whether its process may still do something.
    public var mayGoOnByItself: Bool { self == .underWay || self == .elsewhere }
}

extension RunRecord {
    /// What is to be done about the run, for a list; empty if nothing is.
    ///
    /// - Parameter standing: how it stands.
    public func next(_ standing: RunStanding) -> String {
        switch standing {
        case .over: ""
        case .underWay: "under way"
        case .elsewhere: "under way elsewhere"
        case .abandoned: canBeResumed ? "can be resumed" : "its process is dead"
        case .interrupted: "can be resumed"
        case .needsDecision: "needs a decision"
        }
    }
}
