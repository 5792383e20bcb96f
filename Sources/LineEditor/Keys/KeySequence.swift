/// A control sequence that a terminal sent: `ESC [`, parameters, a final byte.
struct KeySequence {
    private let isPrivate: Bool
    private let numbers: [Int]
    private let final: UInt8

    init(parameters: ArraySlice<UInt8>, final: UInt8) {
        self.final = final
        // Replies and mouse reports are marked; no key is.
        isPrivate = parameters.first.map { (0x3C...0x3F).contains($0) } ?? false
        numbers = parameters.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { part in
            var number = 0
            for byte in part {
                guard (0x30...0x39).contains(byte) else { break }
                number = min(number * 10 + Int(byte - 0x30), 0x11_0000)
            }
            return number
        }
    }

    /// Whether a bracketed paste begins.
    var beginsPaste: Bool { final == UInt8(ascii: "~") && numbers.first == 200 }

    /// The key of a number pad in its application mode.
    var keypadKey: Key? {
        switch final {
        case UInt8(ascii: "M"): .plain(.enter)
        case UInt8(ascii: "j")...UInt8(ascii: "y"): .text(String(Unicode.Scalar(final - 0x40)))
        default: nil
        }
    }

    /// The key, or nil for what is none.
    func key(adding extra: KeyModifiers) -> Key? {
        guard !isPrivate else { return nil }
        let modifiers = modifiers(at: 1).union(extra)
        switch final {
        case UInt8(ascii: "Z"): return .press(.tab, modifiers.union(.shift))
        case UInt8(ascii: "~"):
            if numbers.first == 27, numbers.count > 2 { return character(numbers[2], modifiers: modifiers) }
            return numbers.first.flatMap { Self.numbered[$0] }.map { .press($0, modifiers) }
        case UInt8(ascii: "u"): return character(numbers.first ?? 0, modifiers: modifiers)
        default: return Self.lettered[final].map { .press($0, modifiers) }
        }
    }

    /// Modifiers are told as one more than the sum of their bits.
    private func modifiers(at index: Int) -> KeyModifiers {
        guard numbers.count > index, numbers[index] > 1 else { return [] }
        return KeyModifiers(rawValue: (numbers[index] - 1) & 7)
    }

    /// A key told by its code point.
    private func character(_ code: Int, modifiers: KeyModifiers) -> Key? {
        switch code {
        case 9: return .press(.tab, modifiers)
        case 13, 57414: return .press(.enter, modifiers)
        case 27: return .press(.escape, modifiers)
        case 8, 127: return .press(.backspace, modifiers)
        default: break
        }
        guard code >= 32, !(0xE000...0xF8FF).contains(code), let scalar = Unicode.Scalar(UInt32(code)) else {
            return nil
        }
        let character = Character(scalar)
        guard !modifiers.isDisjoint(with: [.control, .alt]) else {
            return .text(modifiers.contains(.shift) ? character.uppercased() : String(character))
        }
        return .press(.character(character), modifiers.subtracting(.shift))
    }

    private static let lettered: [UInt8: KeyCode] = [
        UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right, UInt8(ascii: "D"): .left,
        UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end, UInt8(ascii: "P"): .function(1),
        UInt8(ascii: "Q"): .function(2), UInt8(ascii: "R"): .function(3), UInt8(ascii: "S"): .function(4),
    ]

    private static let numbered: [Int: KeyCode] = [
        1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end, 11: .function(1),
        12: .function(2), 13: .function(3), 14: .function(4), 15: .function(5), 17: .function(6), 18: .function(7),
        19: .function(8), 20: .function(9), 21: .function(10), 23: .function(11), 24: .function(12),
    ]
}
