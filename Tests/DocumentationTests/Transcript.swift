/// What a page says that a terminal shows, and what is typed there.
///
/// `…` stands for anything within a line, a line of nothing else for any lines. How many blanks stand between two words
/// does not matter: columns are as wide as what stands in them. A question that ends with `[y/N]` and the prompt of a
/// session are followed by what is typed; a line `^C` is Ctrl-C.
/// Where a page shows nothing, questions are answered with yes, and sessions left.
struct Transcript: Sendable {
    /// Something that is typed.
    struct Input: Sendable {
        /// The line as it is shown before, in words; empty for Ctrl-C.
        let prompt: String
        /// What is shown right before Ctrl-C.
        let after: [String]
        let keys: String
    }

    let lines: [String]
    let inputs: [Input]

    init(_ lines: [String]) {
        // How Ctrl-C is shown is the program's affair.
        self.lines = lines.filter { $0 != "^C" }.map(Self.words)
        var inputs: [Input] = []
        for (index, line) in lines.enumerated() {
            if let match = line.wholeMatch(of: /(.*\[y\/N\]) (\S+)/) {
                inputs.append(Input(prompt: Self.words(String(match.1)), after: [], keys: match.2 + "\r"))
            } else if let match = line.wholeMatch(of: /([\w. -]+ (?:plan|live)(?: \([^)]*\))?>) (.+)/) {
                inputs.append(Input(prompt: Self.words(String(match.1)), after: [], keys: match.2 + "\r"))
            } else if line == "^C" {
                inputs.append(
                    Input(prompt: "", after: lines[..<index].filter { $0 != "^C" }.map(Self.words), keys: "\u{3}"))
            }
        }
        self.inputs = inputs
    }

    /// Whether something is typed at the prompt of a session, which is not left then.
    var isLeftOpen: Bool { inputs.contains { $0.prompt.hasSuffix(">") } && inputs.last?.keys != ".quit\r" }

    /// What is typed where the page does not show it: yes to a question, and a session is left.
    static func usualAnswer(to line: String?) -> String? {
        guard let line else { return nil }
        if line.hasSuffix("[y/N]") { return "y\r" }
        return line.wholeMatch(of: /[\w. -]+ (?:plan|live)(?: \([^)]*\))?>/) == nil ? nil : "\u{4}"
    }

    /// A line without what only its layout is.
    static func words(_ line: String) -> String {
        line.split { $0 == " " || $0 == "\t" || $0 == "\u{A0}" }.joined(separator: " ")
    }

    /// Whether these lines are what it says; blank lines at the end do not count.
    func matches(_ shown: [String]) -> Bool { Self.matches(trimmed(lines)[...], trimmed(shown.map(Self.words))[...]) }

    /// Whether these lines are what it says up to a place.
    static func matches(_ pattern: [String], _ shown: [String]) -> Bool {
        matches(pattern[...], shown.map(words)[...])
    }

    private func trimmed(_ lines: [String]) -> [String] {
        var lines = lines
        while lines.last == "" { lines.removeLast() }
        return lines
    }

    private static func matches(_ pattern: ArraySlice<String>, _ lines: ArraySlice<String>) -> Bool {
        guard let first = pattern.first else { return lines.isEmpty }
        if first == "…" {
            return (lines.startIndex...lines.endIndex).contains { matches(pattern.dropFirst(), lines[$0...]) }
        }
        guard let line = lines.first, isLike(first, line) else { return false }
        return matches(pattern.dropFirst(), lines.dropFirst())
    }

    /// Whether a line is as a pattern with `…` has it.
    static func isLike(_ pattern: String, _ line: String) -> Bool {
        let pieces = pattern.split(separator: "…", omittingEmptySubsequences: false)
        guard pieces.count > 1, let first = pieces.first, let last = pieces.last else { return pattern == line }
        guard line.hasPrefix(first) else { return false }
        var rest = line.dropFirst(first.count)
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let found = rest.firstRange(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.count >= last.count && rest.hasSuffix(last)
    }
}
