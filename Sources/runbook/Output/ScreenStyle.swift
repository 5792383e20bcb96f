import CommandSupport
import Glibc

/// How results are shown on stdout: for a person at a terminal, or as they are.
struct ScreenStyle {
    /// Whether texts may be coloured.
    var hasColor = false
    /// How many columns there are; `nil` for no limit.
    var width: Int?

    /// Plain text of any width: what a file or another program gets.
    init() {}

    /// What stdout is.
    init(options: GlobalOptions, environment: [String: String]) {
        guard StandardStream.output.isTerminal else { return }
        hasColor = Terminal(options: options, environment: environment).hasColor
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { width = Int(size.ws_col) }
    }

    /// A text in a colour, where colours are shown.
    func paint(_ text: String, _ color: Terminal.Color) -> String {
        hasColor ? "\u{1b}[\(color.rawValue)m\(text)\u{1b}[0m" : text
    }

    /// A line cut to the width.
    func fitted(_ line: String) -> String { width.map { line.fitted($0) } ?? line }
}
