/// What the editor shows: rows from the prompt's (or the first one seen) down.
struct Frame {
    /// The cells of each row; a row ends where only blanks follow.
    var rows: [[Cell]]
    /// The cursor's row.
    var cursorRow: Int
    /// The cursor's column.
    var cursorColumn: Int
}
