/// Reads one field of a cron expression.
struct CronFieldReader {
    let field: CronField
    /// The whole expression, for errors.
    let expression: String
    /// The field's text.
    let text: [Character]
    /// Where it begins in the expression, from 1 on.
    let column: Int

    private var position = 0
    /// Where the item that is being read begins and ends.
    private var item = 0..<0

    init(field: CronField, expression: String, text: [Character], column: Int) {
        self.field = field
        self.expression = expression
        self.text = text
        self.column = column
    }

    /// - Throws: ``ScheduleFault`` that points at the item at fault.
    mutating func read() throws(ScheduleFault) -> CronFieldValues {
        var values = CronFieldValues(startsWithStar: text.first == "*")
        while true {
            let end = text[position...].firstIndex(of: ",") ?? text.count
            item = position..<end
            guard !item.isEmpty else {
                throw fault("a value is missing beside the comma", "write values between commas, such as 1,15")
            }
            try readItem(into: &values)
            guard end < text.count else { return values }
            position = end + 1
        }
    }

    private mutating func readItem(into values: inout CronFieldValues) throws(ScheduleFault) {
        if field == .dayOfMonth, try readSpecialDay(into: &values) { return }
        if take("*") {
            values.numbers |= try bits(field.range, step: try step() ?? 1)
            return
        }
        let first = try value()
        if take("-") {
            var last = try value()
            // A week that is said to go on to Sunday ends with it.
            if field == .weekday, last.isName, last.number == 0, first.number > 0 { last.number = 7 }
            guard first.number <= last.number else { throw backwards(first.number, last.number) }
            values.numbers |= try bits(first.number...last.number, step: try step() ?? 1)
            return
        }
        if field == .weekday, try readSpecialWeekday(first.number % 7, into: &values) { return }
        if let step = try step() {
            values.numbers |= try bits(first.number...field.range.upperBound, step: step)
        } else {
            values.numbers |= try bits(first.number...first.number, step: 1)
        }
    }

    /// `L`, `L-n`, `LW` and `nW`.
    private mutating func readSpecialDay(into values: inout CronFieldValues) throws(ScheduleFault) -> Bool {
        let word = String(text[item]).uppercased()
        if word == "L" {
            values.beforeLast |= 1
        } else if word == "LW" || word == "WL" {
            values.lastWorkday = true
        } else if word.hasPrefix("L-") {
            guard let days = Self.number(word.dropFirst(2)), (1...30).contains(days) else {
                throw fault("L- counts back from the last day of the month", "write L-1 to L-30, or L")
            }
            values.beforeLast |= 1 << UInt32(days)
        } else if word.hasSuffix("W") {
            guard let day = Self.number(word.dropLast()), field.range.contains(day) else {
                throw fault(
                    "W means the working day, Monday to Friday, nearest to one day of the month",
                    "write 1W to 31W, or LW for the last of the month")
            }
            values.nearestWorkdays |= 1 << UInt32(day)
        } else {
            return false
        }
        position = item.upperBound
        return true
    }

    /// What may follow a weekday: `L` and `#n`.
    private mutating func readSpecialWeekday(
        _ weekday: Int, into values: inout CronFieldValues
    ) throws(ScheduleFault) -> Bool {
        let rest = String(text[position..<item.upperBound]).uppercased()
        if rest == "L" {
            values.lastWeekdays |= 1 << UInt8(weekday)
        } else if rest.hasPrefix("#") {
            guard let week = Self.number(rest.dropFirst()), (1...5).contains(week) else {
                throw fault("after # comes which one of the month is meant", "write #1 to #5, or L for the last")
            }
            values.nthWeekdays |= 1 << UInt64((week - 1) * 7 + weekday)
        } else {
            return false
        }
        position = item.upperBound
        return true
    }

    /// A number or a name.
    private mutating func value() throws(ScheduleFault) -> (number: Int, isName: Bool) {
        let start = position
        while position < item.upperBound, text[position].isASCIIDigit { position += 1 }
        if position > start {
            guard let number = Self.number(text[start..<position]), field.range.contains(number) else {
                throw fault(
                    "\(String(text[start..<position].prefix(20))) is out of range",
                    "the \(field.name) is \(field.values)")
            }
            return (number, false)
        }
        let word = String(text[start..<item.upperBound].prefix(3)).lowercased()
        if let index = field.names.firstIndex(of: word) {
            position += 3
            return (index + field.range.lowerBound, true)
        }
        throw strange()
    }

