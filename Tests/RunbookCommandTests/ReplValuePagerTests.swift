import LineEditor
import Testing

@testable import runbook

/// Texts longer than the screen, page by page.
@Suite("The pager")
struct ReplValuePagerTests {
    private static let hundred = (1...100).map { "line \($0)" }.joined(separator: "\n") + "\n"

    /// Pages through a text; keys are sent one after the other.
    private func paged(
        _ text: String, _ keys: String..., columns: Int = 40, rows: Int = 5, wraps: Bool? = nil
    ) -> ReplValuePagerTerminal {
        let terminal = ReplValuePagerTerminal(
            columns: columns, rows: rows, inputs: keys.map { .bytes(Array($0.utf8)) })
        Pager(wraps: wraps).run(text, on: terminal)
        #expect(terminal.display.unknown == [] && !terminal.isRaw)
        return terminal
    }

    /// What was on the screen when the keys were used up: what came after is only the end of the status.
    private func screen(
        _ text: String, _ keys: [String], columns: Int = 40, rows: Int = 5, wraps: Bool = false
    ) -> ReplValuePagerDisplay {
        var display = ReplValuePagerDisplay(size: TerminalSize(columns: columns, rows: rows))
        var screen = PagerScreen(PagedText(text), size: display.size, wraps: wraps)
        display.feed(screen.begin())
        var reader = KeyReader()
        for key in keys {
            for key in reader.feed(key.utf8) + reader.flush() { display.feed(screen.handle(key)) }
        }
        #expect(display.unknown == [])
        return display
    }

    @Test("is used only where a text does not fit")
    func needed() {
        let size = TerminalSize(columns: 10, rows: 5)
        #expect(!Pager.needsPaging("", size: size))
        #expect(!Pager.needsPaging("1\n2\n3\n4\n", size: size))
        #expect(Pager.needsPaging("1\n2\n3\n4\n5\n", size: size))
        #expect(Pager.needsPaging("1\n2\n3\n4\n5", size: size))
        // A line that is wider than the screen takes several rows.
        #expect(!Pager.needsPaging(String(repeating: "x", count: 40), size: size))
        #expect(Pager.needsPaging(String(repeating: "x", count: 41), size: size))
        #expect(!Pager.needsPaging(String(repeating: "\u{1b}[36mx\u{1b}[0m", count: 40), size: size))
        #expect(Pager.needsPaging(String(repeating: "用户", count: 11), size: size))
    }

    @Test("goes on by pages and lines, and leaves what was shown above")
    func forward() {
        let display = screen(Self.hundred, [" ", "j", "\r", "\u{1b}[B"])
        #expect(display.rows == ["line 8", "line 9", "line 10", "line 11", "lines 8–11 of 100"])
        #expect(display.scrolledOut == (1...7).map { "line \($0)" })
        let ended = paged(Self.hundred, " ", "j", "q").display
        #expect(ended.rows == ["line 6", "line 7", "line 8", "line 9"])
        #expect(ended.scrolledOut == (1...5).map { "line \($0)" })
    }

    @Test("says where it is and what to do, if there is room")
    func status() {
        let wide = screen(Self.hundred, [], columns: 80)
        #expect(wide.rows.last == "lines 1–4 of 100 (q leaves, space goes on, h helps)")
        #expect(wide.reversed.last == wide.rows.last)
        let end = screen(Self.hundred, ["G"], columns: 80)
        #expect(end.rows == ["line 97", "line 98", "line 99", "line 100", end.rows.last])
        #expect(end.rows.last == "lines 97–100 of 100, the end (q leaves, b goes back)")
        let large = screen(String(repeating: "x\n", count: 12_345), ["G"], columns: 80)
        #expect(large.rows.last?.hasPrefix("lines 12,342–12,345 of 12,345, the end") == true)
    }

