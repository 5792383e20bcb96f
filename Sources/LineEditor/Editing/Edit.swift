/// A change of the text that can be undone.
struct Edit: Sendable {
    /// Where, as an offset in the text's UTF-8.
    var offset: Int
    var removed: String
    var inserted: String
    var cursorBefore: Int
    var cursorAfter: Int
}
