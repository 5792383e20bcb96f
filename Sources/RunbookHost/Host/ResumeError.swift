/// Why a run is not taken up again.
public enum ResumeError: Error, Sendable, Hashable {
    /// The store cannot be used, has no such run, or another process carries it.
    case store(StoreError)
    /// It has ended in a way that nothing can follow: why, and what to do.
    case refused(String)
    /// Its runbook is not signed as the operator's policy demands; nothing is lost, and it can be taken up once it is: with
    /// the same source and its signature as the `source` of ``RunbookHost/resume(_:source:options:)``.
    case denied(RunError)
    /// A person must first say what became of some calls.
    case undecided(RunError)
    /// Its journal was altered.
    case diverged(String)
}

extension ResumeError: CustomStringConvertible {
    /// What is wrong and what to do, for a person.
    public var description: String {
        switch self {
        case .store(let error): error.description
        case .refused(let reason), .diverged(let reason): reason
        case .denied(let error), .undecided(let error): error.message
        }
    }
}
