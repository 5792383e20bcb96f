/// Comments of definition files.
enum StubText {
    /// So wide are lines of text.
    private static let width = 116

    /// Paragraphs as lines that an editor shows beside a name.
    static func comment(_ text: String) -> [String] {
        guard !text.isEmpty else { return [] }
        let paragraphs = text.split(separator: "\n", omittingEmptySubsequences: false)
        return paragraphs.flatMap { paragraph in
            paragraph.isEmpty ? ["---"] : wrapped(paragraph).map { "---" + $0 }
        }
    }

    private static func wrapped(_ paragraph: Substring) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in paragraph.split(separator: " ") {
            // A line that begins so would be an annotation.
            let isMark = word.hasPrefix("@") || word.hasPrefix("|")
            if !line.isEmpty, line.count + 1 + word.count > width, !isMark {
                lines.append(line)
                line = String(word)
            } else {
                line += (line.isEmpty ? "" : " ") + word
            }
        }
        return lines + [line]
    }
}
