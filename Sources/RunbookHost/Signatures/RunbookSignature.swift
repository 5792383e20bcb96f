internal import Operations

/// A signed statement that somebody agrees to a runbook: to this source, under this name.
///
/// It lies beside the runbook in a file of its name with `.sig` behind it, which holds this and nothing else:
///
/// ```
/// runbook-signature/1
/// runbook: unlock-locked-users.lua
/// sha256: 5f0c…
/// signed: 2026-11-22T03:12:45Z
/// by: ada
/// key: 93ff…
/// signature: 2rY1…
/// ```
///
/// The signature covers every line above it. The first one says what is signed, so that no signature can be taken for one
/// of something else; the name is among them, so that a runbook which was signed cannot be put in the place of another one.
public struct RunbookSignature: Sendable, Hashable {
    /// Why something is no signature file, or cannot stand in one: a part of a sentence.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong.
        public let description: String

        init(_ description: String) { self.description = description }
    }

    /// The most bytes that a signature file may have.
    public static let maximumSize = 4096
    /// What stands behind a runbook's name in that of its signature file.
    public static let suffix = ".sig"

    private static let format = "runbook-signature/1"
    private static let size = 64

    /// The name of the runbook's file, without folders.
    public let runbook: String
    /// SHA-256 of the source, lower-case hexadecimal.
    public let sha256: String
    /// When it was signed, as whoever signed says: `2026-11-22T03:12:45Z`.
    public let signed: String
    /// Who signed, as they say.
    public let signer: String
    /// The key's ``RunbookPublicKey/fingerprint``.
    public let key: String
    /// Ed25519, over ``signedText``.
    public let signature: [UInt8]

    init(
        of runbook: Runbook, signed: String, by signer: String, key: String, sign: (_ text: [UInt8]) throws -> [UInt8]
    ) throws {
        self.runbook = Self.name(of: runbook)
        sha256 = runbook.sha256
        self.signed = signed
        self.signer = signer
        self.key = key
        let text = Self.text(
            Self.values(runbook: self.runbook, sha256: sha256, signed: signed, signer: signer, key: key))
        signature = try sign(text)
        // What is written can be read again.
        _ = try Self(parsing: self.text)
    }

    /// Reads a signature file. Whether the signature is right is not looked at: see ``SignaturePolicy``.
    ///
    /// - Throws: ``Fault`` if it is not, byte by byte, what ``text`` writes.
    public init(parsing file: [UInt8]) throws(Fault) {
        guard !file.isEmpty else { throw Fault("it is empty, or cannot be read") }
        guard file.count <= Self.maximumSize else { throw Fault("it has more than \(Self.maximumSize) bytes") }
        guard let text = String(validating: file, as: UTF8.self) else { throw Fault("it is not text in UTF-8") }
        guard file.starts(with: Array((Self.format + "\n").utf8)) else {
            throw Fault("it does not begin with the line '\(Self.format)'")
        }
        // By bytes: two of them, CR LF, are one character.
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .dropFirst().map { String($0) ?? "" }
        let names = Self.names + ["signature"]
        var values: [String] = []
        for (index, name) in names.enumerated() {
            guard index < lines.count, lines[index].hasPrefix("\(name): ") else {
                throw Fault("its line \(index + 2) is not '\(name): …'")
            }
            values.append(String(lines[index].dropFirst(name.count + 2)))
        }
        guard lines.count == names.count + 1, lines.last == "" else {
            throw Fault("something stands behind its line \(names.count + 1), or the end of that line is missing")
        }
        for (name, value) in zip(names, values) where !Self.isPlain(value) {
            throw Fault("its '\(name)' is empty or has characters that do not belong there")
        }
        guard Self.name(ofPath: values[0]) == values[0] else { throw Fault("its 'runbook' is no name of a file") }
        guard Self.isHash(values[1]) else { throw Fault("its 'sha256' is no SHA-256 in lower-case hexadecimal") }
        guard Self.isTime(values[2]) else { throw Fault("its 'signed' is no time such as 2026-11-22T03:12:45Z") }
        guard Self.isHash(values[4]) else { throw Fault("its 'key' is no SHA-256 in lower-case hexadecimal") }
        guard let signature = Base64.bytes(values[5]), signature.count == Self.size else {
            throw Fault("its 'signature' is not \(Self.size) bytes in Base64")
        }
        (runbook, sha256, signed, signer, key) = (values[0], values[1], values[2], values[3], values[4])
        self.signature = signature
    }

    /// The signature file.
    public var text: [UInt8] { signedText + Array("signature: \(Base64.text(signature))\n".utf8) }

    /// What is signed: ``text`` without its last line.
    public var signedText: [UInt8] {
        Self.text(Self.values(runbook: runbook, sha256: sha256, signed: signed, signer: signer, key: key))
    }

    /// The name under which a runbook is signed: what is behind the last `/` of its own.
    public static func name(of runbook: Runbook) -> String { name(ofPath: runbook.name) }

    private static func name(ofPath path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.index(after: $0)...]) } ?? path
    }

    private static let names = ["runbook", "sha256", "signed", "by", "key"]

    private static func values(
        runbook: String, sha256: String, signed: String, signer: String, key: String
    ) -> [String] { [runbook, sha256, signed, signer, key] }

    private static func text(_ values: [String]) -> [UInt8] {
        Array((format + "\n" + zip(names, values).map { "\($0): \($1)\n" }.joined()).utf8)
    }

    /// Whether a value is a part of one line, and looks like what it is.
    private static func isPlain(_ value: String) -> Bool {
        !value.isEmpty && value.unicodeScalars.allSatisfy { !$0.isControl && !$0.isHidden }
    }

    private static func isHash(_ text: String) -> Bool { Hexadecimal.bytes(text)?.count == 32 }

    private static func isTime(_ text: String) -> Bool {
        let pattern = Array("0000-00-00T00:00:00Z".utf8), text = Array(text.utf8)
        guard text.count == pattern.count else { return false }
        return zip(text, pattern).allSatisfy { character, expected in
            expected == UInt8(ascii: "0")
                ? (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) : character == expected
        }
    }
}
