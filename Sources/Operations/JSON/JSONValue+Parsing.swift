extension JSONValue {
    /// How deep arrays and objects may nest: enough for any reply, and far from overflowing the stack.
    public static let maximumDepth = 128

    /// Reads one JSON text (RFC 8259): nothing but white space around the value.
    ///
    /// - Throws: ``JSONSyntaxError``.
    public init(parsing text: String) throws(JSONSyntaxError) {
        try self.init(parsing: Array(text.utf8))
    }

    /// Reads one JSON text (RFC 8259) from UTF-8 bytes, without a byte order mark.
    ///
    /// - Throws: ``JSONSyntaxError``.
    public init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
        try self.init(parsing: bytes.span)
    }

    /// Reads one JSON text (RFC 8259) from UTF-8 bytes that stay where they are.
    ///
    /// - Throws: ``JSONSyntaxError``.
    public init(parsing bytes: Span<UInt8>) throws(JSONSyntaxError) {
        var parser = JSONParser()
        self = try parser.parseDocument(bytes)
    }
}
