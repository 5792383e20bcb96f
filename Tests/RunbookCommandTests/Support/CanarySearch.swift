import FoundationEssentials

/// Looks for texts that must be nowhere, in every form in which a program may write them. It shares nothing with what the
/// product itself looks for.
struct CanarySearch {
    /// A canary that was found.
    struct Find: Hashable, CustomStringConvertible {
        let canary: String
        let form: String
        let place: String

        var description: String { "\(canary) as \(form) in \(place)" }
    }

    private struct Pattern {
        let canary: String
        let form: String
        let bytes: [UInt8]
    }

    /// By their first eight bytes.
    private let patterns: [UInt64: [Pattern]]
    /// A bit for each hash of such a beginning.
    private let sieve: [Bool]
    private(set) var finds: Set<Find> = []
    /// How much was searched.
    private(set) var bytes = 0
    private(set) var places = 0

    /// - Parameter canaries: the texts by what they are; each of ten bytes at least.
    init(_ canaries: [String: String]) {
        var patterns: [UInt64: [Pattern]] = [:]
        var sieve = [Bool](repeating: false, count: 1 << 16)
        for (name, text) in canaries {
            for (form, bytes) in Self.forms(of: text) {
                let key = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
                patterns[key, default: []].append(Pattern(canary: name, form: form, bytes: bytes))
                sieve[Self.hash(key)] = true
            }
        }
        self.patterns = patterns
        self.sieve = sieve
    }

    /// How many canaries and forms of them are looked for.
    var patternCount: Int { patterns.values.reduce(0) { $0 + $1.count } }

    private static func hash(_ key: UInt64) -> Int { Int((key &* 0x9E37_79B9_7F4A_7C15) >> 48) }

    /// Looks through some bytes.
    mutating func search(_ haystack: [UInt8], _ place: String) {
        bytes += haystack.count
        places += 1
        var candidates: [(at: Int, key: UInt64)] = []
        haystack.withUnsafeBufferPointer { haystack in
            sieve.withUnsafeBufferPointer { sieve in
                var key: UInt64 = 0
                var index = 0
                while index < haystack.count {
                    key = key << 8 | UInt64(haystack[index])
                    if sieve[Int((key &* 0x9E37_79B9_7F4A_7C15) >> 48)] { candidates.append((index - 7, key)) }
                    index += 1
                }
            }
        }
        for (at, key) in candidates where at >= 0 {
            for pattern in patterns[key] ?? [] where haystack[at...].starts(with: pattern.bytes) {
                finds.insert(Find(canary: pattern.canary, form: pattern.form, place: place))
            }
        }
    }

    mutating func search(_ text: String, _ place: String) { search(Array(text.utf8), place) }

    // MARK: Forms

    /// The bytes of a text by the name of the form.
    private static func forms(of text: String) -> [String: [UInt8]] {
        let bytes = Array(text.utf8)
        var forms: [String: String] = [
            "it is": text, "hex": hexadecimal(bytes), "upper-case hex": hexadecimal(bytes).uppercased(),
            "percent-encoding": percent(bytes, all: false), "percent-encoding of all": percent(bytes, all: true),
            "a form field": percent(bytes, all: false).replacing("%20", with: "+"),
            "JSON": escaped(text, slash: false, ascii: false),
            "JSON with slashes": escaped(text, slash: true, ascii: false),
            "JSON in ASCII": escaped(text, slash: false, ascii: true),
            "JSON in JSON": escaped(escaped(text, slash: false, ascii: false), slash: false, ascii: false),
            "HTML": text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;"),
        ]
        forms["lower-case percent-encoding"] = forms["percent-encoding"]?.lowercased()
        for before in 0..<3 {
            // The characters that belong to the text alone, wherever it begins in a group of three bytes.
            let whole = Data([UInt8](repeating: 0, count: before) + bytes).base64EncodedString().replacing(
                "=", with: "")
            let first = (before * 8 + 5) / 6, last = (before + bytes.count) * 8 / 6
            let core = String(whole.dropFirst(first).prefix(last - first))
            forms["base64 \(before)"] = core
            forms["url-safe base64 \(before)"] = core.replacing("+", with: "-").replacing("/", with: "_")
        }
        return forms.mapValues { Array($0.utf8) }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func percent(_ bytes: [UInt8], all: Bool) -> String {
        bytes.map { byte in
            let character = Character(UnicodeScalar(byte))
            let isPlain = byte < 0x80 && (character.isLetter || character.isNumber || "-._~".contains(character))
            return isPlain && !all ? String(character) : "%\(hexadecimal([byte]).uppercased())"
        }.joined()
    }

    private static func escaped(_ text: String, slash: Bool, ascii: Bool) -> String {
        text.utf16.map { unit -> String in
            switch unit {
            case 0x22: return "\\\""
            case 0x5c: return "\\\\"
            case 0x2f where slash: return "\\/"
            case 0x20..<0x7f: return String(UnicodeScalar(UInt8(unit)))
            default:
                guard ascii else { return UnicodeScalar(unit).map { String(Character($0)) } ?? "\u{fffd}" }
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }.joined()
    }
}
