/// Finds known secrets in texts: as they are, and as other texts quote them.
///
/// What is found: the secret itself; base64 of it (RFC 4648, either alphabet, with or without padding), also as a part of
/// something longer, as `Authorization` has it; hexadecimal in either case; percent-encoding and the escapes of JSON, of
/// all characters or of some. However many secrets there are, a text is gone through once, or twice if it has escapes.
package struct SecretSearch: Sendable {
    /// In bytes of UTF-8. A shorter secret is found in too much that is none, and is not looked for.
    package static let shortest = 6
    /// Of more secrets than these the quoted forms are not looked for: a script that makes so many keeps none of them.
    private static let mostQuoted = 1 << 16
    /// How many escapes within escapes are followed.
    private static let mostLevels = 3

    /// How a secret stands in a text, and how many bits of it a character has.
    private enum Form: UInt8 {
        /// Eight bits.
        case plain
        /// Six; the secret begins with the first, second or third byte of a group of three.
        case base64, base64Second, base64Third
        /// Four.
        case hexadecimal
    }

    private struct Candidate {
        let secret: Int32
        let form: Form
    }

    private var secrets: [[UInt8]] = []
    /// By the first six characters that are wholly the secret's, as ``normal(_:)`` has them.
    private var candidates: [UInt64: [Candidate]] = [:]
    /// A bit for each hash of such a beginning: hardly any text gets past it.
    private var sieve: [UInt64] = []
    private var hasSpace = false

    /// A search that finds nothing yet.
    package init() {}

    /// Whether there is nothing to look for.
    package var isEmpty: Bool { secrets.isEmpty }

    /// Looks for this text too, from now on.
    package mutating func add(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= Self.shortest else { return }
        let isKnown = candidates[Self.key(bytes)]?.contains { $0.form == .plain && secrets[Int($0.secret)] == bytes }
        guard isKnown != true else { return }
        let number = Int32(secrets.count)
        secrets.append(bytes)
        hasSpace = hasSpace || bytes.contains(UInt8(ascii: " "))
        add(Self.key(bytes), Candidate(secret: number, form: .plain))
        guard number < Self.mostQuoted else { return }
        let beginning = bytes[..<Self.shortest]
        add(Self.key(Self.base64(beginning)), Candidate(secret: number, form: .base64))
        add(Self.key(Self.base64([0] + beginning).dropFirst(2)), Candidate(secret: number, form: .base64Second))
        add(Self.key(Self.base64([0, 0] + beginning).dropFirst(3)), Candidate(secret: number, form: .base64Third))
        for digits in ["0123456789abcdef", "0123456789ABCDEF"].map({ Array($0.utf8) }) {
            let characters = beginning.prefix(3).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
            add(Self.key(characters), Candidate(secret: number, form: .hexadecimal))
        }
    }

    private mutating func add(_ key: UInt64, _ candidate: Candidate) {
        candidates[key, default: []].append(candidate)
        if sieve.isEmpty { sieve = [UInt64](repeating: 0, count: 1_024) }
        let hash = Self.hash(key)
        sieve[hash >> 6] |= 1 << UInt64(hash & 63)
    }

    /// Looks for every secret in a value too.
    package mutating func add(_ value: JSONValue) {
        switch value {
        case .secret(let secret): add(secret.reveal())
        case .array(let elements): for element in elements { add(element) }
        case .object(let members): for member in members.values { add(member) }
        default: break
        }
    }

    /// Whether there is a secret in a text.
    package func contains(_ bytes: [UInt8]) -> Bool { !isEmpty && !places(in: bytes, isFirstEnough: true).isEmpty }

    /// The text with ``SecretValue/redacted`` in the place of each secret.
    package func redact(_ text: String) -> String {
        guard !isEmpty, text.utf8.count >= Self.shortest else { return text }
        let bytes = Array(text.utf8)
        let places = places(in: bytes, isFirstEnough: false)
        guard !places.isEmpty else { return text }
        var redacted: [UInt8] = []
        var taken = 0
        for place in places.sorted(by: { $0.lowerBound < $1.lowerBound }) where place.upperBound > taken {
            // What overlaps with the one before is gone with it.
            if place.lowerBound >= taken {
                redacted += bytes[taken..<place.lowerBound]
                redacted += SecretValue.redacted.utf8
            }
            taken = place.upperBound
        }
        return String(decoding: redacted + bytes[taken...], as: UTF8.self)
    }

    // MARK: One text

    /// Where the secrets are.
    private func places(in bytes: [UInt8], isFirstEnough: Bool) -> [Range<Int>] {
        guard bytes.count >= Self.shortest else { return [] }
        var places: [Range<Int>] = []
        let (hasEscapes, hasPlus) = scan(bytes, isFirstEnough) { places.append($0) }
        for isForm in [false, true] where isForm ? hasPlus && hasSpace : hasEscapes {
            // Whether there is one at all can be told without knowing where.
            var text = bytes, origins = isFirstEnough ? [] : Array(0...bytes.count)
            // A text may be quoted in another one, such as the reply of a server behind a server.
            for _ in 0..<Self.mostLevels where !(isFirstEnough && !places.isEmpty) {
                let (plain, froms) = Self.unescaped(text, isForm: isForm, withOrigins: !isFirstEnough)
                origins = froms.map { origins[$0] }
                text = plain
                let more = scan(text, isFirstEnough) { place in
                    places.append(isFirstEnough ? place : origins[place.lowerBound]..<origins[place.upperBound])
                }
                guard more.hasEscapes else { break }
            }
        }
        return places
    }

    /// Goes through the bytes, whatever they are.
    ///
    /// - Returns: whether there are escapes, and whether there is a plus sign; not complete if the first one is enough.
    private func scan(
        _ bytes: [UInt8], _ isFirstEnough: Bool, _ found: (Range<Int>) -> Void
    ) -> (hasEscapes: Bool, hasPlus: Bool) {
        var hasEscapes = false, hasPlus = false
        sieve.withUnsafeBufferPointer { sieve in
            bytes.withUnsafeBufferPointer { bytes in
                var key: UInt64 = 0
                for index in 0..<bytes.count {
                    let byte = bytes[index]
                    if byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\") { hasEscapes = true }
                    if byte == UInt8(ascii: "+") { hasPlus = true }
                    key = (key << 8 | UInt64(Self.normal(byte))) & Self.keyMask
                    let hash = Self.hash(key)
                    guard sieve[hash >> 6] & (1 << UInt64(hash & 63)) != 0, index >= Self.shortest - 1 else { continue }
                    let places = (candidates[key] ?? []).compactMap { match($0, index - Self.shortest + 1, bytes) }
                    // One may be the beginning of another.
                    guard let place = places.max(by: { $0.count < $1.count }) else { continue }
                    found(place)
                    if isFirstEnough { return }
                }
            }
        }
        return (hasEscapes, hasPlus)
    }

    /// The place of a secret whose first whole character may be at `start`.
    private func match(_ candidate: Candidate, _ start: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        let unit: Int, skipped: Int
        switch candidate.form {
        case .plain: (unit, skipped) = (8, 0)
        case .base64: (unit, skipped) = (6, 0)
        // The character before has the first bits.
        case .base64Second: (unit, skipped) = (6, 2)
        case .base64Third: (unit, skipped) = (6, 4)
        case .hexadecimal: (unit, skipped) = (4, 0)
        }
        let first = skipped > 0 ? start - 1 : start
        guard first >= 0 else { return nil }
        var buffer: UInt32 = 0, held = -skipped, next = first
        for wanted in secrets[Int(candidate.secret)] {
            while held < 8 {
                guard next < bytes.count, let more = Self.value(of: bytes[next], unit) else { return nil }
                buffer = buffer << UInt32(unit) | UInt32(more)
                held += unit
                next += 1
            }
            held -= 8
            guard UInt8(truncatingIfNeeded: buffer >> UInt32(held)) == wanted else { return nil }
        }
        return first..<next
    }

    private static let keyMask: UInt64 = (1 << 48) - 1

    private static func hash(_ key: UInt64) -> Int { Int((key &* 0x9E37_79B9_7F4A_7C15) >> 48) }

    private static func key(_ characters: some Sequence<UInt8>) -> UInt64 {
        characters.prefix(shortest).reduce(0) { $0 << 8 | UInt64(normal($1)) }
    }

    /// The two alphabets of base64 are one.
    private static func normal(_ byte: UInt8) -> UInt8 {
        byte == UInt8(ascii: "-") ? UInt8(ascii: "+") : byte == UInt8(ascii: "_") ? UInt8(ascii: "/") : byte
    }

    /// The bits that a character stands for; `nil` for none.
    private static func value(of byte: UInt8, _ unit: Int) -> UInt8? {
        if unit == 8 { return byte }
        if unit == 4 {
            let digit = digit(byte)
            return digit < 16 ? digit : nil
        }
        switch normal(byte) {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): return byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): return 62
        case UInt8(ascii: "/"): return 63
        default: return nil
        }
    }

    private static func digit(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: 255
        }
    }

    /// The characters of whole sextets; the last bits, which depend on what follows, are left out.
    private static func base64(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        var buffer: UInt32 = 0, held: UInt32 = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            held += 8
            while held >= 6 {
                held -= 6
                text.append(alphabet[Int(buffer >> held & 63)])
            }
        }
        return text
    }

    // MARK: Escapes

    /// The bytes with `%2F`, `\/`, `\n`, `\u00e9` and the like as what they stand for, and where each began.
    ///
    /// - Parameters:
    ///   - isForm: whether `+` is a space.
    ///   - withOrigins: whether it is wanted where each began.
    /// - Returns: one origin more than bytes: the end.
    private static func unescaped(
        _ bytes: [UInt8], isForm: Bool, withOrigins: Bool
    ) -> (bytes: [UInt8], origins: [Int]) {
        var plain: [UInt8] = [], origins: [Int] = []
        plain.reserveCapacity(bytes.count)
        if withOrigins { origins.reserveCapacity(bytes.count + 1) }
        func number(_ start: Int, _ count: Int) -> UInt32? {
            guard start + count <= bytes.count else { return nil }
            var value: UInt32 = 0
            for byte in bytes[start..<start + count] {
                let digit = digit(byte)
                guard digit < 16 else { return nil }
                value = value << 4 | UInt32(digit)
            }
            return value
        }
        var at = 0
        while at < bytes.count {
            let begin = at
            // As a rule there is nothing to be done for a long while.
            let end =
                bytes[at...].firstIndex {
                    $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "\\") || isForm && $0 == UInt8(ascii: "+")
                } ?? bytes.count
            if end > at {
                plain += bytes[at..<end]
                if withOrigins { origins += at..<end }
                at = end
                continue
            }
            var character: [UInt8] = [bytes[at]]
            at += 1
            switch character[0] {
            case UInt8(ascii: "+") where isForm: character = [UInt8(ascii: " ")]
            case UInt8(ascii: "%"):
                guard let value = number(at, 2) else { break }
                character = [UInt8(value)]
                at += 2
            case UInt8(ascii: "\\") where at < bytes.count:
                let letter = bytes[at]
                at += 1
                switch letter {
                case UInt8(ascii: "n"): character = [0x0a]
                case UInt8(ascii: "r"): character = [0x0d]
                case UInt8(ascii: "t"): character = [0x09]
                case UInt8(ascii: "b"): character = [0x08]
                case UInt8(ascii: "f"): character = [0x0c]
                case UInt8(ascii: "u"):
                    guard var value = number(at, 4) else { break }
                    at += 4
                    if (0xd800..<0xdc00).contains(value), at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
                        bytes[at + 1] == UInt8(ascii: "u"), let low = number(at + 2, 4), (0xdc00..<0xe000).contains(low)
                    {
                        value = 0x10000 + (value - 0xd800) << 10 + (low - 0xdc00)
                        at += 6
                    }
                    character = Array(String(Unicode.Scalar(value).map(Character.init) ?? "\u{fffd}").utf8)
                default: character = [letter]
                }
            default: break
            }
            plain += character
            if withOrigins { for _ in character { origins.append(begin) } }
        }
        if withOrigins { origins.append(bytes.count) }
        return (plain, origins)
    }
}

extension SecretSearch: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// How many secrets; never one of them.
    package var description: String { "\(secrets.count) secrets" }
    /// The same.
    package var debugDescription: String { description }
    /// Without children, so that `dump` and test failures show nothing either.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
