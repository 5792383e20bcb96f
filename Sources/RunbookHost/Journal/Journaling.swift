/// What a host needs to keep journals. Without it a run leaves nothing behind, and cannot be resumed.
public struct Journaling: Sendable {
    /// Where they are kept.
    public var store: any RunStore
    /// Seals secrets and sources in them.
    public var sealer: Sealer
    /// This process, as other processes find it in the store.
    public var owner: RunOwner
    /// Whether the process that carries a run lives; `nil` if that cannot be told from here.
    public var isAlive: @Sendable (RunOwner) -> Bool?
    /// The program's version, for the record.
    public var version: String
    /// Is told how long each commit took that a change waited for. Default: nobody is.
    public var committed: (@Sendable (Duration) -> Void)?

    /// Journals in a store.
    ///
    /// - Parameters:
    ///   - store: see ``store``.
    ///   - sealer: see ``sealer``.
    ///   - owner: see ``owner``.
    ///   - isAlive: Default: nobody can tell, and a run is taken over once its lease has run out.
    ///   - version: Default: unknown.
    public init(
        store: any RunStore, sealer: Sealer, owner: RunOwner, version: String = "",
        isAlive: @escaping @Sendable (RunOwner) -> Bool? = { _ in nil }
    ) {
        self.store = store
        self.sealer = sealer
        self.owner = owner
        self.version = version
        self.isAlive = isAlive
    }
}
