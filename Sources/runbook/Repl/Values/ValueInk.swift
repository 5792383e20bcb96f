/// What a part of a shown value is, where colours tell it.
enum ValueInk: Sendable {
    /// Texts, and all else that speaks for itself.
    case plain
    /// Keys, titles, and what is said about a value.
    case dim
    /// Numbers and booleans.
    case fact
    /// What an administrator looks for: a locked account, one that is not enabled.
    case notable

    /// A text in this ink, where colours are shown.
    func painted(_ text: String, _ style: ScreenStyle) -> String {
        guard style.hasColor, !text.isEmpty else { return text }
        switch self {
        case .plain: return text
        case .dim: return "\u{1b}[2m\(text)\u{1b}[0m"
        case .fact: return "\u{1b}[36m\(text)\u{1b}[0m"
        case .notable: return "\u{1b}[33m\(text)\u{1b}[0m"
        }
    }
}
