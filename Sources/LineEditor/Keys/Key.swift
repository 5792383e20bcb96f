/// What a person did at the keyboard.
public enum Key: Hashable, Sendable {
    /// Typed text: one or more characters that stand for themselves, without control characters.
    case text(String)
    /// Text that the terminal says was pasted, whatever is in it; line ends are `\n`.
    case paste(String)
    /// A key that does something.
    case press(KeyCode, KeyModifiers)

    /// A key held with Control, such as `.control("a")`.
    public static func control(_ character: Character) -> Key { .press(.character(character), .control) }
    /// A key held with Alt, such as `.alt("f")`.
    public static func alt(_ character: Character) -> Key { .press(.character(character), .alt) }
    /// A key with nothing held.
    public static func plain(_ code: KeyCode) -> Key { .press(code, []) }
}
