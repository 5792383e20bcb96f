/// What a part of a help page is, and so how it looks.
enum HelpStyle: Sendable, Hashable, CaseIterable {
    /// How the thing is called, at the top.
    case title
    /// The name of a section.
    case heading
    /// A name inside a list.
    case name
    /// Lua.
    case code
    /// What matters less, such as types.
    case dim
}
