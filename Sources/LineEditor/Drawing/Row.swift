/// A row of the screen.
struct Row {
    /// Where it begins.
    var start: RowStart
    /// What is drawn in it; what follows to the right is empty.
    var cells: [Cell] = []
    /// The column of the cursor, when it is in this row.
    var cursorColumn: Int?
    /// Where the next row begins; nil after the text's end.
    var next: RowStart?
}
