/// The words that summaries are made of.
enum Wording {
    /// How long a summary may be, in characters.
    private static let limit = 160

    /// The text, cut if it is too long for one line.
    static func shortened(_ text: String) -> String {
        text.count <= limit ? text : text.prefix(limit - 1) + "…"
    }

    /// `a, b and c`; of many the first and how many more.
    static func list(_ items: [String]) -> String {
        guard items.count <= 5 else { return "\(items.prefix(4).joined(separator: ", ")) and \(items.count - 4) more" }
        guard let last = items.last, items.count > 1 else { return items.first ?? "" }
        return "\(items.dropLast().joined(separator: ", ")) and \(last)"
    }

    /// `site 3`, `sites 3 and 4`, `no sites`.
    static func members(_ kind: AccessKind, _ ids: [Int64]) -> String {
        switch ids.count {
        case 0: "no \(kind.noun)s"
        case 1: "\(kind.noun) \(ids[0])"
        default: "\(kind.noun)s \(list(ids.map(String.init)))"
        }
    }
}
