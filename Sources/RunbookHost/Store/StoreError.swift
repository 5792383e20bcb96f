/// Why a store cannot do what it was asked to.
public enum StoreError: Error, Sendable, Hashable {
    /// It cannot be opened, read or written: what was tried, what is wrong, what to do.
    case unusable(String)
    /// There is no such run or plan.
    case unknown(String)
    /// Another process carries the run, or has taken it over.
    case owned(run: String, by: RunOwner)
    /// The plan was applied before, by this run.
    case planUsed(plan: String, run: String)
}

extension StoreError: CustomStringConvertible {
    /// What went wrong and what to do, for a person.
    public var description: String {
        switch self {
        case .unusable(let reason): reason
        case .unknown(let id):
            "there is no '\(id)' here: 'runbook runs' lists the runs, and --state names another folder"
        case .owned(let run, let owner):
            "the run \(run) is carried by process \(owner.process) on \(owner.host): wait for it, or end it there first"
        case .planUsed(let plan, let run):
            "the plan \(plan) was applied before, by the run \(run): a plan works once; make a new one"
        }
    }
}
