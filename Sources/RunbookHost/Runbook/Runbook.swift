internal import Crypto

/// A runbook: a Lua source under a name.
public struct Runbook: Sendable, Hashable {
    /// What errors call it: the file's name.
    public let name: String
    /// The Lua source, UTF-8.
    public let source: [UInt8]
    /// SHA-256 of the source, lower-case hexadecimal: which text a run ran.
    public let sha256: String

    /// A runbook from its source.
    public init(name: String, source: [UInt8]) {
        self.name = name
        self.source = source
        sha256 = Hexadecimal.text(SHA256.hash(data: source))
    }

    /// A runbook from its source text.
    public init(name: String, source: String) { self.init(name: name, source: Array(source.utf8)) }
}
