internal import Operations

extension String {
    /// As a person may be shown it: a space for each control character and line separator, and U+FFFD for what turns the
    /// direction of the text around it or cannot be seen at all. A name must not look like another one.
    var shown: String {
        guard unicodeScalars.contains(where: { $0.isHidden || $0.isControl }) else { return self }
        return String(
            UnicodeScalarView(unicodeScalars.map { $0.isHidden ? "\u{fffd}" : $0.isControl ? " " : $0 }))
    }

    /// How many columns of a terminal it takes: two for each character of East Asian scripts and for pictures.
    var columns: Int { reduce(0) { $0 + $1.columns } }

    /// Cut to so many columns, with `…` in place of what is missing.
    ///
    /// - Parameter keepingEnd: whether the end is kept and not the beginning. Default: the beginning.
    func fitted(_ width: Int, keepingEnd: Bool = false) -> String {
        guard columns > width else { return self }
        guard width > 1 else { return width == 1 ? "…" : "" }
        var left = width - 1
        var kept: [Character] = []
        for character in keepingEnd ? Array(reversed()) : Array(self) {
            left -= character.columns
            guard left >= 0 else { break }
            kept.append(character)
        }
        return keepingEnd ? "…" + String(kept.reversed()) : String(kept) + "…"
    }
}

extension Character {
    fileprivate var columns: Int {
        guard let scalar = unicodeScalars.first, scalar.value >= 0x1100 else { return 1 }
        switch scalar.value {
        case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
            0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1faff, 0x20000...0x3fffd:
            return 2
        default: return 1
        }
    }
}
