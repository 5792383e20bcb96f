import Operations
import RunbookHost

/// A value as a table that spreadsheets read (RFC 4180): a line for each element of a list, a column for each field.
///
/// What a spreadsheet would take for a formula gets an apostrophe in front. Numbers do not: they are none.
struct CSVTable {
    /// The column of elements that have no fields.
    private static let plain = "value"

    private var columns: [String] = []
    private var places: [String: Int] = [:]
    private var rows: [[Int: String]] = []

    /// A list by its elements; any other value is the only one.
    init(_ value: ShownValue) {
        if case .list(let elements, _) = value {
            for element in elements { add(element) }
        } else {
            add(value)
        }
    }

    /// The lines, the names of the columns first; empty if there is no column.
    var text: String {
        guard !columns.isEmpty else { return "" }
        let lines = [columns.map(Self.harmless)] + rows.map { row in columns.indices.map { row[$0] ?? "" } }
        return lines.map(Self.line).joined()
    }

    private mutating func add(_ element: ShownValue) {
        var row: [Int: String] = [:]
        if case .table(let entries, _) = element {
            for entry in entries { row[place(of: entry.key.keyText)] = Self.cell(entry.value) }
        } else {
            row[place(of: Self.plain)] = Self.cell(element)
        }
        rows.append(row)
    }

    private mutating func place(of column: String) -> Int {
        if let place = places[column] { return place }
        places[column] = columns.count
        columns.append(column)
        return columns.count - 1
    }

    private static func cell(_ value: ShownValue) -> String {
        switch value {
        case .nothing, .null: ""
        case .bool(let value): String(value)
        case .integer(let number): String(number)
        case .float(let text): Double(text)?.isFinite == true ? text : harmless(text)
        case .list, .table: harmless(value.json.text)
        default: harmless(value.keyText)
        }
    }

    /// A text that no spreadsheet runs.
    private static func harmless(_ text: String) -> String {
        switch text.utf8.first {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: "\t"),
            UInt8(ascii: "\r"):
            "'" + text
        default: text
        }
    }

    private static func line(_ cells: [String]) -> String {
        // A line with nothing in it would be none.
        if cells == [""] { return "\"\"\r\n" }
        return cells.map(quoted).joined(separator: ",") + "\r\n"
    }

    private static func quoted(_ cell: String) -> String {
        let special: [UInt8] = [UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\r"), UInt8(ascii: "\n")]
        guard cell.utf8.contains(where: special.contains) else { return cell }
        var quoted = "\""
        for scalar in cell.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
