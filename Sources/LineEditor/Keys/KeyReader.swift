internal import Glibc

/// Makes keys of the bytes that a terminal sends: UTF-8, control characters, the sequences of xterm, VT220, rxvt, the
/// Linux console and of kitty's keyboard protocol, and bracketed pastes. Bytes may come in any portions.
///
/// Sequences it does not know are left out whole, so that none of them ends up as text.
public struct KeyReader: Sendable {
    /// What the next byte belongs to.
    private enum Mode {
        case keys
        case paste
        /// A string to the program, such as a reply to a query, that ends with BEL or ST.
        case string
    }

    private static let escape: UInt8 = 0x1B
    private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)

    private var mode = Mode.keys
    private var pending: [UInt8] = []
    private var pasted: [UInt8] = []
    private var pasteIsIdle = false

    /// Starts with nothing read.
    public init() {}

    /// What the bytes read so far wait for. After that time without a byte, call `flush()`.
    public var wait: KeyWait {
        switch mode {
        case .paste: .nothing
        case .string: .sequence
        case .keys:
            if pending.first != Self.escape { .nothing } else if pending.count == 1 { .escape } else { .sequence }
        }
    }

    /// Whether a paste has begun and not ended.
    public var isInPaste: Bool {
        if case .paste = mode { true } else { false }
    }

    /// Reads a portion of bytes and returns the keys that are complete.
    ///
    /// A paste whose end never comes is given up by Control-C in a portion of its own after an idle time.
    public mutating func feed(_ bytes: some Sequence<UInt8>) -> [Key] {
        var input = pending
        let pendingCount = input.count
        input.append(contentsOf: bytes)
        pending = []
        var keys: [Key] = []
        if case .paste = mode, pasteIsIdle, input.count > pendingCount, input[pendingCount] == 3 {
            mode = .keys
            pasted = []
            input.removeFirst(pendingCount)
        }
        pasteIsIdle = false
        var position = 0
        while position < input.count {
            switch mode {
            case .keys: position = readKeys(input, from: position, into: &keys)
            case .paste: position = readPaste(input, from: position, into: &keys)
            case .string: position = skipString(input, from: position)
            }
        }
        return keys
    }

    /// Says that no more bytes came in the time that `wait` asks for: what is unfinished is taken for what it is.
    public mutating func flush() -> [Key] {
        switch mode {
        case .paste:
            pasteIsIdle = true
            return []
        case .string:
            mode = .keys
            pending = []
            return []
        case .keys:
            guard pending.first == Self.escape else { return [] }
            let rest = pending.dropFirst()
            pending = []
            switch rest.first {
            case nil: return [.plain(.escape)]
            case Self.escape where rest.count == 1: return [.plain(.escape), .plain(.escape)]
            case UInt8(ascii: "[") where rest.count == 1: return [.alt("[")]
            case UInt8(ascii: "O") where rest.count == 1: return [.alt("O")]
            default: return []
            }
        }
    }

    // MARK: Keys

    private mutating func readKeys(_ input: [UInt8], from start: Int, into keys: inout [Key]) -> Int {
        let byte = input[start]
        if byte == Self.escape { return readEscape(input, from: start, into: &keys) }
        if byte < 0x20 || byte == 0x7F {
            keys.append(Self.control(byte, modifiers: []))
            return start + 1
        }
        var end = start
        while end < input.count, input[end] >= 0x20, input[end] != 0x7F { end += 1 }
        var whole = end
        if end == input.count { whole -= Self.unfinishedCount(input[start..<end]) }
        if whole > start { keys.append(.text(String(decoding: input[start..<whole], as: UTF8.self))) }
        pending = Array(input[whole..<end])
        return end
    }

    /// How many bytes at the end begin a character that is not complete.
    private static func unfinishedCount(_ bytes: ArraySlice<UInt8>) -> Int {
        var back = 1
        while back <= min(3, bytes.count) {
            let byte = bytes[bytes.endIndex - back]
            if byte < 0x80 { return 0 }
            if byte >= 0xC0 { return expectedCount(byte) > back ? back : 0 }
            back += 1
        }
        return 0
    }

    private static func expectedCount(_ lead: UInt8) -> Int {
        switch lead {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }

    /// The key that sends a control character.
    private static func control(_ byte: UInt8, modifiers: KeyModifiers) -> Key {
        switch byte {
        case 0x09: .press(.tab, modifiers)
        case 0x0D: .press(.enter, modifiers)
        case 0x7F: .press(.backspace, modifiers)
        case 0x00: .press(.character(" "), modifiers.union(.control))
        case 0x01...0x1A: .press(.character(Character(Unicode.Scalar(byte + 0x60))), modifiers.union(.control))
        default: .press(.character(Character(Unicode.Scalar(byte + 0x40))), modifiers.union(.control))
        }
    }

    private mutating func readEscape(_ input: [UInt8], from start: Int, into keys: inout [Key]) -> Int {
        var position = start + 1
        var modifiers: KeyModifiers = []
        // rxvt says Alt by a second Escape before a sequence.
        if position + 1 < input.count, input[position] == Self.escape {
            modifiers = .alt
            position += 1
        }
        guard position < input.count else { return keep(input, from: start) }
        let byte = input[position]
        switch byte {
        case Self.escape:
            guard position == start + 1 else {
                // Three in a row: the first was pressed alone.
                keys.append(.plain(.escape))
                return start + 1
            }
            return keep(input, from: start)
        case UInt8(ascii: "["):
            return readSequence(input, from: start, body: position + 1, modifiers: modifiers, into: &keys)
        case UInt8(ascii: "O"):
            return readShiftedKey(input, from: start, body: position + 1, modifiers: modifiers, into: &keys)
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"):
            mode = .string
            return position + 1
        default: break
        }
        if modifiers == .alt { keys.append(.plain(.escape)) }
        if byte < 0x20 || byte == 0x7F {
            keys.append(Self.control(byte == 0x08 ? 0x7F : byte, modifiers: .alt))
            return position + 1
        }
        let count = Self.expectedCount(byte)
        guard position + count <= input.count else {
            pending = [Self.escape] + input[position...]
            return input.count
        }
        let character = String(decoding: input[position..<position + count], as: UTF8.self).first ?? " "
        keys.append(.alt(character))
        return position + count
    }

    private mutating func keep(_ input: [UInt8], from start: Int) -> Int {
        pending = Array(input[start...])
        return input.count
    }

    /// `ESC [`, parameters, a final byte.
    private mutating func readSequence(
        _ input: [UInt8], from start: Int, body: Int, modifiers: KeyModifiers, into keys: inout [Key]
    ) -> Int {
        var position = body
        // The Linux console's function keys have a second bracket.
        if position < input.count, input[position] == UInt8(ascii: "[") {
            guard position + 1 < input.count else { return keep(input, from: start) }
            let number = Int(input[position + 1]) - Int(UInt8(ascii: "A")) + 1
            if (1...5).contains(number) { keys.append(.press(.function(number), modifiers)) }
            return position + 2
        }
        while position < input.count, (0x20...0x3F).contains(input[position]) { position += 1 }
        guard position < input.count else { return keep(input, from: start) }
        // Neither a parameter nor a final byte: the sequence was broken off.
        guard (0x40...0x7E).contains(input[position]) else { return position }
        let sequence = KeySequence(parameters: input[body..<position], final: input[position])
        if sequence.beginsPaste {
            mode = .paste
        } else if let key = sequence.key(adding: modifiers) {
            keys.append(key)
        }
        return position + 1
    }

    /// `ESC O`, perhaps a modifier, a final byte: arrows and F1 to F4 of a terminal in its application mode.
    private mutating func readShiftedKey(
        _ input: [UInt8], from start: Int, body: Int, modifiers: KeyModifiers, into keys: inout [Key]
    ) -> Int {
        var position = body
        while position < input.count, (0x30...0x3B).contains(input[position]) { position += 1 }
        guard position < input.count else { return keep(input, from: start) }
        guard (0x40...0x7E).contains(input[position]) else { return position }
        let parameters = position > body ? Array("1;".utf8) + input[body..<position] : []
        let sequence = KeySequence(parameters: parameters[...], final: input[position])
        if let key = sequence.keypadKey ?? sequence.key(adding: modifiers) { keys.append(key) }
        return position + 1
    }

    // MARK: Strings and pastes

    private mutating func skipString(_ input: [UInt8], from start: Int) -> Int {
        var position = start
        while position < input.count {
            switch input[position] {
            case 0x07, 0x18, 0x1A:
                mode = .keys
                return position + 1
            case Self.escape:
                guard position + 1 < input.count else { return keep(input, from: position) }
                mode = .keys
                // Any other sequence breaks the string off and is read as such.
                return input[position + 1] == UInt8(ascii: "\\") ? position + 2 : position
            default: position += 1
            }
        }
        return position
    }

    private mutating func readPaste(_ input: [UInt8], from start: Int, into keys: inout [Key]) -> Int {
        var position = start
        while let found = input.firstOffset(of: Self.escape, from: position) {
            let rest = input.count - found
            let end = Self.pasteEnd
            if input[found..<found + min(rest, end.count)].elementsEqual(end.prefix(rest)) {
                pasted.append(contentsOf: input[position..<found])
                guard rest >= end.count else { return keep(input, from: found) }
                mode = .keys
                keys.append(.paste(pasted.textWithPlainLineEnds()))
                pasted = []
                return found + end.count
            }
            pasted.append(contentsOf: input[position...found])
            position = found + 1
        }
        pasted.append(contentsOf: input[position...])
        return input.count
    }
}