    @Test("goes back by pages and lines, and to either end")
    func back() {
        #expect(screen(Self.hundred, [" ", " ", "b"]).rows.first == "line 5")
        #expect(screen(Self.hundred, [" ", "k"]).rows.first == "line 4")
        #expect(screen(Self.hundred, [" ", "\u{1b}[A", "\u{1b}[5~"]).rows.first == "line 1")
        #expect(screen(Self.hundred, ["G", "g"]).rows.first == "line 1")
        #expect(screen(Self.hundred, ["\u{1b}[F"]).rows.first == "line 97")
        #expect(screen(Self.hundred, ["k", "b", "g"]).rows.first == "line 1")
        #expect(screen(Self.hundred, ["d", "u", "\u{6}", "\u{2}"]).rows.first == "line 1")
    }

    @Test("is left by each of its keys, and at the end by space and enter", arguments: ["q", "Q", "\u{3}", "\u{1b}"])
    func left(key: String) {
        #expect(paged(Self.hundred, "j", key, "j").inputsLeft == 1)
        #expect(paged(Self.hundred, "G", " ", "j").inputsLeft == 1)
        #expect(paged(Self.hundred, "G", "\r", "j").inputsLeft == 1)
        // A key that is held down does not write into the next statement.
        #expect(paged(Self.hundred, "G", "\u{1b}[B", "\u{1b}[6~", "j", "f").display.rows.first == "line 97")
        // Keys that come at once are taken one after the other.
        #expect(paged(Self.hundred, "jjjq").display.rows == ["line 4", "line 5", "line 6", "line 7"])
    }

    @Test("cuts lines that are too wide, and moves sideways")
    func sideways() {
        let text = (1...9).map { "\($0) " + String(repeating: "abcdefghij", count: 3) }.joined(separator: "\n")
        let cut = screen(text, [], columns: 20)
        #expect(cut.rows.first == "1 abcdefghijabcdefg→")
        let right = screen(text, ["\u{1b}[C"], columns: 20)
        #expect(right.rows.first == "ijabcdefghijabcdefg→")
        #expect(screen(text, ["\u{1b}[C", "\u{1b}[C", "\u{1b}[C"], columns: 20).rows.first == "ijabcdefghij")
        #expect(screen(text, ["\u{1b}[C", "\u{1b}[D", "\u{1b}[D"], columns: 20).rows == cut.rows)
        let wide = String(repeating: "用户", count: 20) + "\n\n\n\n\n"
        #expect(screen(wide, [], columns: 11).rows.first == "用户用户用→")
        #expect(screen(wide, ["\u{1b}[C"], columns: 11).rows.first == " 户用户用 →")
        #expect(screen("a\tb\n\n\n\n\n\n", []).rows.first == "a       b")
    }

    @Test("keeps the colours of a line that is cut, and ends them")
    func colours() {
        let text = PagedText("\u{1b}[36mabcdef\u{1b}[0mghi\u{1b}[2mjkl\u{1b}[0m")
        func row(_ width: Int, left: Int = 0) -> String {
            text.row(from: 0, PagedText.Layout(width: width, wraps: false, left: left)).text
        }
        #expect(row(20) == "\u{1b}[36mabcdef\u{1b}[0mghi\u{1b}[2mjkl\u{1b}[0m\u{1b}[0m")
        #expect(row(4) == "\u{1b}[36mabc\u{1b}[0m\u{1b}[7m→\u{1b}[0m")
        #expect(row(4, left: 3).hasPrefix("\u{1b}[36mdef\u{1b}[0m"))
    }

