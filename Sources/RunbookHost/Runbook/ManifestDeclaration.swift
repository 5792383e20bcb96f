public import Operations

/// What a script passed to `runbook { … }`, not checked yet. The same source always declares the same: no call and no clock
/// is let through before, so it can be kept by the source's hash.
public struct ManifestDeclaration: Sendable, Hashable {
    /// The table.
    public let table: JSONValue
    /// The line of the call, from 1.
    public let line: Int
    /// SHA-256 of the source, as ``Runbook/sha256``.
    public let sha256: String

    /// A declaration that was kept.
    public init(table: JSONValue, line: Int, sha256: String) {
        self.table = table
        self.line = line
        self.sha256 = sha256
    }
}
