/// The texts that were cut, to be put back.
struct KillRing: Sendable {
    /// Texts kept.
    private static let limit = 60

    private var texts: [String] = []
    private var position = 0

    /// Keeps a cut text, or adds it to the last one.
    mutating func add(_ text: String, joining: Bool, before: Bool) {
        guard !text.isEmpty else { return }
        if joining, let last = texts.popLast() {
            texts.append(before ? text + last : last + text)
        } else {
            if texts.count == Self.limit { texts.removeFirst() }
            texts.append(text)
        }
        position = texts.count - 1
    }

    /// The text cut last, or the one turned to.
    var current: String? { texts.indices.contains(position) ? texts[position] : nil }

    /// Turns to the text cut before the current one; after the first comes the last.
    mutating func turn() {
        guard !texts.isEmpty else { return }
        position = (position + texts.count - 1) % texts.count
    }

    /// Turns to the text cut last.
    mutating func turnToLast() { position = texts.count - 1 }
}
