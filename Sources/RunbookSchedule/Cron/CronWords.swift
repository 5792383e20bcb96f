/// Says a cron expression in plain words.
struct CronWords {
    private let minutes: [Int]
    private let hours: [Int]
    private let months: [Int]
    private let days: CronFieldValues
    private let weekdays: CronFieldValues

    /// - Parameter values: the five fields', in their order.
    init(_ values: [CronFieldValues]) {
        func members(_ field: CronField) -> [Int] {
            field.range.filter { values[field.rawValue].numbers & 1 << UInt64($0) != 0 }
        }
        minutes = members(.minute)
        hours = members(.hour)
        months = members(.month)
        days = values[CronField.dayOfMonth.rawValue]
        weekdays = values[CronField.weekday.rawValue]
    }

    /// Such as `at 02:30 on Monday to Friday`.
    var text: String {
        [time, day, months.count == 12 ? nil : "in " + Self.list(Self.runs(months).map(Self.named(Self.monthNames)))]
            .compactMap(\.self).joined(separator: " ")
    }

    private var time: String {
        if minutes.count * hours.count <= 6 {
            let times = hours.flatMap { hour in minutes.map { InstantText.time(Int64(hour * 3_600 + $0 * 60)) } }
            return "at " + Self.list(times)
        }
        let isEveryHour = hours.count == 24
        if isEveryHour, minutes == [0] { return "every hour" }
        let hourText = Self.list(Self.runs(hours).map { Self.numbers($0) })
        let ofHours = isEveryHour ? "every hour" : "the hour\(hours.count == 1 ? "" : "s") \(hourText)"
        // Evenly through the hour.
        if minutes.count > 1, minutes[0] == 0, 60 % minutes.count == 0,
            minutes == (0..<minutes.count).map({ $0 * 60 / minutes.count })
        {
            let often = minutes.count == 60 ? "every minute" : "every \(60 / minutes.count) minutes"
            return isEveryHour ? often : "\(often) of \(ofHours)"
        }
        let minuteText = Self.list(Self.runs(minutes).map { Self.numbers($0) })
        return "at minute\(minutes.count == 1 ? "" : "s") \(minuteText) of \(ofHours)"
    }

    private var day: String? {
        let monthly = monthDays
        let weekly = weekDays
        let needsBoth = days.startsWithStar || weekdays.startsWithStar
        switch (monthly, weekly) {
        case (nil, nil): return time.hasPrefix("at ") && hours.count < 24 ? "every day" : nil
        case (let monthly?, nil): return needsBoth ? "on \(monthly)" : "every day"
        case (nil, let weekly?): return needsBoth ? "on \(weekly)" : "every day"
        case (let monthly?, let weekly?):
            return needsBoth ? "on \(monthly) if that is \(weekly)" : "on \(monthly) or on \(weekly)"
        }
    }

    /// `nil` if it is every day.
    private var monthDays: String? {
        let numbers = CronField.dayOfMonth.range.filter { days.numbers & 1 << UInt64($0) != 0 }
        guard numbers.count < 31 else { return nil }
        var parts: [String] = []
        if !numbers.isEmpty {
            parts.append("day \(Self.list(Self.runs(numbers).map { Self.numbers($0) })) of the month")
        }
        for day in CronField.dayOfMonth.range where days.nearestWorkdays & 1 << UInt32(day) != 0 {
            parts.append("the working day nearest to day \(day) of the month")
        }
        for before in (0...30).reversed() where days.beforeLast & 1 << UInt32(before) != 0 {
            let start = before == 0 ? "the last day" : "\(before) day\(before == 1 ? "" : "s") before the last day"
            parts.append(start + " of the month")
        }
        if days.lastWorkday { parts.append("the last working day of the month") }
        return Self.list(parts)
    }

    /// `nil` if it is every day.
    private var weekDays: String? {
        // The week is said from Monday on.
        let order = [1, 2, 3, 4, 5, 6, 0]
        let places = order.indices.filter { weekdays.numbers & 1 << UInt64(order[$0]) != 0 }
        guard places.count < 7 else { return nil }
        var parts = Self.runs(places).map(Self.named(order.map { Self.weekdayNames[$0] }))
        for week in 0..<5 {
            for weekday in order where weekdays.nthWeekdays & 1 << UInt64(week * 7 + weekday) != 0 {
                let ordinal = ["first", "second", "third", "fourth", "fifth"][week]
                parts.append("the \(ordinal) \(Self.weekdayNames[weekday]) of the month")
            }
        }
        for weekday in order where weekdays.lastWeekdays & 1 << UInt8(weekday) != 0 {
            parts.append("the last \(Self.weekdayNames[weekday]) of the month")
        }
        return Self.list(parts)
    }

    private static let weekdayNames = [
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]
    private static let monthNames = [
        "", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November",
        "December",
    ]

    /// Numbers that follow each other, taken together if there are three or more.
    private static func runs(_ numbers: [Int]) -> [ClosedRange<Int>] {
        var runs: [ClosedRange<Int>] = []
        for number in numbers {
            if let last = runs.last, last.upperBound + 1 == number {
                runs[runs.count - 1] = last.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        return runs.flatMap { $0.count == 2 ? [$0.lowerBound...$0.lowerBound, $0.upperBound...$0.upperBound] : [$0] }
    }

    private static func numbers(_ run: ClosedRange<Int>) -> String {
        run.count == 1 ? "\(run.lowerBound)" : "\(run.lowerBound) to \(run.upperBound)"
    }

    private static func named(_ names: [String]) -> (ClosedRange<Int>) -> String {
        { run in names[run.lowerBound] + (run.count == 1 ? "" : " to \(names[run.upperBound])") }
    }

    /// `a, b and c`.
    private static func list(_ parts: [String]) -> String {
        guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
        return parts.dropLast().joined(separator: ", ") + " and " + last
    }
}
