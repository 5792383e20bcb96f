/// The texts that were entered, the oldest first, each once: entered again, it moves to the end.
public struct History: Sendable {
    /// What is kept.
    public let rules: HistoryRules
    /// The texts, the oldest first.
    public private(set) var entries: [String]
    private var known: Set<String>

    /// Starts with entries of elsewhere, such as those of a file.
    public init(_ entries: [String] = [], rules: HistoryRules = HistoryRules()) {
        self.rules = rules
        var known: Set<String> = []
        var kept: [String] = []
        for entry in entries.reversed() where kept.count < rules.limit {
            if Self.isWanted(entry, rules), known.insert(entry).inserted { kept.append(entry) }
        }
        self.entries = kept.reversed()
        self.known = known
    }

    /// Adds a text, unless it is blank, begins with a blank, or is a secret.
    ///
    /// - Returns: whether it was added and is not the newest entry already.
    @discardableResult
    public mutating func add(_ text: String) -> Bool {
        guard Self.isWanted(text, rules), rules.limit > 0, entries.last != text else { return false }
        if !known.insert(text).inserted, let index = entries.lastIndex(of: text) { entries.remove(at: index) }
        entries.append(text)
        if entries.count > rules.limit { known.remove(entries.removeFirst()) }
        return true
    }

    private static func isWanted(_ text: String, _ rules: HistoryRules) -> Bool {
        guard let first = text.first, !first.isWhitespace else { return false }
        return !rules.isSecret(text)
    }
}
