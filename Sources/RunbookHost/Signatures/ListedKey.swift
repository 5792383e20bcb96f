/// A key whose signatures an operator has agreed to.
public struct ListedKey: Sendable, Hashable {
    /// What people call it; empty if nobody has named it.
    public var name: String
    /// The key.
    public var key: RunbookPublicKey

    /// A key.
    ///
    /// - Parameters:
    ///   - key: see ``key``.
    ///   - name: Default: none.
    public init(_ key: RunbookPublicKey, name: String = "") {
        self.key = key
        self.name = name
    }

    /// Its name and the beginning of its fingerprint, or that alone.
    public var description: String {
        let fingerprint = "SHA-256 \(key.fingerprint.prefix(12))…"
        return name.isEmpty ? fingerprint : "\(name) (\(fingerprint))"
    }
}

extension ListedKey: CustomStringConvertible {}
