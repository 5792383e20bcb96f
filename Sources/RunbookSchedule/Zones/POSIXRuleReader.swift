/// Reads `TZ` strings.
struct POSIXRuleReader {
    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// - Throws: ``TZifFault`` for what is no such string, or one without the dates its saving needs.
    static func read(_ bytes: [UInt8]) throws(TZifFault) -> POSIXRule {
        var reader = POSIXRuleReader(bytes)
        let rule = try reader.rule()
        guard reader.position == bytes.count else { throw reader.fault("has something after its end") }
        return rule
    }

    private mutating func rule() throws(TZifFault) -> POSIXRule {
        let standardName = try name()
        // Written west of UTC.
        let standard = ZoneKind(offset: -(try time(hours: 24)), abbreviation: standardName)
        guard peek != nil else { return POSIXRule(standard: standard, saving: nil) }
        let savingName = try name()
        var savingOffset = standard.offset + 3_600
        if let next = peek, next != UInt8(ascii: ",") { savingOffset = -(try time(hours: 24)) }
        let start = try date()
        let end = try date()
        return POSIXRule(
            standard: standard,
            saving: .init(kind: ZoneKind(offset: savingOffset, abbreviation: savingName), start: start, end: end))
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func fault(_ problem: String) -> TZifFault {
        TZifFault("its rule for the years to come \(problem) (after \(position) of \(bytes.count) characters)")
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// `CET`, or `<+0330>`.
    private mutating func name() throws(TZifFault) -> String {
        let isQuoted = take("<")
        let start = position
        while let byte = peek, byte.isLetter || isQuoted && (byte.isDigit || byte == 0x2B || byte == 0x2D) {
            position += 1
        }
        let name = bytes[start..<position]
        guard (3...31).contains(name.count), !isQuoted || take(">") else { throw fault("has a name it may not have") }
        return String(decoding: name, as: UTF8.self)
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    private mutating func time(hours limit: Int) throws(TZifFault) -> Int64 {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        var seconds = try number(0...limit) * 3_600
        if take(":") {
            seconds += try number(0...59) * 60
            if take(":") { seconds += try number(0...59) }
        }
        return Int64(isNegative ? -seconds : seconds)
    }

    private mutating func number(_ range: ClosedRange<Int>) throws(TZifFault) -> Int {
        let start = position
        var value = 0
        while let byte = peek, byte.isDigit, position - start < 3 {
            value = value * 10 + Int(byte - 0x30)
            position += 1
        }
        guard position > start, range.contains(value) else { throw fault("has no number where one must be") }
        return value
    }

    /// `,M3.5.0/3`, `,J60`, `,59/-1`.
    private mutating func date() throws(TZifFault) -> POSIXRuleDate {
        guard take(",") else { throw fault("lacks a date") }
        let day: POSIXRuleDate.Day
        if take("M") {
            let month = try number(1...12)
            guard take(".") else { throw fault("lacks a week") }
            let week = try number(1...5)
            guard take(".") else { throw fault("lacks a weekday") }
            day = .weekday(month: month, week: week, weekday: try number(0...6))
        } else if take("J") {
            day = .ofCommonYear(try number(1...365))
        } else {
            day = .ofYear(try number(0...365))
        }
        return POSIXRuleDate(day: day, seconds: take("/") ? try time(hours: 167) : 7_200)
    }
}

extension UInt8 {
    /// Whether it is one of ASCII's digits.
    var isDigit: Bool { (0x30...0x39).contains(self) }
    /// Whether it is one of ASCII's letters.
    var isLetter: Bool { (0x41...0x5A).contains(self & 0xDF) }
}
