/// The rules of cron once more, in a slow and plain way that shares nothing with the library: it tries.
struct OracleCron {
    private let minutes: [Bool]
    private let hours: [Bool]
    private let months: [Bool]
    private let monthDays: [(OracleCalendar.Day) -> Bool]
    private let weekDays: [(OracleCalendar.Day) -> Bool]
    private let needsBoth: Bool
    private let isWildcard: Bool
    private let calendar = OracleCalendar.shared

    /// - Parameter text: five fields that are right, macros and all that is wrong left out.
    init(_ text: String) {
        let fields = text.lowercased().split(separator: " ").map(String.init)
        minutes = Self.set(fields[0], 0, 59)
        hours = Self.set(fields[1], 0, 23)
        months = Self.set(fields[3], 1, 12)
        monthDays = fields[2].split(separator: ",").map { Self.monthDay(String($0)) }
        weekDays = fields[4].split(separator: ",").map { Self.weekDay(String($0)) }
        needsBoth = fields[2].hasPrefix("*") || fields[4].hasPrefix("*")
        isWildcard = fields[0].hasPrefix("*") || fields[1].hasPrefix("*")
    }

    private static func number(_ text: some StringProtocol) -> Int {
        let names = [
            "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10,
            "nov": 11, "dec": 12, "sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6,
        ]
        return names[String(text)] ?? Int(text) ?? -1
    }

    private static func numbers(_ item: String, _ least: Int, _ greatest: Int) -> [Int] {
        let parts = item.split(separator: "/")
        let step = parts.count > 1 ? number(parts[1]) : 1
        if parts[0] == "*" { return (least...greatest).filter { ($0 - least) % step == 0 } }
        let ends = parts[0].split(separator: "-").map { number($0) }
        let last = ends.count > 1 ? ends[1] : parts.count > 1 ? greatest : ends[0]
        return (least...greatest).filter { $0 >= ends[0] && $0 <= last && ($0 - ends[0]) % step == 0 }
    }

    private static func set(_ field: String, _ least: Int, _ greatest: Int) -> [Bool] {
        var set = [Bool](repeating: false, count: greatest + 1)
        for item in field.split(separator: ",") {
            for number in numbers(String(item), least, greatest) { set[number] = true }
        }
        return set
    }

    private static func isWorkday(_ weekday: Int) -> Bool { weekday != 0 && weekday != 6 }

    private static func monthDay(_ item: String) -> (OracleCalendar.Day) -> Bool {
        if item == "l" { return { $0.day == $0.length } }
        if item == "lw" {
            return { date in
                // A working day after which no other comes in this month.
                guard isWorkday(date.weekday) else { return false }
                var (day, weekday) = (date.day + 1, date.weekday + 1)
                while day <= date.length {
                    if isWorkday(weekday % 7) { return false }
                    (day, weekday) = (day + 1, weekday + 1)
                }
                return true
            }
        }
        if item.hasPrefix("l-") {
            let before = number(item.dropFirst(2))
            return { $0.day + before == $0.length }
        }
        if item.hasSuffix("w") {
            let wanted = number(item.dropLast())
            return { date in
                guard wanted <= date.length else { return false }
                // Of all working days of the month the one least far away.
                var nearest = 99
                for day in 1...date.length where isWorkday((date.weekday + day - date.day + 70) % 7) {
                    if abs(day - wanted) < abs(nearest - wanted) { nearest = day }
                }
                return date.day == nearest
            }
        }
        let set = set(item, 1, 31)
        return { set[$0.day] }
    }

    private static func weekDay(_ item: String) -> (OracleCalendar.Day) -> Bool {
        if item.hasSuffix("l") {
            let wanted = number(item.dropLast()) % 7
            return { $0.weekday == wanted && $0.day + 7 > $0.length }
        }
        if let hash = item.firstIndex(of: "#") {
            let wanted = number(item[..<hash]) % 7
            let count = number(item[item.index(after: hash)...])
            return { date in
                // That weekday, and so many of it from the first of the month on.
                date.weekday == wanted && stride(from: date.day, to: 0, by: -7).reduce(0) { sum, _ in sum + 1 } == count
            }
        }
        let set = set(item, 0, 7)
        return { set[$0.weekday] || $0.weekday == 0 && set[7] }
    }

