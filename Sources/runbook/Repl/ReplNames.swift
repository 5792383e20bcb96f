import RunbookHost

/// What completion offers of the target, never so that a password manager would ask something.
struct ReplNames: Sendable {
    let session: Session

    /// The names, kept for a while.
    func cache() -> TargetNames {
        let loader = TargetNamesLoader(
            catalogue: session.host.catalogue, transport: session.transport, policy: session.host.policy)
        return TargetNames(clock: SystemClock()) { kind in mayAsk ? await loader.load(kind) : nil }
    }

    private var mayAsk: Bool {
        session.transport.isMade || session.configuration.targetName == TargetSettings.environmentName
    }
}
