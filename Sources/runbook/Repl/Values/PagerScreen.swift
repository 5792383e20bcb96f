import LineEditor

/// A long text on a screen, page by page: keys in, what is to be written out.
///
/// What was shown stays above, as if it had been printed; only the last row, the status, is taken away in the end.
struct PagerScreen {
    private enum Mode {
        case reading
        /// The person writes what to search for.
        case searching(String)
        case help
    }

    private static let help = [
        "space, f, page down     the next page (leaves at the end)",
        "enter, j, down          the next line (enter leaves at the end)",
        "b, page up              the page before",
        "k, up                   the line before",
        "g, home                 the beginning",
        "G, end                  the end",
        "right, left             move sideways where lines are cut",
        "w                       wrap lines, or cut them",
        "/TEXT, then n and N     search, the next and the one before",
        "q, escape, Control-C    leave",
    ]
    private static let erase = "\r\u{1b}[K"

    private let text: PagedText
    private(set) var size: TerminalSize
    private var layout: PagedText.Layout
    private var top = 0
    /// Where the last page begins.
    private var lastTop = 0
    private var mode = Mode.reading
    private var pattern = ""
    private var match: Range<Int>?
    private var message = ""
    /// Whether nothing more is shown.
    private(set) var isDone = false

    /// - Parameter wraps: whether lines wider than the screen go on in the next row. Default: they are cut.
    init(_ text: PagedText, size: TerminalSize, wraps: Bool = false) {
        self.text = text
        self.size = size
        layout = PagedText.Layout(width: size.columns, wraps: wraps)
        layOut()
    }

    /// Rows of text on the screen.
    private var height: Int { max(1, size.rows - 1) }
    private var isAtEnd: Bool { top >= lastTop }

    // MARK: Events

    /// The first page.
    func begin() -> String { page(after: "") }

    /// What is to be written after a key.
    mutating func handle(_ key: Key) -> String {
        message = ""
        switch (mode, key) {
        case (.help, _):
            mode = .reading
            return redrawn()
        case (.searching(let begun), _): return search(begun, key)
        case (.reading, .text(let text)):
            // Several keys at once, of which one may end it.
            var output = ""
            for character in text where !isDone {
                if case .searching(let begun) = mode {
                    output += search(begun, .text(String(character)))
                } else {
                    output += command(character)
                }
            }
            return output
        case (.reading, .paste): return ""
        case (.reading, .press(let code, let modifiers)): return press(code, modifiers)
        }
    }

    /// What is to be written when the screen has another size.
    mutating func resize(to size: TerminalSize) -> String {
        guard size != self.size else { return "" }
        self.size = size
        layout.width = size.columns
        layOut()
        return redrawn()
    }

    /// Finds the rows anew, after the screen or the way lines are broken has changed.
    private mutating func layOut() {
        lastTop = text.lastTop(rows: height, layout)
        top = min(text.row(at: top, layout), lastTop)
    }

    /// Everything anew, where it is not known what is on the screen.
    func redrawn() -> String {
        if case .help = mode { return helpPage }
        return page(after: "\u{1b}[H", erasing: true)
    }

    /// What is written in the end: the status goes, the text stays.
    func end() -> String { Self.erase }

    private mutating func command(_ character: Character) -> String {
        switch character {
        case " ", "f": return character == " " && isAtEnd ? leave() : forward(by: height)
        case "j": return forward(by: 1)
        case "b": return back(by: height)
        case "k": return back(by: 1)
        case "d": return forward(by: max(1, height / 2))
        case "u": return back(by: max(1, height / 2))
        case "g", "<": return jump(to: 0)
        case "G", ">": return jump(to: lastTop)
        case "w":
            layout.wraps.toggle()
            layout.left = 0
            layOut()
            return redrawn()
        case "/":
            mode = .searching("")
            return status
        case "n": return find(backwards: false)
        case "N": return find(backwards: true)
        case "h", "?":
            mode = .help
            return helpPage
        case "q", "Q": return leave()
        default: return status
        }
    }

    private mutating func press(_ code: KeyCode, _ modifiers: KeyModifiers) -> String {
        if modifiers.contains(.control) {
            switch code {
            case .character("c"), .character("d"): return leave()
            case .character("f"): return forward(by: height)
            case .character("b"): return back(by: height)
            case .character("l"): return redrawn()
            case .character("j"): return isAtEnd ? leave() : forward(by: 1)
            default: return status
            }
        }
        switch code {
        case .character(let character): return command(character)
        case .enter: return isAtEnd ? leave() : forward(by: 1)
        case .down: return forward(by: 1)
        case .up: return back(by: 1)
        case .pageDown: return forward(by: height)
        case .pageUp: return back(by: height)
        case .home: return jump(to: 0)
        case .end: return jump(to: lastTop)
        case .right: return aside(by: max(1, size.columns / 2))
        case .left: return aside(by: -max(1, size.columns / 2))
        case .escape: return leave()
        default: return status
        }
    }

    private mutating func leave() -> String {
        isDone = true
        return ""
    }

    // MARK: Moving