    func matches(_ date: OracleCalendar.Day) -> Bool {
        guard months[date.month] else { return false }
        let left = monthDays.contains { $0(date) }
        let right = weekDays.contains { $0(date) }
        return needsBoth ? left && right : left || right
    }

    /// The first firing after a time, by trying them in turn; `nil` if the calendar ends before.
    func next(after: Int64, _ zone: ZoneDump) -> Int64? {
        isWildcard ? nextMatch(after, zone) : nextFixed(after, zone)
    }

    /// Walks through real time, minute by minute in hours that match.
    private func nextMatch(_ after: Int64, _ zone: ZoneDump) -> Int64? {
        var now = after + 1
        var place = zone.changes.firstIndex { $0.at > now } ?? zone.changes.count
        while true {
            while place < zone.changes.count, zone.changes[place].at <= now { place += 1 }
            let stop = place < zone.changes.count ? zone.changes[place].at : .max
            let local = now + Self.offset(zone, place)
            let dayStart = local >= 0 ? local / 86_400 * 86_400 : (local - 86_399) / 86_400 * 86_400
            guard let day = calendar.day(Int(dayStart / 86_400)) else { return nil }
            let second = Int(local - dayStart)
            if !matches(day) {
                now = min(stop, now + 86_400 - Int64(second))
            } else if !hours[second / 3_600] {
                now = min(stop, now + 3_600 - Int64(second % 3_600))
            } else if second % 60 != 0 || !minutes[second / 60 % 60] {
                now = min(stop, now + 60 - Int64(second % 60))
            } else {
                return now
            }
        }
    }

    /// What holds before a change.
    private static func offset(_ zone: ZoneDump, _ place: Int) -> Int64 {
        if place > 0 { return zone.changes[place - 1].after }
        return zone.changes.first?.before ?? 0
    }

    /// Writes down all planned local times from two days before on, finds when each of them is, and takes the first that
    /// is later. It looks two days further than the first it finds.
    private func nextFixed(_ after: Int64, _ zone: ZoneDump) -> Int64? {
        var number = Int((after / 86_400)) - 3
        var last: Int?
        var found: Int64?
        var place = zone.changes.firstIndex { $0.at > after - 6 * 86_400 } ?? zone.changes.count
        while last.map({ number <= $0 }) ?? true {
            guard let day = calendar.day(number) else { return found }
            if matches(day) {
                // The changes of which one may matter to this day.
                let start = Int64(number) * 86_400
                while place < zone.changes.count, zone.changes[place].at < start - 2 * 86_400 { place += 1 }
                let near = zone.changes[place...].prefix { $0.at < start + 3 * 86_400 }
                let offset = Self.offset(zone, place)
                for hour in 0...23 where hours[hour] {
                    for minute in 0...59 where minutes[minute] {
                        let instant = Self.instant(start + Int64(hour * 3_600 + minute * 60), offset, near)
                        if instant > after, instant < found ?? .max { found = instant }
                    }
                }
                if found != nil, last == nil { last = number + 2 }
            }
            number += 1
        }
        return found
    }

    /// When a local time is: tries all offsets of these days. If none of them fits, it is in a gap.
    private static func instant(_ local: Int64, _ offset: Int64, _ near: ArraySlice<ZoneDump.Change>) -> Int64 {
        if near.isEmpty { return local - offset }
        var first: Int64?
        for candidate in [offset] + near.map(\.after) {
            let instant = local - candidate
            var holds = offset
            for change in near where change.at <= instant { holds = change.after }
            if holds == candidate, instant < first ?? .max { first = instant }
        }
        if let first { return first }
        return near.first { $0.at + $0.before <= local && local < $0.at + $0.after }?.at ?? .min
    }
}
