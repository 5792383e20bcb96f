import Glibc

/// What the C library's own reader says of a time zone, by its program zdump.
struct ZoneDump {
    struct Change {
        /// The first second of the new time, since 1970.
        let at: Int64
        let before: Int64
        let after: Int64
        let abbreviationBefore: String
        let abbreviationAfter: String
    }

    let changes: [Change]

    /// The changes of zones in the years from one to before another.
    static func read(_ zones: [String], from: Int, to: Int) throws -> [String: ZoneDump] {
        var lists: [String: [Change]] = [:]
        for zone in zones { lists[zone] = [] }
        guard let pipe = popen("zdump -v -c \(from),\(to) \(zones.joined(separator: " "))", "r") else {
            throw Failure(text: "zdump could not be started")
        }
        var last: (zone: Substring.UTF8View, instant: Int64, offset: Int64, abbreviation: String)?
        var line = [CChar](repeating: 0, count: 1_024)
        while fgets(&line, 1_024, pipe) != nil {
            let text = String(
                decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            // Zone, then "Sun Mar 29 00:59:59 2026 UT = Sun Mar 29 01:59:59 2026 CET isdst=0 gmtoff=3600".
            let words = text.utf8.split(separator: UInt8(ascii: " "))
            guard words.count == 16, let year = number(words[5]), let day = number(words[3]) else { continue }
            let clock = words[4].split(separator: UInt8(ascii: ":")).compactMap { number($0) }
            guard let month = months.firstIndex(of: String(words[2]) ?? ""), clock.count == 3,
                let offset = number(words[15].dropFirst(7)),
                let days = OracleCalendar.shared.number(year: year, month: month + 1, day: day)
            else { throw Failure(text: "zdump said: \(text)") }
            let instant = Int64(days) * 86_400 + Int64(clock[0] * 3_600 + clock[1] * 60 + clock[2])
            let abbreviation = String(words[13]) ?? ""
            if let last, last.instant == instant - 1, last.zone.elementsEqual(words[0]) {
                lists[String(words[0]) ?? ""]?.append(
                    Change(
                        at: instant, before: last.offset, after: Int64(offset), abbreviationBefore: last.abbreviation,
                        abbreviationAfter: abbreviation))
            }
            last = (words[0], instant, Int64(offset), abbreviation)
        }
        guard pclose(pipe) == 0 else { throw Failure(text: "zdump failed") }
        return lists.mapValues { ZoneDump(changes: $0) }
    }

    struct Failure: Error {
        let text: String
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func number(_ digits: Substring.UTF8View) -> Int? {
        Int(Substring(digits))
    }
}