    /// Goes on by rows: those that come are written below, and the screen moves up.
    private mutating func forward(by count: Int) -> String {
        var below = top
        for _ in 0..<height {
            guard let next = text.row(after: below, layout) else { return status }
            below = next
        }
        var output = Self.erase
        var rows = 0
        var next: Int? = below
        while rows < count, let row = next {
            output += written(row) + "\n"
            top = text.row(after: top, layout) ?? top
            next = text.row(after: row, layout)
            rows += 1
        }
        return output + status
    }

    private mutating func back(by count: Int) -> String {
        guard top > 0 else { return status }
        for _ in 0..<count { top = text.row(before: top, layout) ?? top }
        return redrawn()
    }

    private mutating func jump(to row: Int) -> String {
        guard row != top else { return status }
        let isForward = row > top
        top = row
        // What is left behind stays to be seen above.
        return isForward ? page(after: Self.erase) : redrawn()
    }

    private mutating func aside(by columns: Int) -> String {
        guard !layout.wraps, columns < 0 ? layout.left > 0 : goesOn else { return status }
        layout.left = max(0, layout.left + columns)
        return redrawn()
    }

    /// Whether a line on the screen goes on beyond it.
    private var goesOn: Bool { rows.contains { text.row(from: $0, layout).goesOn } }

    // MARK: Search

    private mutating func search(_ begun: String, _ key: Key) -> String {
        switch key {
        case .text(let typed), .paste(let typed): mode = .searching(begun + typed)
        case .press(.backspace, _):
            mode = begun.isEmpty ? .reading : .searching(String(begun.dropLast()))
        case .press(.enter, _), .control("j"):
            mode = .reading
            if !begun.isEmpty { pattern = begun }
            return find(backwards: false, fromTop: true)
        case .press(.escape, _), .control("c"): mode = .reading
        default: break
        }
        return status
    }

    private mutating func find(backwards: Bool, fromTop: Bool = false) -> String {
        guard !pattern.isEmpty else {
            message = "nothing to search for: /TEXT searches"
            return status
        }
        // The one that was found is left behind by one step, while it is on the screen.
        let start: Int
        if let match, !fromTop, match.lowerBound >= top {
            start = backwards ? match.lowerBound : match.upperBound
        } else {
            start = top
        }
        guard let found = text.place(of: pattern, from: start, backwards: backwards) else {
            message = "not found: \(HarmlessText.line(pattern))"
            return status
        }
        match = found
        let row = text.row(at: found.lowerBound, layout)
        let wasAside = layout.left
        if !layout.wraps, let column = text.column(at: found.lowerBound) {
            let isSeen = column >= layout.left && column + pattern.columns < layout.left + size.columns
            if !isSeen { layout.left = max(0, column - size.columns / 2) }
        }
        if rows.contains(row) || layout.left != wasAside {
            if !rows.contains(row) { top = min(row, lastTop) }
            return redrawn()
        }
        return jump(to: min(row, lastTop))
    }

    // MARK: Drawing

    /// Where the rows on the screen begin.
    private var rows: [Int] {
        var rows: [Int] = []
        var next: Int? = text.size > 0 ? top : nil
        while rows.count < height, let row = next {
            rows.append(row)
            next = text.row(after: row, layout)
        }
        return rows
    }

    private func written(_ row: Int) -> String { text.row(from: row, layout, marking: match).text }

    private func page(after start: String, erasing: Bool = false) -> String {
        var output = start
        for row in rows { output += (erasing ? "\u{1b}[K" : "") + written(row) + "\n" }
        if erasing { output += "\u{1b}[J" }
        return output + status
    }

    private var helpPage: String {
        var output = "\u{1b}[H"
        for line in Self.help.prefix(height) { output += "\u{1b}[K" + line.fitted(size.columns) + "\n" }
        return output + "\u{1b}[J" + bar("any key goes back to the text")
    }

    /// The last row: where this is, and what can be done.
    private var status: String {
        if case .searching(let begun) = mode {
            return Self.erase + ("/" + HarmlessText.line(begun)).fitted(size.columns - 1, keepingEnd: true)
        }
        guard message.isEmpty else { return Self.erase + bar(message) }
        let rows = rows
        let first = Wording.number(text.lineNumber(at: top))
        let last = Wording.number(rows.last.map { text.lineNumber(at: $0) } ?? 1)
        var place = first == last ? "line \(first)" : "lines \(first)–\(last)"
        place += " of \(Wording.number(text.lineCount))"
        // Where lines go on over many rows their numbers do not tell enough.
        if layout.wraps, !isAtEnd { place += ", \(top * 100 / max(1, text.size)) %" }
        let advice = isAtEnd ? ", the end (q leaves, b goes back)" : " (q leaves, space goes on, h helps)"
        let short = isAtEnd ? ", the end" : ""
        let whole = place + advice
        return Self.erase + bar(whole.columns < size.columns ? whole : place + short)
    }

    private func bar(_ text: String) -> String { "\u{1b}[7m" + text.fitted(size.columns - 1) + "\u{1b}[0m" }
}
