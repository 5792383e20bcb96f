/// A key, without what is held down with it.
public enum KeyCode: Hashable, Sendable {
    /// A key that stands for a character; letters are lower case when Control is held.
    case character(Character)
    /// Enter, also called Return.
    case enter
    /// The tabulator.
    case tab
    /// Erases what is before the cursor.
    case backspace
    /// Erases what is under the cursor.
    case delete
    /// Insert.
    case insert
    /// Escape alone.
    case escape
    /// Arrow up.
    case up
    /// Arrow down.
    case down
    /// Arrow left.
    case left
    /// Arrow right.
    case right
    /// Home.
    case home
    /// End.
    case end
    /// Page up.
    case pageUp
    /// Page down.
    case pageDown
    /// F1 and so on, by number.
    case function(Int)
}
