extension Key {
    /// The text that a key stands for when it is to be taken as it is: also that of a control character.
    var literal: String? {
        switch self {
        case .text(let text), .paste(let text): return text
        case .press(.enter, []): return "\n"
        case .press(.tab, []): return "\t"
        case .press(.escape, []): return "\u{1B}"
        case .press(.backspace, []): return "\u{7F}"
        case .press(.character(let character), .control):
            guard let value = character.uppercased().unicodeScalars.first?.value, (0x40..<0x60).contains(value),
                let scalar = Unicode.Scalar(value - 0x40)
            else { return nil }
            return String(scalar)
        case .press: return nil
        }
    }
}