    /// `/n`, and the end of the item.
    private mutating func step() throws(ScheduleFault) -> Int? {
        var step: Int?
        if take("/") {
            let start = position
            while position < item.upperBound, text[position].isASCIIDigit { position += 1 }
            guard position > start else { throw fault("after / comes the step, a number", "write */5 or 10-20/5") }
            guard let number = Self.number(text[start..<position]), (1...field.count).contains(number) else {
                let isTime = field == .minute || field == .hour
                throw fault(
                    "the step \(String(text[start..<position].prefix(20))) is out of range",
                    "a step of the \(field.name) is 1 to \(field.count)"
                        + (isTime ? "; for other intervals write such as: every 90m" : ""))
            }
            step = number
        }
        guard position == item.upperBound else { throw strange() }
        return step
    }

    private func bits(_ range: ClosedRange<Int>, step: Int) throws(ScheduleFault) -> UInt64 {
        var bits: UInt64 = 0
        for number in stride(from: range.lowerBound, through: range.upperBound, by: step) {
            bits |= 1 << UInt64(field == .weekday ? number % 7 : number)
        }
        return bits
    }

    private mutating func take(_ character: Character) -> Bool {
        guard position < item.upperBound, text[position] == character else { return false }
        position += 1
        return true
    }

    private static func number(_ digits: some Collection<Character>) -> Int? {
        guard (1...4).contains(digits.count), digits.allSatisfy(\.isASCIIDigit) else { return nil }
        return Int(String(digits))
    }

    // MARK: Errors

    private func fault(_ problem: String, _ advice: String) -> ScheduleFault {
        let part = String(text[item])
        let column = column + item.lowerBound
        return ScheduleFault(
            "the cron expression \(ScheduleFault.quoted(expression)) cannot be read: field \(field.rawValue + 1), the "
                + "\(field.name), \(ScheduleFault.quoted(part)) at column \(column): \(problem); \(advice)",
            field: field.name, text: part, column: column)
    }

    /// `fri-mon`, which would be read differently by different readers.
    private func backwards(_ first: Int, _ last: Int) -> ScheduleFault {
        let least = field == .weekday ? 0 : field.range.lowerBound
        let greatest = field == .weekday ? 6 : field.range.upperBound
        func shown(_ from: Int, _ to: Int) -> String { from == to ? "\(from)" : "\(from)-\(to)" }
        let parts =
            first > greatest ? shown(least, last) : shown(first, greatest) + "," + shown(least, last)
        return fault("the range runs backwards", "write \(parts)")
    }

    /// Something that begins or goes on as no value does.
    private func strange() -> ScheduleFault {
        let part = String(text[item]).uppercased()
        if part == "?" { return fault("? is not supported", "write *") }
        if part.hasPrefix("*") { return fault("after * may come only a step", "write * or */5") }
        switch field {
        case .dayOfMonth where part.contains("W") || part.contains("L"):
            return fault(
                "L and W stand alone, not in a range",
                "write L for the last day, L-3, LW for the last working day, or 15W")
        case .weekday where part == "L":
            return fault("L needs a weekday before it", "write 5L or FRIL for the last Friday of the month")
        case .weekday where part.contains("W"):
            return fault("W is for the day of month", "write 1-5 for Monday to Friday")
        case .weekday where part.contains("#") || part.hasSuffix("L"):
            return fault("# and L need one weekday before them", "write MON#1 or FRIL; list several with commas")
        case .minute where Self.isOfDays(part), .hour where Self.isOfDays(part), .month where Self.isOfDays(part):
            return fault("L, W and # are for days", "the \(field.name) is \(field.values)")
        default: break
        }
        return fault(
            "that is no value of this field", "the \(field.name) is \(field.values); or *, or such as 1-5 or */2")
    }

    /// Whether it is what only the fields of days may have: `L`, `5W`, `1#2`.
    private static func isOfDays(_ part: String) -> Bool {
        part.contains("#")
            || part.contains { $0 == "L" || $0 == "W" }
                && part.allSatisfy { $0 == "L" || $0 == "W" || $0.isASCIIDigit }
    }
}
