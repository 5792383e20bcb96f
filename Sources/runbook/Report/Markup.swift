/// Text for HTML and XML.
enum Markup {
    /// With everything replaced that means something in HTML or XML, also within quotes, and without what may not stand in
    /// either or would hide or turn the text around it.
    static func escaped(_ text: String) -> String {
        let shown = text.shown
        guard shown.utf8.contains(where: isSpecial) || shown.unicodeScalars.contains(where: isForbidden) else {
            return shown
        }
        var result = ""
        for scalar in shown.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(isForbidden(scalar) ? "\u{fffd}" : scalar)
            }
        }
        return result
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        default: false
        }
    }

    /// XML 1.0 knows no such characters, not even escaped.
    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value == 0xfffe || scalar.value == 0xffff
    }
}
