internal import Operations

extension JournalRow {
    /// The row as it may be kept: whatever holds a known secret in clear is redacted, or sealed where a replay needs
    /// it as it was.
    func closed(by sealer: Sealer, run: String, _ redactor: Redactor) -> JournalRow {
        guard !redactor.isEmpty else { return self }
        var row = self
        if redactor.isNeeded(for: content) { row.closeContent(sealer, run, redactor) }
        if redactor.isNeeded(for: facts) { row.closeFacts(redactor) }
        return row
    }

    private mutating func closeContent(_ sealer: Sealer, _ run: String, _ redactor: Redactor) {
        switch kind {
        case .outcome:
            let secrets = (try? SealedAnswer(sealed, by: sealer, run: run))?.secrets ?? [:]
            sealed = SealedAnswer(content: content, secrets: secrets).sealed(by: sealer, run: run)
            content = []
        case .intent:
            var members = readFacts.objectValue ?? [:]
            members["digest"] = .string(sealer.digest(content))
            facts = JSONValue.object(members).bytes()
            fallthrough
        default: content = Self.redacted(content, redactor).bytes()
        }
    }

    private mutating func closeFacts(_ redactor: Redactor) {
        var members = readFacts.objectValue ?? [:]
        // An undo must restore what was there, and nothing that only stands for it. And what it restores would stand in its
        // plan: then a person has to do it.
        if let image = members["image"], redactor.isNeeded(for: image.bytes()) { members.removeValue(forKey: "image") }
        facts = JSONValue.object(redactor.redact(members)).bytes()
    }

    private static func redacted(_ json: [UInt8], _ redactor: Redactor) -> JSONValue {
        redactor.redact((try? JSONValue(parsing: json)) ?? .null)
    }

    /// Whether an intent is that of a call with these arguments, also if they could not be kept as they were.
    ///
    /// - Parameter content: the arguments as ``PreparedCall/content``.
    func isIntent(of content: [UInt8], _ sealer: Sealer?) -> Bool {
        if self.content == content { return true }
        guard let sealer, let digest = readFacts["digest"]?.stringValue else { return false }
        return digest == sealer.digest(content)
    }
}
