/// Finds known secrets in texts: as they are, and as other texts quote them.
///
/// What is found: the secret itself; base64 of it (RFC 4648, either alphabet, with or without padding), also as a part of
/// something longer, as `Authorization` has it; hexadecimal in either case; percent-encoding and the escapes of JSON, of
/// all characters or of some. However many secrets there are, a text is gone through once, or twice if it has escapes.
package struct SecretSearch: Sendable {
    /// In bytes of UTF-8. A shorter secret is found in too much that is none, and is not looked for.
    package static let shortest = 6
    private static let keyMask: UInt64 = (1 << 48) - 1

    /// By their first bytes. The longest first, as one may be the beginning of another.
    private var secrets: [UInt64: [[UInt8]]] = [:]
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
        let key = bytes[..<Self.shortest].reduce(0) { $0 << 8 | UInt64($1) }
        guard secrets[key]?.contains(bytes) != true else { return }
        secrets[key, default: []].append(bytes)
        secrets[key]?.sort { $0.count > $1.count }
        if sieve.isEmpty { sieve = [UInt64](repeating: 0, count: 1_024) }
        let hash = Self.hash(key)
        sieve[hash >> 6] |= 1 << UInt64(hash & 63)
        hasSpace = hasSpace || bytes.contains(UInt8(ascii: " "))
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
        scan(bytes, isFirstEnough) { places.append($0) }
        if isFirstEnough, !places.isEmpty { return places }
        let hasEscapes = bytes.contains { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "\\") }
        let hasPlus = hasSpace && bytes.contains(UInt8(ascii: "+"))
        for isForm in [false, true] where isForm ? hasPlus : hasEscapes {
            let (plain, origins) = Self.unescaped(bytes, isForm: isForm)
            scan(plain, isFirstEnough) { places.append(origins[$0.lowerBound]..<origins[$0.upperBound]) }
        }
        return places
    }

    private static func hash(_ key: UInt64) -> Int { Int((key &* 0x9E37_79B9_7F4A_7C15) >> 48) }

    /// Goes through the bytes as they are, as base64 and as hexadecimal at once. Six bytes of a secret are 48 bits, which
    /// lie in 8 or 9 characters of base64, or in 12 hexadecimal digits, wherever they begin.
    private func scan(_ bytes: [UInt8], _ isFirstEnough: Bool, _ found: (Range<Int>) -> Void) {
        sieve.withUnsafeBufferPointer { sieve in
            bytes.withUnsafeBufferPointer { bytes in
                func mayBegin(_ key: UInt64) -> Bool {
                    let hash = Self.hash(key)
                    return sieve[hash >> 6] & (1 << UInt64(hash & 63)) != 0
                }
                var raw: UInt64 = 0, digits: UInt64 = 0, sextets: UInt64 = 0
                var digitCount = 0, sextetCount = 0
                for index in bytes.indices {
                    let byte = bytes[index]
                    raw = (raw << 8 | UInt64(byte)) & Self.keyMask
                    if index >= Self.shortest - 1, mayBegin(raw),
                        let place = match(raw, at: index - Self.shortest + 1, unit: 8, skip: 0, in: bytes)
                    {
                        found(place)
                        if isFirstEnough { return }
                    }
                    let sextet = Self.sextets[Int(byte)]
                    guard sextet < 64 else {
                        (digitCount, sextetCount) = (0, 0)
                        continue
                    }
                    sextets = sextets << 6 | UInt64(sextet)
                    sextetCount += 1
                    for (length, skip) in [(8, 0), (9, 2), (9, 4)] where sextetCount >= length {
                        let key = sextets >> UInt64(length * 6 - 48 - skip) & Self.keyMask
                        if mayBegin(key), let place = match(key, at: index - length + 1, unit: 6, skip: skip, in: bytes) {
                            found(place)
                            if isFirstEnough { return }
                        }
                    }
                    let digit = Self.digit(byte)
                    guard digit < 16 else {
                        digitCount = 0
                        continue
                    }
                    digits = (digits << 4 | UInt64(digit)) & Self.keyMask
                    digitCount += 1
                    if digitCount >= 12, mayBegin(digits),
                        let place = match(digits, at: index - 11, unit: 4, skip: 0, in: bytes)
                    {
                        found(place)
                        if isFirstEnough { return }
                    }
                }
            }
        }
    }

    /// The place of the longest secret that begins with `key`, written in units of so many bits.
    ///
    /// - Parameters:
    ///   - start: the first character.
    ///   - skip: bits of it that belong to what is before.
    private func match(
        _ key: UInt64, at start: Int, unit: Int, skip: Int, in bytes: UnsafeBufferPointer<UInt8>
    ) -> Range<Int>? {
        guard let candidates = secrets[key] else { return nil }
        func bits(_ index: Int) -> UInt8? {
            guard index < bytes.count else { return nil }
            switch unit {
            case 8: return bytes[index]
            case 6:
                let sextet = Self.sextets[Int(bytes[index])]
                return sextet < 64 ? sextet : nil
            default:
                let digit = Self.digit(bytes[index])
                return digit < 16 ? digit : nil
            }
        }
        for secret in candidates {
            var buffer: UInt32 = 0, held = -skip, next = start
            let isThere = secret.allSatisfy { wanted in
                while held < 8 {
                    guard let more = bits(next) else { return false }
                    buffer = buffer << UInt32(unit) | UInt32(more)
                    held += unit
                    next += 1
                }
                held -= 8
                return UInt8(truncatingIfNeeded: buffer >> UInt32(held)) == wanted
            }
            if isThere { return start..<next }
        }
        return nil
    }

    private static func digit(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: 255
        }
    }

    /// The value of each character of base64 in either alphabet; 255 for no such character.
    private static let sextets: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        values[Int(UInt8(ascii: "-"))] = 62
        values[Int(UInt8(ascii: "_"))] = 63
        return values
    }()

    // MARK: Escapes

    /// The bytes with `%2F`, `\/`, `\n`, `\u00e9` and the like as what they stand for, and where each began.
    ///
    /// - Parameter isForm: whether `+` is a space.
    /// - Returns: one origin more than bytes: the end.
    private static func unescaped(_ bytes: [UInt8], isForm: Bool) -> (bytes: [UInt8], origins: [Int]) {
        var plain: [UInt8] = [], origins: [Int] = []
        plain.reserveCapacity(bytes.count)
        origins.reserveCapacity(bytes.count + 1)
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
            for _ in character { origins.append(begin) }
        }
        origins.append(bytes.count)
        return (plain, origins)
    }
}
