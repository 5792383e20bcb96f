/// What is kept from one line to the next.
struct LineState: Sendable {
    /// Bytes kept that were typed while a statement ran.
    private static let typeAheadLimit = 1 << 20

    var editor: Editor
    var history: History
    var historyFile: HistoryFile?
    var keys = KeyReader()
    /// Keys that came after the one that ended the line before.
    var waitingKeys: [Key] = []
    /// Bytes that no key was made of yet.
    var typeAhead: [UInt8] = []
    /// The terminal or the input is at its end.
    var isAtEnd = false

    /// Keeps what was typed ahead. What is too much is left out.
    mutating func keep(_ bytes: some Collection<UInt8>) {
        typeAhead.append(contentsOf: bytes.prefix(max(0, Self.typeAheadLimit - typeAhead.count)))
    }

    /// Forgets what was typed before now.
    mutating func forgetInput() {
        keys = KeyReader()
        waitingKeys = []
        typeAhead = []
    }

    /// Puts a line into the history.
    mutating func remember(_ text: String, onFault: (HistoryFault) -> Void) {
        guard history.add(text), let historyFile else { return }
        do {
            try historyFile.append(text)
        } catch {
            onFault(error)
        }
    }
}
