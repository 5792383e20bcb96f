public import RunbookHost

/// How carrying a slot's run ended.
public enum SlotResult: Sendable, Hashable {
    /// The run has ended, or waits for a person.
    ///
    /// - Parameters:
    ///   - message: why it did not succeed; empty if it did.
    ///   - canBeTakenUp: whether it failed without the script's doing, and can go on where it stopped.
    case ended(RunStatus, message: String, canBeTakenUp: Bool)
    /// Nothing was started; why.
    case refused(String)
    /// Nothing was started, and nothing is to be before a person has looked; why.
    case needsPerson(String)
    /// The run was refused before anything was started, and is recorded so; every other one would be. Nothing is to be started
    /// before a person has looked; why.
    case denied(String)
    /// Another process carries the run.
    case carriedElsewhere
    /// What is left of the run cannot go on, and nothing was changed by it: another run is to be begun.
    case beginAnew
}
