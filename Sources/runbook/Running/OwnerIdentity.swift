import RunbookHost
import RunbookStore

/// Tells processes of this machine apart, those that have ended from those that live.
struct OwnerIdentity: Sendable {
    /// This machine.
    static var local: OwnerIdentity { OwnerIdentity() }

    /// This process, as others find it in the store.
    var thisProcess: RunOwner { .current }

    /// Whether an owner lives; `nil` if it is on another machine.
    func isAlive(_ owner: RunOwner) -> Bool? { owner.isAlive }
}
