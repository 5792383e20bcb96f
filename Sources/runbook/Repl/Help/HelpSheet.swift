/// Puts a help page together: wrapped lines, sections, lists.
struct HelpSheet {
    /// Gives a text of a style its look.
    typealias Paint = (String, HelpStyle) -> String

    /// How many columns lines have.
    let width: Int
    let paint: Paint
    private var lines: [String] = []

    /// A page without a line.
    ///
    /// - Parameter width: how many columns lines have; fewer than 40 are taken for 40, and more than 100 for 100, which
    ///   nobody likes to read.
    init(width: Int, paint: @escaping Paint) {
        self.width = min(100, max(40, width))
        self.paint = paint
    }

    /// The whole page.
    var text: String { lines.joined(separator: "\n") }

    /// A line as it is.
    mutating func add(_ line: String) { lines.append(line) }

    /// The line that says what the page is about.
    mutating func title(_ text: String) { lines.append(paint(text, .title)) }

    /// An empty line and the name of a section.
    mutating func heading(_ text: String) { lines += ["", paint(text, .heading)] }

    /// An empty line, if there is anything before.
    mutating func space() { if !lines.isEmpty { lines.append("") } }

    /// Text that is wrapped; its own line ends stay.
    mutating func paragraph(_ text: String, indent: Int = 0) {
        let blanks = String(repeating: " ", count: indent)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            lines += Self.wrapped(String(line), width - indent).map { $0.isEmpty ? "" : blanks + $0 }
        }
    }

    /// A word at the left and text beside it, wrapped.
    ///
    /// - Parameter column: where the text begins.
    mutating func item(_ name: String, _ text: String, column: Int, indent: Int = 0) {
        let blanks = String(repeating: " ", count: indent)
        let wrapped = Self.wrapped(text, max(20, width - column))
        var rest = wrapped[...]
        if indent + name.columns + 2 <= column, let first = rest.popFirst() {
            let space = String(repeating: " ", count: column - indent - name.columns)
            lines.append(blanks + paint(name, .name) + (first.isEmpty ? "" : space + first))
        } else {
            lines.append(blanks + paint(name, .name))
        }
        for line in rest where !line.isEmpty { lines.append(String(repeating: " ", count: column) + line) }
    }

    /// Lines of Lua.
    mutating func code(_ source: String, indent: Int = 2) {
        let blanks = String(repeating: " ", count: indent)
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            lines.append(line.isEmpty ? "" : blanks + paint(String(line), .code))
        }
    }

    /// A text in lines of no more than so many columns, broken at blanks; a longer word stands alone.
    private static func wrapped(_ text: String, _ width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.columns + 1 + String(word).columns > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        return lines + [line]
    }
}
