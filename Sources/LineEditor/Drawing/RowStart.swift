/// Where a row of the screen begins in the edited text.
struct RowStart: Comparable {
    /// The offset in the text's UTF-8 of the first character of the row, or of the line that its prompt belongs to.
    var offset: Int
    /// How many cells of the line's prompt were in rows before.
    var promptSkip: Int

    /// The prompt is done with.
    static let noPrompt = Int.max

    static let beginning = RowStart(offset: 0, promptSkip: 0)

    static func < (left: RowStart, right: RowStart) -> Bool {
        (left.offset, left.promptSkip) < (right.offset, right.promptSkip)
    }
}
