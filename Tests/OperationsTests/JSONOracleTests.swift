import Foundation
import Operations
import Testing

/// The reader and the writer against Foundation's, on values and texts made from seeds.
@Suite("JSON against another reader")
struct JSONOracleTests {
    @Test("what is written reads back as it was", arguments: 0..<50 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let value = JSONValue.random(depth: 4, using: &generator)
            #expect(try JSONValue(parsing: value.text) == value)
            #expect(try JSONValue(parsing: value.prettyText) == value)
            #expect(try JSONValue(parsing: value.text).text == value.text)
        }
    }

    @Test("Foundation reads what is written as the same value", arguments: 0..<50 as Range<UInt64>)
    func foundationReads(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed &+ 1_000)
        for _ in 0..<20 {
            let value = JSONValue.random(depth: 4, using: &generator)
            let read = try JSONSerialization.jsonObject(with: Data(value.bytes()), options: .fragmentsAllowed)
            #expect(Self.agrees(value, read), "\(value.text)")
        }
    }

    @Test("what Foundation writes reads as the same value", arguments: 0..<50 as Range<UInt64>)
    func foundationWrites(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed &+ 2_000)
        for _ in 0..<20 {
            let value = JSONValue.random(depth: 4, using: &generator)
            let object = try JSONSerialization.jsonObject(with: Data(value.bytes()), options: .fragmentsAllowed)
            let written = try JSONSerialization.data(
                withJSONObject: object, options: [.fragmentsAllowed, .prettyPrinted])
            #expect(Self.agrees(try JSONValue(parsing: [UInt8](written)), object), "\(value.text)")
        }
    }

    @Test("a damaged text is accepted by both or by none", arguments: 0..<100 as Range<UInt64>)
    func damagedTexts(seed: UInt64) {
        var generator = SeededGenerator(seed: seed &+ 3_000)
        let alphabet = Array(#"{}[]",:\tfnu01e.-+ "#.utf8)
        for _ in 0..<20 {
            var bytes = JSONValue.random(depth: 3, using: &generator).bytes()
            for _ in 0...Int.random(in: 0...2, using: &generator) {
                let byte = alphabet.randomElement(using: &generator) ?? 0
                let place = Int.random(in: 0...bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0 where place < bytes.count: bytes[place] = byte
                case 1 where place < bytes.count: bytes.remove(at: place)
                default: bytes.insert(byte, at: place)
                }
            }
            let ours = try? JSONValue(parsing: bytes)
            let theirs = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            #expect((ours != nil) == (theirs != nil), "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
            if let ours, let theirs {
                #expect(Self.agrees(ours, theirs), "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
            }
        }
    }

    /// Whether Foundation's object is this value.
    private static func agrees(_ value: JSONValue, _ object: Any) -> Bool {
        switch value {
        case .null: return object is NSNull
        case .bool(let bool): return (object as? NSNumber)?.boolValue == bool
        case .integer(let integer): return (object as? NSNumber)?.int64Value == integer
        case .number(let number):
            // Foundation reads some numbers as decimals, which lose the last bits when they become binary.
            guard let other = (object as? NSNumber)?.doubleValue else { return false }
            return abs(number - other) <= abs(number) * 0x1p-48
        case .string(let string): return object as? String == string
        case .secret: return false
        case .array(let elements):
            guard let others = object as? [Any], others.count == elements.count else { return false }
            return zip(elements, others).allSatisfy { agrees($0, $1) }
        case .object(let members):
            guard let others = object as? [String: Any], others.count == members.count else { return false }
            return members.allSatisfy { key, member in others[key].map { agrees(member, $0) } ?? false }
        }
    }
}
