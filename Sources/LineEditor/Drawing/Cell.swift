/// One cell of a row as it is drawn. A character that takes several has its text in the first; the others are empty.
struct Cell: Equatable {
    /// What is drawn; empty for the rest of a wide character.
    var text: String
    /// The cells taken: 0 for the rest of a wide character.
    var width: Int
    var style: Style
    /// Whether terminals disagree on the width, so that the cursor must be set after it.
    var isDisputed = false

    static func blank(_ style: Style = .plain) -> Cell { Cell(text: " ", width: 1, style: style) }
    static func rest(_ style: Style) -> Cell { Cell(text: "", width: 0, style: style) }
    /// Where a prompt goes on in the next row.
    static let lineBreak = Cell(text: "\n", width: 0, style: .plain)

    var isRest: Bool { width == 0 && text.isEmpty }
}
