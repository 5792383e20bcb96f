import ArgumentParser

/// A word that may stand where the cursor is.
struct Suggestion: Sendable, Hashable {
    /// The word.
    let text: String
    /// What it means, for shells that show it; empty for nothing.
    let note: String

    /// Default: no note.
    init(_ text: String, _ note: String = "") {
        self.text = text
        self.note = note
    }

    /// The line that the shell's completion script reads, or `nil` for what cannot be shown on a terminal as it is.
    ///
    /// Names come from files and databases, and a shell would carry out what it finds in them: bash expands each line, so
    /// that all that could mean something to it is quoted; zsh takes what is behind a colon for the note, fish what is
    /// behind a tabulator.
    func line(for shell: CompletionShell?) -> String? {
        guard !text.isEmpty, text.shown == text else { return nil }
        let note = note.shown
        switch shell {
        case .some(.bash):
            // bash itself puts the stroke behind a folder.
            let text = text.count > 1 && text.hasSuffix("/") ? text.dropLast() : text[...]
            return text.map { Self.isPlain($0) ? String($0) : "\\\($0)" }.joined()
        case .some(.zsh):
            let word = text.map { $0 == "\\" || $0 == ":" ? "\\\($0)" : String($0) }.joined()
            return note.isEmpty ? word : "\(word):\(note)"
        case .some(.fish):
            return note.isEmpty ? text : "\(text)\t\(note)"
        default:
            return text
        }
    }

    private static func isPlain(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "-_./:@%+,=".contains(character)
    }
}
