internal import Crypto
internal import Operations

/// One line of the audit log: a JSON object that holds the previous line's hash and ends with its own.
public struct AuditLine: Sendable, Hashable {
    /// The previous hash of the first line.
    public static let start = String(repeating: "0", count: 64)

    /// Its place, from 1, without gaps.
    public let sequence: Int64
    /// SHA-256 of the line without this hash, lower-case hexadecimal.
    public let hash: String
    /// The line: canonical JSON, `hash` among its members.
    public let text: [UInt8]

    /// A line that was read. Nothing is checked: see ``AuditVerifier``.
    public init(sequence: Int64, hash: String, text: [UInt8]) {
        self.sequence = sequence
        self.hash = hash
        self.text = text
    }

    /// The line that an event makes behind another.
    public init(_ event: AuditEvent, after head: AuditHead?) {
        sequence = (head?.sequence ?? 0) + 1
        var members = event.members
        members["event"] = .string(event.kind.rawValue)
        members["time"] = .integer(event.unixMilliseconds)
        members["sequence"] = .integer(sequence)
        members["previous"] = .string(head?.hash ?? Self.start)
        // Written once, with room for the hash of all the rest.
        members["hash"] = .string(Self.start)
        var (text, place) = JSONValue.bytes(of: members, finding: "hash")
        let rest = place ?? text.count..<text.count
        var hasher = SHA256()
        hasher.update(data: text[..<rest.lowerBound])
        hasher.update(data: text[rest.upperBound...])
        hash = Hexadecimal.text(hasher.finalize())
        let room = rest.lowerBound + "\"hash\":\"".utf8.count
        if !rest.isEmpty { text.replaceSubrange(room..<room + hash.utf8.count, with: hash.utf8) }
        self.text = text
    }

    /// The hash of a line's members without `hash`.
    static func hash(of members: [String: JSONValue]) -> String {
        Hexadecimal.text(SHA256.hash(data: JSONValue.object(members).bytes()))
    }
}
