/// Why a host ends a run.
public enum MachineInterrupt: Sendable, Hashable {
    /// The time is up.
    case time
    /// Somebody cancelled it.
    case cancel
}
