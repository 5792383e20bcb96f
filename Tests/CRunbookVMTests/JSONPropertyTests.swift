import CRunbookVM
import FoundationEssentials
import Testing

/// A fixed sequence of numbers, so that a failure comes back.
private struct Sequence64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A JSON value as Foundation reads it.
private indirect enum Value: Equatable, Decodable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([Value])
    case object([String: Value])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([Value].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: Value].self))
        }
    }

    static func parse(_ text: some Collection<UInt8>) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(text))
    }

    /// What the codec makes of it by design: no nulls in objects, and no empty object.
    var inLua: Value {
        switch self {
        case .array(let items): return .array(items.map(\.inLua))
        case .object(let members):
            let kept = members.filter { $0.value != .null }.mapValues(\.inLua)
            return kept.isEmpty ? .array([]) : .object(kept)
        default: return self
        }
    }
}

/// Makes texts that are JSON, and texts that nearly are.
private struct TextMaker {
    var random: Sequence64

    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }

    mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }

    mutating func string() -> String {
        let parts = [
            "a", "b", "id", "links", "é", "日本", "😀", #"\n"#, #"\""#, #"\\"#, #"\/"#, #"\u0000"#, #"\u00e9"#,
            #"\ud83d\ude00"#,
            "\u{2028}", "a somewhat longer piece of text", " ", "\u{7F}",
        ]
        return "\"" + (0..<below(4)).map { _ in pick(parts) }.joined() + "\""
    }

    mutating func number() -> String {
        switch below(5) {
        case 0: return String(Int64(bitPattern: random.next()) >> Int64(below(63)))
        case 1:
            let value = Double(bitPattern: random.next())
            return value.isFinite ? "\(value)" : "0.5"
        case 2: return "\(Double(below(100_000)) / 100)"
        case 3: return "\(below(1000))\(pick(["e", "E"]))\(pick(["", "+", "-"]))\(below(20))"
        default:
            return pick([
                "0", "-1", "1.0", "9223372036854775807", "-9223372036854775808", "1e-7", "0.30000000000000004",
            ])
        }
    }

    mutating func text(depth: Int) -> String {
        let space = below(6) == 0 ? pick([" ", "\n", "\t", "\r\n  "]) : ""
        switch below(depth > 0 ? 10 : 6) {
        case 0, 1: return space + string() + space
        case 2, 3: return space + number() + space
        case 4: return space + pick(["true", "false"])
        case 5: return "null" + space
        case 6, 7:
            return "[" + space + (0..<below(6)).map { _ in text(depth: depth - 1) }.joined(separator: ",") + "]"
        default:
            // Which of equal keys counts is tested elsewhere, as parsers differ: here every two differ in four bytes, more
            // than are damaged.
            var keys = (0..<below(7)).map { _ in string() }
            keys = keys.enumerated().map { "\($1.dropLast())\(String(repeating: "\($0)", count: 4))\"" }
            return "{" + keys.map { "\($0)\(space):\(text(depth: depth - 1))" }.joined(separator: ",") + space + "}"
        }
    }

    /// Changes, removes or adds a few bytes.
    mutating func damage(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)
        let alphabet = Array("{}[],:\"\\0123456789.eE+-tfnul \n".utf8) + [0, 0x1F, 0x80, 0xC3, 0xED, 0xF0, 0xFF]
        for _ in 0...below(2) where !bytes.isEmpty {
            let place = below(bytes.count)
            switch below(4) {
            case 0: bytes[place] = pick(alphabet)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(pick(alphabet), at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }
}

@Suite("JSON codec against Foundation")
struct JSONPropertyTests {
    @Test("Any text comes back with the same values, and its canonical form comes back unchanged", arguments: 0..<8)
    func sameValues(seed: Int) throws {
        var maker = TextMaker(random: Sequence64(state: UInt64(seed)))
        for _ in 0..<100 {
            let text = maker.text(depth: 5)
            let written = try roundTrip(text)
            #expect(try Value.parse(written.utf8) == Value.parse(text.utf8).inLua, "\(text)")
            #expect(try roundTrip(written) == written)
            let pretty = try roundTrip(text, flags: CodecFlags.pretty)
            #expect(try Value.parse(pretty.utf8) == Value.parse(written.utf8))
        }
    }

    @Test("A damaged text is refused, or is one that Foundation reads the same", arguments: 0..<8)
    func damaged(seed: Int) throws {
        var maker = TextMaker(random: Sequence64(state: UInt64(1000 + seed)))
        for _ in 0..<200 {
            let text = maker.damage(maker.text(depth: 4))
            guard let written = try? roundTrip(text) else { continue }
            let value = try Value.parse(text)
            #expect(try Value.parse(written.utf8) == value.inLua, "\(String(decoding: text, as: UTF8.self))")
        }
    }

    @Test("Any float comes back to the bit, in no more digits than Swift needs")
    func floats() throws {
        var random = Sequence64(state: 7)
        for _ in 0..<2000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            let written = try roundTrip("\(value)")
            #expect(Double(written)?.bitPattern == value.bitPattern)
            let digits = { (text: String) in text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }.count }
            #expect(abs(value) >= 1e17 || abs(value) < 1e-4 ? digits(written) <= digits("\(value)") : true)
        }
    }
}
