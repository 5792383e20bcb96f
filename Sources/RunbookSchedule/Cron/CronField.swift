/// One of the five fields of a cron expression.
enum CronField: Int, CaseIterable {
    case minute, hour, dayOfMonth, month, weekday

    /// What people call it.
    var name: String {
        switch self {
        case .minute: "minute"
        case .hour: "hour"
        case .dayOfMonth: "day of month"
        case .month: "month"
        case .weekday: "day of week"
        }
    }

    /// The numbers it may have. Sunday is both 0 and 7.
    var range: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .dayOfMonth: 1...31
        case .month: 1...12
        case .weekday: 0...7
        }
    }

    /// How many values there are, which is also the longest step that makes sense.
    var count: Int { self == .weekday ? 7 : range.count }

    /// The names its numbers may be written with, in lower case, from the least number on.
    var names: [String] {
        switch self {
        case .month: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        case .weekday: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        default: []
        }
    }

    /// What may be written, for errors.
    var values: String {
        switch self {
        case .minute, .hour, .dayOfMonth: "\(range.lowerBound) to \(range.upperBound)"
        case .month: "1 to 12, or JAN to DEC"
        case .weekday: "0 (Sunday) to 6 (Saturday), 7 (Sunday), or SUN to SAT"
        }
    }
}
