/// Reads a time in ISO 8601.
struct InstantReader {
    private let text: String
    private let characters: [Character]
    private var position = 0

    init(_ text: String) {
        self.text = text
        characters = Array(text.prefix(200))
    }

    /// - Returns: seconds since 1970-01-01 00:00 on the clock that is meant, and how far that is from UTC if it is said.
    mutating func read() throws(ScheduleFault) -> (local: Int64, offset: Int64?) {
        skipBlanks()
        let year = try number("year", digits: 4, 1...9_999)
        try expect("-", "between year and month")
        let month = try number("month", digits: 2, 1...12)
        try expect("-", "between month and day")
        let start = position
        let day = try number("day", digits: 2, 1...31)
        let length = CivilDate.length(month: month, year: year)
        guard day <= length else {
            throw fault("that month has \(length) days; give one of them", from: start, to: position)
        }
        var local = CivilDate(year: year, month: month, day: day).days * 86_400
        let dateEnd = position
        skipBlanks()
        guard position < characters.count else { return (local, nil) }
        if position == dateEnd {
            guard take("T") || take("t") else {
                throw fault("after the date comes T or a blank and the time; write 08:00", from: position)
            }
        }
        local += Int64(try number("hour", digits: 2, 0...23)) * 3_600
        try expect(":", "between hour and minute")
        local += Int64(try number("minute", digits: 2, 0...59)) * 60
        if take(":") {
            local += Int64(try number("second", digits: 2, 0...59))
            if position < characters.count, characters[position] == "." || characters[position] == "," {
                throw fault("fractions of a second are not supported; leave them out", from: position)
            }
        }
        skipBlanks()
        guard position < characters.count else { return (local, nil) }
        let offset = try offset()
        skipBlanks()
        guard position == characters.count else {
            throw fault("nothing may come after the offset; leave it out", from: position)
        }
        return (local, offset)
    }

    /// `Z`, `+01:00`, `+0100`, `+01`, `+00:53:28`.
    private mutating func offset() throws(ScheduleFault) -> Int64 {
        if take("Z") || take("z") { return 0 }
        let start = position
        let isNegative = take("-") || take("\u{2212}")
        guard isNegative || take("+") else {
            throw fault("after the time may come only Z or an offset such as +01:00; leave it out", from: start)
        }
        var seconds = Int64(try number("offset's hour", digits: 2, 0...23)) * 3_600
        let hasColon = take(":")
        if hasColon || position < characters.count && characters[position].isASCIIDigit {
            seconds += Int64(try number("offset's minute", digits: 2, 0...59)) * 60
            if hasColon, take(":") { seconds += Int64(try number("offset's second", digits: 2, 0...59)) }
        }
        return isNegative ? -seconds : seconds
    }

    private mutating func skipBlanks() {
        while position < characters.count, characters[position] == " " || characters[position] == "\t" { position += 1 }
    }

    private mutating func take(_ character: Character) -> Bool {
        guard position < characters.count, characters[position] == character else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Character, _ place: String) throws(ScheduleFault) {
        guard take(character) else {
            throw fault(
                "\(place) comes '\(character)'; write it as 2026-12-01T08:00 or 2026-12-01T08:00+01:00",
                from: position)
        }
    }

    private mutating func number(
        _ name: String, digits: Int, _ range: ClosedRange<Int>
    ) throws(ScheduleFault) -> Int {
        let start = position
        var value = 0
        while position < characters.count, position - start < digits, characters[position].isASCIIDigit {
            value = value * 10 + (characters[position].wholeNumberValue ?? 0)
            position += 1
        }
        guard position - start == digits else {
            throw fault(
                "the \(name) is a number of \(digits) digits; write the time as 2026-12-01T08:00 or "
                    + "2026-12-01T08:00+01:00", from: start)
        }
        guard range.contains(value) else {
            throw fault(
                "the \(name) is \(range.lowerBound) to \(range.upperBound); give one of these", from: start,
                to: position)
        }
        return value
    }

    private func fault(_ problem: String, from start: Int, to end: Int? = nil) -> ScheduleFault {
        let part = String(characters[start..<(end ?? characters.count)])
        let place = part.isEmpty ? "at its end" : "at column \(start + 1), \(ScheduleFault.quoted(part))"
        return ScheduleFault(
            "the time \(ScheduleFault.quoted(text)) cannot be read: \(place): \(problem)",
            text: part, column: start + 1)
    }
}

extension Character {
    /// Whether it is one of the digits 0 to 9, and of no other script.
    var isASCIIDigit: Bool { isASCII && isNumber }
}
