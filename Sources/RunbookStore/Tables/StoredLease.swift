/// Who may write to a run, and where its journal ends.
struct StoredLease: Sendable {
    /// The run's key in the tables.
    let key: Int64
    /// The run's id.
    let run: String
    /// Counts the owners.
    let epoch: Int64
    /// When the owner was last heard of, milliseconds since 1970; `nil` if it has given the lease back.
    let renewed: Int64?
    /// The place of the journal's last row; 0 if it is empty.
    let sequence: Int64
    /// That row's hash; empty if there is none.
    let hash: [UInt8]
}
