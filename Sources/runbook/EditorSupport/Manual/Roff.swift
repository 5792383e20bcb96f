/// The text of a manual page, in the language of `man`.
struct Roff: Sendable {
    /// So wide are lines of text, in bytes.
    private static let width = 78

    /// The lines written so far.
    private(set) var lines: [String] = []

    /// The whole text.
    var text: String { lines.joined(separator: "\n") + "\n" }

    /// Writes a line as it is: a comment.
    mutating func comment(_ text: String) { lines.append(".\\\" \(text)") }

    /// Writes the head of a page. The version stands where others have a date: the same program writes the same page.
    mutating func title(_ name: String, section: Int, version: String, source: String, manual: String) {
        let words = [version, source, manual].map(Self.quoted)
        lines.append(".TH \(Self.quoted(name.uppercased())) \(section) \(words.joined(separator: " "))")
        // Words are neither hyphenated nor spread over the line: commands stay whole.
        lines += [".nh", ".ad l"]
    }

    /// Begins a section.
    mutating func section(_ name: String) { lines.append(".SH \(Self.quoted(name))") }

    /// Begins a part of a section.
    mutating func part(_ name: String) { lines.append(".SS \(Self.quoted(name))") }

    /// Writes a paragraph.
    mutating func paragraph(_ text: String) {
        beginParagraph()
        lines += Self.filled(Self.escaped(text))
    }

    /// Writes the line of a page's name and purpose, which programs look for: it is not broken.
    mutating func name(_ name: String, _ purpose: String) {
        lines.append("\(Self.escaped(name)) \\- \(Self.escaped(purpose))")
    }

    /// Writes text that is put together with ``bold(_:)`` and ``italic(_:)``, at the beginning of a section.
    mutating func composed(_ text: String) { lines += Self.filled(text) }

    /// Writes lines as they are, indented.
    mutating func verbatim(_ text: [String]) {
        beginParagraph()
        lines += [".RS 4", ".nf"] + text.map { Self.line(Self.escaped($0)) } + [".fi", ".RE"]
    }

    /// Writes an entry of a list: a tag that is put together with ``bold(_:)`` and ``italic(_:)``, and what it means.
    mutating func entry(_ tag: String, _ text: String) {
        lines += [".TP", Self.line(tag)] + Self.filled(Self.escaped(text))
    }

    private mutating func beginParagraph() {
        if lines.last?.hasPrefix(".S") != true { lines.append(".PP") }
    }

    /// Text in bold.
    static func bold(_ text: String) -> String { "\\fB\(escaped(text))\\fR" }

    /// Text in italics, or underlined.
    static func italic(_ text: String) -> String { "\\fI\(escaped(text))\\fR" }

    /// Text that means nothing but itself: dashes, quotes and accents are those of the keyboard, so that what is copied from
    /// a page can be typed.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\e"
            case "-": escaped += "\\-"
            case "'": escaped += "\\(aq"
            case "`": escaped += "\\(ga"
            case "^": escaped += "\\(ha"
            case "~": escaped += "\\(ti"
            case "\"": escaped += "\\(dq"
            case _ where scalar.isASCII: escaped.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                escaped += "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
            }
        }
        return escaped
    }

    /// As one argument of a request.
    private static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

    /// Text in lines that are not too long to be read in the file itself.
    private static func filled(_ text: String) -> [String] {
        var lines: [String] = []
        var current = ""
        for word in text.split(separator: " ") {
            if !current.isEmpty, current.utf8.count + 1 + word.utf8.count > width {
                lines.append(line(current))
                current = ""
            }
            current += (current.isEmpty ? "" : " ") + word
        }
        return lines + [line(current)]
    }

    /// A line that is no request, whatever it begins with.
    private static func line(_ text: String) -> String {
        text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
    }
}
