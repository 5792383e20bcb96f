import RunbookHost

/// A session and what it was made of, for one target.
struct ReplParts: Sendable {
    let session: Session
    let launch: Launch
    let interactive: InteractiveSession
    /// What completion knows of the target.
    let names: TargetNames

    /// What the prompt calls the target.
    var targetName: String { session.configuration.targetName ?? "no target" }
}
