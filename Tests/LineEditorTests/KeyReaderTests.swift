import TerminalTesting
import Testing

@testable import LineEditor

@Suite("Reading keys")
struct KeyReaderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var bytes: String
        var keys: [Key]
        var testDescription: String { bytes.debugDescription }
    }

    @Test(
        "bytes are the keys that terminals send them for",
        arguments: [
            Case(bytes: "héllo 漢字👨‍👩‍👧", keys: [.text("héllo 漢字👨‍👩‍👧")]),
            Case(bytes: "a\u{01}b\r", keys: [.text("a"), .control("a"), .text("b"), .plain(.enter)]),
            Case(
                bytes: "\t\u{7F}\u{08}\u{1F}\u{00}",
                keys: [
                    .plain(.tab), .plain(.backspace), .control("h"), .control("_"), .control(" "),
                ]),
            Case(
                bytes: "\u{1B}[A\u{1B}OB\u{1B}[1;5C\u{1B}[1;3D",
                keys: [
                    .plain(.up), .plain(.down), .press(.right, .control), .press(.left, .alt),
                ]),
            Case(
                bytes: "\u{1B}[H\u{1B}[4~\u{1B}[3~\u{1B}[5~\u{1B}[6;5~\u{1B}OF",
                keys: [
                    .plain(.home), .plain(.end), .plain(.delete), .plain(.pageUp), .press(.pageDown, .control),
                    .plain(.end),
                ]),
            Case(
                bytes: "\u{1B}[Z\u{1B}OP\u{1B}[15~\u{1B}[[B",
                keys: [
                    .press(.tab, .shift), .plain(.function(1)), .plain(.function(5)), .plain(.function(2)),
                ]),
            Case(
                bytes: "\u{1B}f\u{1B}ü\u{1B}\u{7F}\u{1B}\r\u{1B}<",
                keys: [
                    .alt("f"), .alt("ü"), .press(.backspace, .alt), .press(.enter, .alt), .alt("<"),
                ]),
            Case(bytes: "\u{1B}\u{1B}[A\u{1B}\u{1B}x", keys: [.press(.up, .alt), .plain(.escape), .alt("x")]),
            Case(
                bytes: "\u{1B}[97;5u\u{1B}[13;2u\u{1B}[27;5;9~\u{1B}[228u",
                keys: [
                    .control("a"), .press(.enter, .shift), .press(.tab, .control), .text("ä"),
                ]),
            Case(
                bytes: "\u{1B}[200~a\r\nb\rc\u{1B}[31m\u{03}\u{1B}[201~d",
                keys: [
                    .paste("a\nb\nc\u{1B}[31m\u{03}"), .text("d"),
                ]),
            Case(bytes: "\u{1B}[200~\u{1B}[201\u{1B}[20\u{1B}\u{1B}[201~", keys: [.paste("\u{1B}[201\u{1B}[20\u{1B}")]),
            Case(
                bytes: "x\u{1B}]0;title\u{07}\u{1B}P1$r\u{1B}\\\u{1B}[?62;c\u{1B}[5n\u{1B}[<0;1;2My",
                keys: [
                    .text("x"), .text("y"),
                ]),
            Case(bytes: "\u{1B}[12\u{01}z", keys: [.control("a"), .text("z")]),
            Case(bytes: "\u{1B}OM\u{1B}Oq", keys: [.plain(.enter), .text("1")]),
        ])
    func keys(case example: Case) {
        var reader = KeyReader()
        #expect(reader.feed(example.bytes.utf8) == example.keys)
        #expect(reader.flush() == [])
    }

    @Test("portions of any size are the same keys")
    func portions() {
        let bytes = Array("a\u{1B}[1;5Cé漢\u{1B}ü\u{1B}[200~x\r\ny\u{1B}[20\u{1B}[201~\u{1B}OA👍\r".utf8)
        var whole = KeyReader()
        let expected = Self.joined(whole.feed(bytes))
        for size in 1...7 {
            var reader = KeyReader()
            var keys: [Key] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                keys += reader.feed(bytes[start..<min(bytes.count, start + size)])
            }
            #expect(Self.joined(keys) == expected, "portions of \(size)")
        }
    }

    @Test("an Escape alone is one when nothing follows, and a broken sequence is nothing")
    func timeouts() {
        var reader = KeyReader()
        #expect(reader.feed([0x1B]) == [])
        #expect(reader.wait == .escape)
        #expect(reader.flush() == [.plain(.escape)])
        #expect(reader.wait == .nothing)
        #expect(reader.feed("\u{1B}[1;".utf8) == [])
        #expect(reader.wait == .sequence)
        #expect(reader.flush() == [])
        #expect(reader.feed("\u{1B}[".utf8) == [])
        #expect(reader.flush() == [.alt("[")])
        #expect(reader.feed("\u{1B}]never ended".utf8) == [])
        #expect(reader.flush() == [])
        #expect(reader.feed("a".utf8) == [.text("a")])
        #expect(reader.feed([0xC3]) == [])
        #expect(reader.wait == .nothing)
        #expect(reader.flush() == [])
        #expect(reader.feed([0xA9]) == [.text("é")])
    }

    @Test("what is no UTF-8 is replaced")
    func invalid() {
        var reader = KeyReader()
        #expect(reader.feed([0x61, 0xFF, 0xC0, 0x62]) == [.text("a\u{FFFD}\u{FFFD}b")])
    }

    @Test("Control-C gives up a paste whose end does not come")
    func brokenPaste() {
        var reader = KeyReader()
        #expect(reader.feed("\u{1B}[200~abc".utf8) == [])
        #expect(reader.feed([0x03]) == [])
        #expect(reader.flush() == [])
        #expect(reader.feed([0x03]) == [.control("c")])
        #expect(reader.feed("x".utf8) == [.text("x")])
    }

    @Test("any bytes are read without a trap, and the reader comes back to keys", arguments: 0..<200)
    func noise(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let alphabet: [UInt8] =
            Array("\u{1B}\u{1B}\u{1B}[[O]P;0123456789~ABCumM\\\u{07}\u{18}a".utf8)
            + [0xC3, 0xA9, 0xE2, 0x80, 0xFF, 0x03, 0x0D]
        var reader = KeyReader()
        for _ in 0..<60 {
            let count = Int.random(in: 0...12, using: &random)
            let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            for key in reader.feed(bytes) {
                if case .text(let text) = key {
                    #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
                }
            }
            if Bool.random(using: &random) { _ = reader.flush() }
        }
        _ = reader.feed("\u{1B}[201~".utf8)
        _ = reader.flush()
        _ = reader.feed("\u{1B}\\".utf8)
        _ = reader.flush()
        #expect(reader.feed("a".utf8).contains(.text("a")))
    }

    /// Keys with adjoining texts made one.
    private static func joined(_ keys: [Key]) -> [Key] {
        keys.reduce(into: []) { sum, key in
            if case .text(let text) = key, case .text(let before) = sum.last {
                sum[sum.count - 1] = .text(before + text)
            } else {
                sum.append(key)
            }
        }
    }
}