    @Test("wraps lines where that is wanted")
    func wrapped() {
        let text = String(repeating: "0123456789", count: 7) + "\nsecond\n"
        let display = screen(text, [], columns: 20, wraps: true)
        #expect(
            display.rows.prefix(4) == [
                "01234567890123456789", "01234567890123456789", "01234567890123456789", "0123456789",
            ])
        #expect(display.rows.last == "line 1 of 2, 0 %")
        #expect(screen(text, ["j"], columns: 20, wraps: true).rows[3] == "second")
        #expect(screen(text, ["w", "j"], columns: 20).rows[3] == "second")
        #expect(screen(text, ["w", "w"], columns: 20).rows[1] == "second")
        #expect(screen(text, ["j", "k"], columns: 20, wraps: true).rows == display.rows)
    }

    @Test("wraps by itself what could hardly be seen otherwise")
    func longLines() {
        let text = String(repeating: "0123456789", count: 500)
        #expect(paged(text, "q").display.rows == Array(repeating: String(text.prefix(40)), count: 4))
        let cut = paged(text + "\n\n\n\n\n", "q", wraps: false).display
        #expect(cut.rows.first == String(text.prefix(39)) + "→")
        let rows = String(repeating: String(repeating: "x", count: 60) + "\n", count: 20)
        #expect(paged(rows, "q").display.rows.first?.last == "→")
    }

    @Test("finds text, whatever the case of its letters, and shows it")
    func search() {
        let text = (1...100).map { $0 % 10 == 3 ? "Needle \($0)" : "hay \($0)" }.joined(separator: "\n")
        func top(_ keys: String...) -> String? { screen(text, keys).rows.first }
        #expect(top("/needle 5\r") == "Needle 53")
        #expect(top("/needle\r", "n") == "Needle 13")
        #expect(top("/needle\r", "n", "n", "N") == "Needle 13")
        #expect(top("/Needle\r") == "hay 1")
        #expect(screen(text, ["/Needle\r"]).reversed.contains("Needle"))
        #expect(top("/needle 93\r", "j") == "hay 94")
        #expect(screen(text, ["/NEEDLE\r"]).rows.last == "not found: NEEDLE")
        #expect(screen(text, ["/nex\u{7f}\u{7f}"]).rows.last == "/n")
        #expect(screen(text, ["/x", "\u{1b}", "j"]).rows.first == "hay 2")
        #expect(screen(text, ["n"]).rows.last == "nothing to search for: /TEXT searches")
        // What sets colours is no text.
        let colored = (1...20).map { "\u{1b}[36mrow \($0)\u{1b}[0m" }.joined(separator: "\n")
        #expect(screen(colored, ["/36\r"]).rows.last == "not found: 36")
        #expect(screen(colored, ["/m\r"]).rows.last == "not found: m")
        #expect(screen(colored, ["/row 17\r"]).rows.contains("row 17"))
        // What is beyond the screen is moved to.
        let wide = String(repeating: "-", count: 300) + "target" + String(repeating: "\n", count: 9)
        #expect(screen(wide, ["/target\r"]).rows.first?.contains("target") == true)
    }

    @Test("tells its keys")
    func help() {
        let display = screen(Self.hundred, ["j", "h"], columns: 80, rows: 20)
        #expect(display.rows.contains { $0.hasPrefix("b, page up") })
        #expect(display.rows.last == "any key goes back to the text")
        #expect(screen(Self.hundred, ["j", "h", "x"], columns: 80, rows: 20).rows.first == "line 2")
    }

    @Test("goes on with another size of the screen")
    func resized() {
        let terminal = ReplValuePagerTerminal(
            columns: 40, rows: 5, inputs: [.bytes(Array("  ".utf8)), .resized, .bytes([0x6a]), .resized],
            sizes: [TerminalSize(columns: 30, rows: 8), TerminalSize(columns: 60, rows: 200)])
        Pager().run(Self.hundred, on: terminal)
        #expect(terminal.display.rows == (1...100).map { "line \($0)" })
        #expect(terminal.written.contains("lines 10–16 of 100"))
    }

    @Test("goes on after a stop, and ends with the terminal")
    func stopped() {
        let terminal = ReplValuePagerTerminal(inputs: [
            .bytes([0x1a]), .continued, .woken, .timeout, .ended, .bytes([0x6a]),
        ])
        Pager().run(Self.hundred, on: terminal)
        #expect(terminal.suspensions == 1 && terminal.inputsLeft == 1 && !terminal.isRaw)
        #expect(terminal.display.rows.first == "line 1")
    }

    @Test("writes all of a text where no key can be read")
    func plain() {
        let terminal = ReplValuePagerTerminal(isInteractive: false)
        Pager().run(Self.hundred, on: terminal)
        #expect(terminal.written == Self.hundred)
    }

    @Test("lets no control character of a text through")
    func controls() {
        let text =
            "a\u{1b}[2Jb\u{7}\u{1b}]0;x\u{7}\u{9b}c\u{202e}d\r\n\u{1b}[999;999;999;999;999;999;999;999;999mx\n\u{1b}"
        let display = screen(text + String(repeating: "\n", count: 20), [])
        #expect(display.unknown == [])
        #expect(display.rows.first == "a␛[2Jb␇␛]0;x␇�c�d")
    }

    @Test("shows what the text has there, whatever keys are pressed")
    func anyKeys() {
        var random: UInt64 = 7
        func next(_ bound: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % bound
        }
        let words = ["", "a", "用户", "é", "\u{1b}[36mblue\u{1b}[0m", "long long long long words", "👩‍🚀", "\t"]
        let keys = [" ", "j", "k", "b", "g", "G", "f", "d", "u", "\u{1b}[C", "\u{1b}[D", "w", "n", "/a\r", "h", "x"]
        for _ in 0..<40 {
            let count = next(400) + 1
            let lines = (0..<count).map { "\($0 + 1): " + (0..<next(6)).map { _ in words[next(words.count)] }.joined() }
            let size = TerminalSize(columns: next(50) + 12, rows: next(12) + 2)
            let text = PagedText(lines.joined(separator: "\n"))
            var display = ReplValuePagerDisplay(size: size)
            var screen = PagerScreen(text, size: size, wraps: next(2) == 0)
            display.feed(screen.begin())
            var reader = KeyReader()
            for _ in 0..<30 {
                for key in reader.feed(keys[next(keys.count)].utf8) + reader.flush() where !screen.isDone {
                    display.feed(screen.handle(key))
                }
                // What a screen drawn anew would show.
                var fresh = ReplValuePagerDisplay(size: size)
                fresh.feed(screen.redrawn())
                #expect(display.rows.dropLast() == fresh.rows.dropLast())
            }
            #expect(display.unknown == [])
        }
    }

    @Test("rows lead forth and back to the same places", arguments: [false, true])
    func rows(wraps: Bool) {
        let line = String(repeating: "用户 and é 👩‍🚀 ", count: 120)
        let text = PagedText("\n" + line + "\n\nx\n" + line + "\u{301}\u{301}\n" + String(repeating: "y", count: 5_000))
        for width in [2, 7, 33] {
            let layout = PagedText.Layout(width: width, wraps: wraps)
            var rows = [0]
            while let next = text.row(after: rows[rows.count - 1], layout) {
                #expect(next > rows[rows.count - 1])
                rows.append(next)
            }
            #expect(rows.count == text.rowCount(atMost: .max, layout))
            for (row, next) in zip(rows, rows.dropFirst()) {
                #expect(text.row(before: next, layout) == row)
                #expect(text.row(at: next - 1, layout) == row && text.row(at: row, layout) == row)
            }
            #expect(text.lastTop(rows: 5, layout) == rows[max(0, rows.count - 5)])
        }
    }

    @Test("numbers lines as they are")
    func numbers() {
        let lines = (0..<1_000).map { String(repeating: "x", count: $0 % 7) }
        let text = PagedText(lines.joined(separator: "\n"))
        #expect(text.lineCount == 1_000)
        var offset = 0
        for (number, line) in lines.enumerated() {
            #expect(text.lineNumber(at: offset) == number + 1)
            offset += line.utf8.count + 1
        }
        #expect(PagedText("").lineCount == 0 && PagedText("a\n").lineCount == 1 && PagedText("\n\n").lineCount == 2)
    }

    @Test("shows ten megabytes at once", arguments: ["x\n", "0123456789", "a fairly long line of some text\n"])
    func large(unit: String) {
        let text = String(repeating: unit, count: 10_485_760 / unit.utf8.count)
        let clock = ContinuousClock()
        let time = clock.measure {
            #expect(Pager.needsPaging(text, size: TerminalSize(columns: 80, rows: 24)))
            _ = paged(text, " ", "j", "G", "k", "b", "\u{1b}[C", "w", "G", "b", "g", "q", columns: 80, rows: 24)
        }
        // A few hundred milliseconds in an optimised build.
        #expect(time < .seconds(30))
    }
}
