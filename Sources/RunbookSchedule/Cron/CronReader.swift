/// Reads a cron expression: five fields, or a word that stands for five.
struct CronReader {
    /// What the words stand for.
    private static let macros = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
    ]
    /// Characters an expression may have; a minute field with all its numbers has 169.
    private static let greatestLength = 1_000

    private let expression: String
    private let parts: [(text: [Character], column: Int)]

    /// - Parameter expression: without blanks around it.
    init(_ expression: String) throws(ScheduleFault) {
        self.expression = expression
        guard expression.utf8.count <= Self.greatestLength else {
            throw ScheduleFault(
                "the cron expression \(ScheduleFault.quoted(expression)) cannot be read: it is longer than "
                    + "\(Self.greatestLength) characters; write ranges and steps instead of lists")
        }
        parts = Self.parts(of: expression)
    }

    private static func parts(of text: String) -> [(text: [Character], column: Int)] {
        var parts: [(text: [Character], column: Int)] = []
        var isOpen = false
        for (index, character) in text.enumerated() {
            if character.isWhitespace {
                isOpen = false
            } else if isOpen {
                parts[parts.count - 1].text.append(character)
            } else {
                parts.append(([character], index + 1))
                isOpen = true
            }
        }
        return parts
    }

    /// The five fields' values, in their order.
    func read() throws(ScheduleFault) -> [CronFieldValues] {
        if let first = parts.first, first.text.first == "@" { return try macro(String(first.text).lowercased()) }
        guard parts.count == CronField.allCases.count else { throw wrongCount() }
        var values: [CronFieldValues] = []
        for field in CronField.allCases {
            let part = parts[field.rawValue]
            var reader = CronFieldReader(
                field: field, expression: expression, text: part.text, column: part.column)
            values.append(try reader.read())
        }
        return values
    }

    private func macro(_ word: String) throws(ScheduleFault) -> [CronFieldValues] {
        if let fields = Self.macros[word], parts.count == 1 { return try CronReader(fields).read() }
        let advice =
            switch word {
            case "@reboot":
                "a schedule has planned times, and a start of the machine is none; let the service manager start what "
                    + "is to run then"
            case "@every": "write it without the @, such as: every 15m"
            case _ where Self.macros[word] != nil: "\(word) stands alone; leave out what follows it"
            default: "write one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually, or five fields"
            }
        throw ScheduleFault("\(start): \(ScheduleFault.quoted(word)): \(advice)", text: word, column: 1)
    }

    private var start: String { "the cron expression \(ScheduleFault.quoted(expression)) cannot be read" }

    private func wrongCount() -> ScheduleFault {
        let fields = "minute, hour, day of month, month and day of week"
        guard parts.count > CronField.allCases.count else {
            let found =
                switch parts.count {
                case 0: "it is empty"
                case 1: "it has one field only"
                default: "it has \(parts.count) fields only"
                }
            return ScheduleFault("\(start): \(found); write the five fields \(fields), such as 30 2 * * 1-5")
        }
        let extra = parts[CronField.allCases.count]
        let text = String(extra.text)
        return ScheduleFault(
            "\(start): it has \(parts.count) fields, and \(ScheduleFault.quoted(text)) at column \(extra.column) is one "
                + "too many; neither seconds nor years are supported: write the five fields \(fields) only",
            text: text, column: extra.column)
    }

    /// The fault of an expression no day of the calendar matches.
    func impossible() -> ScheduleFault {
        let day = parts[CronField.dayOfMonth.rawValue]
        let (days, months, weekdays) = (
            String(day.text), String(parts[CronField.month.rawValue].text),
            String(parts[CronField.weekday.rawValue].text)
        )
        let alone = try? CronReader("0 0 \(days) \(months) *").read()
        let isTheDay =
            alone.map {
                !DayRule(days: $0[CronField.dayOfMonth.rawValue], weekdays: $0[CronField.weekday.rawValue])
                    .canMatch(months: $0[CronField.month.rawValue].numbers)
            } ?? false
        let isTheWeek = !isTheDay && days == "*"
        let field = isTheWeek ? CronField.weekday : .dayOfMonth
        let part = parts[field.rawValue]
        let text = String(part.text)
        let month = "month \(ScheduleFault.quoted(months)) (column \(parts[CronField.month.rawValue].column))"
        let problem =
            isTheDay || isTheWeek
            ? "no such day ever comes in \(month)"
            : "no such day is ever one of day of week \(ScheduleFault.quoted(weekdays)) (column "
                + "\(parts[CronField.weekday.rawValue].column)) in \(month), and because one of the two fields begins with "
                + "* both must match"
        return ScheduleFault(
            "the cron expression \(ScheduleFault.quoted(expression)) would never fire: field "
                + "\(field.rawValue + 1), the \(field.name), \(ScheduleFault.quoted(text)) at column \(part.column): "
                + "\(problem); change one of these fields",
            field: field.name, text: text, column: part.column)
    }
}
