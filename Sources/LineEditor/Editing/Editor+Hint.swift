extension Editor {
    /// Entries of the history that are looked through for a hint.
    private static let hintEntries = 10_000

    /// Finds what would probably follow the text.
    mutating func updateHint() {
        hint = nil
        guard buffer.isAtEnd, !buffer.isEmpty, buffer.count <= settings.hintLimit, search == nil, completing == nil
        else {
            return
        }
        let text = buffer.text
        if let own = settings.hint?(text), !own.isEmpty {
            hint = own
        } else if settings.hintsFromHistory {
            hint = hintFromHistory(text)
        }
        // A hint that would join the text's last character would not stand after the cursor.
        if let hint, (text + hint).characterStart(at: buffer.count) != buffer.count { self.hint = nil }
    }

    private func hintFromHistory(_ text: String) -> String? {
        text.withUTF8Bytes { start in
            for entry in browsing.entries.suffix(Self.hintEntries).reversed() where entry.utf8.count > start.count {
                let begins = entry.withUTF8Bytes { $0.starts(with: start) }
                if begins, entry.utf8.count <= settings.hintLimit {
                    return String(entry.slice(start.count..<entry.utf8.count))
                }
            }
            return nil
        }
    }

    /// Takes the hint into the text.
    mutating func acceptHint() -> Bool {
        guard let hint, buffer.isAtEnd else { return false }
        insert(hint)
        return true
    }

    /// Takes the hint's first word into the text.
    mutating func acceptHintWord() -> Bool {
        guard let hint, buffer.isAtEnd else { return false }
        var word = TextBuffer(hint)
        word.move(to: 0)
        insert(String(hint.slice(0..<word.wordEnd(after: 0))))
        return true
    }

    /// What is shown of the hint: its first line.
    var shownHint: String? {
        guard let hint else { return nil }
        let end = hint.lineEnd(from: 0)
        return end == hint.utf8.count ? hint : String(hint.slice(0..<end)) + " …"
    }
}
