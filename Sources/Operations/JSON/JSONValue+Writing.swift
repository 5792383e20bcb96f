extension JSONValue {
    /// The canonical text: no white space, object keys sorted by their UTF-8 bytes, secrets as `"‹secret›"`.
    public var text: String { String(decoding: bytes(revealingSecrets: false), as: UTF8.self) }

    /// The canonical text as UTF-8.
    ///
    /// - Parameter revealingSecrets: `true` only for the body of the request that carries the secret. Default: `false`.
    public func bytes(revealingSecrets: Bool = false) -> [UInt8] {
        var writer = JSONWriter(revealsSecrets: revealingSecrets)
        writer.write(self)
        return writer.out
    }

    /// The text over several lines, two spaces a level, secrets as `"‹secret›"`: what a person reads.
    public var prettyText: String {
        var writer = JSONWriter(isPretty: true)
        writer.write(self)
        return String(decoding: writer.out, as: UTF8.self)
    }

    /// The canonical text of an object, and where in it the member `key` stands, with the comma behind it: what is written
    /// over later, or left out of a digest of the rest.
    ///
    /// - Returns: no place if there is no such member, or none behind it.
    public static func bytes(
        of members: [String: JSONValue], finding key: String
    ) -> (bytes: [UInt8], place: Range<Int>?) {
        var writer = JSONWriter()
        writer.wanted = key
        writer.write(.object(members))
        return (writer.out, writer.found)
    }
}
