internal import Crypto

/// A runbook: a Lua source under a name.
public struct Runbook: Sendable, Hashable {
    /// What errors call it: the file's name.
    public let name: String
    /// The Lua source, UTF-8.
    public let source: [UInt8]
    /// SHA-256 of the source, lower-case hexadecimal: which text a run ran.
    public let sha256: String
    /// The content of the signature file that belongs to it, as it was found; `nil` if there is none. What it is worth says
    /// a ``SignaturePolicy``.
    public let signature: [UInt8]?
    /// Who has made it.
    let maker: RunbookMaker

    /// A runbook from its source.
    ///
    /// - Parameters:
    ///   - name: see ``name``.
    ///   - source: see ``source``.
    ///   - signature: the content of its signature file. Default: there is none.
    public init(name: String, source: [UInt8], signature: [UInt8]? = nil) {
        self.init(name: name, source: source, signature: signature, maker: .somebody)
    }

    /// A runbook from its source text.
    ///
    /// - Parameters:
    ///   - name: see ``name``.
    ///   - source: its text.
    ///   - signature: the content of its signature file. Default: there is none.
    public init(name: String, source: String, signature: [UInt8]? = nil) {
        self.init(name: name, source: Array(source.utf8), signature: signature)
    }

    init(name: String, source: [UInt8], signature: [UInt8]?, maker: RunbookMaker) {
        self.name = name
        self.source = source
        sha256 = Hexadecimal.text(SHA256.hash(data: source))
        // One byte too many is enough to refuse it.
        self.signature = signature.map { Array($0.prefix(RunbookSignature.maximumSize + 1)) }
        self.maker = maker
    }
}
