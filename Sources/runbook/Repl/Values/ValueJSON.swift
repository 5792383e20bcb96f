import Operations
import RunbookHost

/// A value as indented JSON, its keys in the order in which they come.
///
/// What JSON has no form for is the text that a person is shown; of what was cut it is said how much is missing.
struct ValueJSON {
    let style: ScreenStyle
    private var text = ""

    init(style: ScreenStyle) { self.style = style }

    /// The JSON of a value.
    static func text(of value: ShownValue, style: ScreenStyle) -> String {
        var json = ValueJSON(style: style)
        json.write(value, indent: 0)
        return json.text
    }

    private mutating func write(_ value: ShownValue, indent: Int) {
        switch value {
        case .nothing, .null: text += ValueInk.fact.painted("null", style)
        case .bool(let value): text += ValueInk.fact.painted(value ? "true" : "false", style)
        case .integer(let number): text += ValueInk.fact.painted(String(number), style)
        case .float(let number):
            text += Self.isNumber(number) ? ValueInk.fact.painted(number, style) : Self.quoted(number)
        case .string(let string, let bytes):
            text += Self.quoted(string, missing: bytes > string.utf8.count ? bytes : nil)
        case .bytes(let string, _): text += Self.quoted(string)
        case .secret: text += Self.quoted(ValueWording.secret)
        case .opaque(let string): text += Self.quoted(string)
        case .cycle: text += Self.quoted(ValueWording.cycle)
        case .omitted(let count): text += Self.quoted(ValueWording.omitted(count))
        case .list(let elements, let count):
            container("[", "]", elements.count, of: count, indent: indent) { json, index in
                json.write(elements[index], indent: indent + 1)
            } more: {
                $0.text += Self.quoted($1)
            }
        case .table(let entries, let count):
            container("{", "}", entries.count, of: count, indent: indent) { json, index in
                json.text += ValueInk.dim.painted(Self.quoted(entries[index].key.keyText) + ":", json.style) + " "
                json.write(entries[index].value, indent: indent + 1)
            } more: {
                $0.text += Self.quoted("…") + ": " + Self.quoted($1)
            }
        }
    }

    private mutating func container(
        _ open: String, _ close: String, _ shown: Int, of count: Int, indent: Int,
        write: (inout ValueJSON, Int) -> Void, more: (inout ValueJSON, String) -> Void
    ) {
        guard shown > 0 || count > 0 else {
            text += open + close
            return
        }
        let end = "\n" + String(repeating: "  ", count: indent)
        text += open
        for index in 0..<shown {
            text += (index == 0 ? "" : ",") + end + "  "
            write(&self, index)
        }
        if count > shown {
            text += (shown == 0 ? "" : ",") + end + "  "
            more(&self, ValueWording.more(count - shown))
        }
        text += end + close
    }

    /// Whether a number as Lua writes it is one of JSON, too.
    private static func isNumber(_ text: String) -> Bool {
        switch try? JSONValue(parsing: text) {
        case .integer, .number: true
        default: false
        }
    }

    /// A JSON string in which nothing is harmful to a terminal.
    ///
    /// - Parameter missing: of how many bytes it is the beginning, if it is not the whole.
    private static func quoted(_ string: String, missing bytes: Int? = nil) -> String {
        var quoted = "\""
        var judge = ScalarJudge()
        for scalar in string.unicodeScalars {
            let verdict = judge.verdict(on: scalar)
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where verdict == .harmless: quoted.unicodeScalars.append(scalar)
            default:
                for unit in String(scalar).utf16 {
                    let code = String(unit, radix: 16)
                    quoted += "\\u" + String(repeating: "0", count: 4 - code.count) + code
                }
            }
        }
        if let bytes { quoted += "… (\(Wording.number(bytes)) bytes)" }
        return quoted + "\""
    }
}
