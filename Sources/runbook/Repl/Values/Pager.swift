import LineEditor

/// Shows a text that is longer than the screen page by page.
struct Pager {
    /// Milliseconds after which an Escape is taken for the key.
    private static let escapeDelay = 50
    /// Milliseconds after which a broken sequence is given up.
    private static let sequenceDelay = 500

    /// A line of more screens, and bytes, is a text to be read, not a row of a table.
    private static let longestCut = (screens: 8, bytes: 1_000)

    /// Whether lines wider than the screen go on in the next row; they are cut otherwise, and can be moved sideways.
    /// Default: they go on if one of them is so long that hardly anything of it would be seen.
    var wraps: Bool?

    /// Whether a text has more rows than a screen, on which the next prompt must find room.
    static func needsPaging(_ text: String, size: TerminalSize) -> Bool {
        let most = max(1, size.rows - 1)
        // Each row is a byte at least: the shortest texts need no look.
        guard text.utf8.count > most else { return false }
        let layout = PagedText.Layout(width: size.columns, wraps: true)
        return PagedText(text).rowCount(atMost: most + 1, layout) > most
    }

    /// Shows a text until the person leaves it. Where no key can be read it is written whole.
    ///
    /// It waits for keys on the thread it is called on, and must be the only one to read from the terminal. Sequences
    /// that set colours are kept; nothing else in the text reaches the terminal as a control.
    func run(_ text: String, on terminal: any LineEditor.Terminal) {
        guard terminal.isInteractive, terminal.enterRawMode() else {
            terminal.write(text)
            return
        }
        defer { terminal.leaveRawMode() }
        let text = PagedText(text)
        let size = terminal.size
        let isLong = text.longestLine > max(Self.longestCut.bytes, Self.longestCut.screens * size.columns)
        var screen = PagerScreen(text, size: size, wraps: wraps ?? isLong)
        var keys = KeyReader()
        terminal.write(screen.begin())
        while !screen.isDone {
            switch terminal.read(timeout: Self.timeout(keys.wait)) {
            case .bytes(let bytes): Self.take(keys.feed(bytes), screen: &screen, terminal)
            case .timeout: Self.take(keys.flush(), screen: &screen, terminal)
            case .resized: terminal.write(screen.resize(to: terminal.size))
            case .continued: Self.goOn(&screen, terminal)
            case .woken: break
            case .ended:
                terminal.write(screen.end())
                return
            }
        }
        terminal.write(screen.end())
    }

    private static func timeout(_ wait: KeyWait) -> Int? {
        switch wait {
        case .escape: escapeDelay
        case .sequence: sequenceDelay
        case .nothing: nil
        }
    }

    private static func take(_ keys: [Key], screen: inout PagerScreen, _ terminal: any LineEditor.Terminal) {
        for key in keys where !screen.isDone {
            if key == .control("z") {
                terminal.write(screen.end())
                terminal.suspend()
                goOn(&screen, terminal)
            } else {
                // A size that changed without a word is noticed with the next key.
                terminal.write(screen.resize(to: terminal.size) + screen.handle(key))
            }
        }
    }

    /// After a stop the terminal's modes and what is on the screen are the shell's.
    private static func goOn(_ screen: inout PagerScreen, _ terminal: any LineEditor.Terminal) {
        _ = terminal.enterRawMode()
        terminal.write(screen.resize(to: terminal.size) + screen.redrawn())
    }
}
