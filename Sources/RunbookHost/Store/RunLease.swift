/// The right to write to a run's journal. A run has one at a time: whoever takes a run over raises the epoch, and a lease
/// of an older one writes nothing any more.
public struct RunLease: Sendable, Hashable {
    /// How long a lease holds after it was given or last renewed, in milliseconds, while nobody can tell whether its owner
    /// lives.
    public static let milliseconds: Int64 = 30_000

    /// The run.
    public let run: String
    /// Counts the owners, from 1.
    public let epoch: Int64

    /// A lease.
    public init(run: String, epoch: Int64) {
        self.run = run
        self.epoch = epoch
    }
}
