/// Where a person is in the history while editing, and what was changed in its entries meanwhile.
struct HistoryBrowsing: Sendable {
    let entries: [String]
    /// The entry shown; the count of entries stands for the text that was begun.
    private(set) var position: Int
    /// Texts as they were left, by position.
    private var left: [Int: String] = [:]
    /// What entries must begin with, while keys go on recalling.
    private(set) var prefix: String?

    init(_ entries: [String]) {
        self.entries = entries
        position = entries.count
    }

    /// Whether an entry is shown.
    var isBrowsing: Bool { position < entries.count }

    /// Says what entries must begin with from now on; nil for all.
    mutating func look(for prefix: String?) { self.prefix = prefix }

    /// The text at a position, as it was left there.
    func text(at index: Int) -> String { left[index] ?? (index < entries.count ? entries[index] : "") }

    /// The next older or newer position with another text that begins as wanted.
    func next(older: Bool, than current: String) -> Int? {
        var index = position
        while true {
            index += older ? -1 : 1
            guard (0...entries.count).contains(index) else { return nil }
            // The text that was begun is always come back to.
            if index == entries.count { return index }
            let text = text(at: index)
            guard text != current else { continue }
            if prefix.map({ text.utf8.starts(with: $0.utf8) }) ?? true { return index }
        }
    }

    /// Goes to a position and returns the text there, keeping the one left behind.
    mutating func go(to index: Int, leaving text: String) -> String {
        left[position] = position < entries.count && entries[position] == text ? nil : text
        position = index
        return self.text(at: index)
    }
}
