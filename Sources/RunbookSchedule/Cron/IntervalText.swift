/// Intervals as people write them: `15m`, `1h30m`, `2d`.
enum IntervalText {
    private static let units: [(letter: Character, seconds: Int64)] = [
        ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1),
    ]
    /// About ten years.
    private static let greatest: Int64 = 3_650 * 86_400

    /// The seconds of an interval.
    ///
    /// - Parameters:
    ///   - interval: such as `1h30m`; blanks between its parts do not matter.
    ///   - text: the whole it is in the end of, for errors.
    static func read(_ interval: String, of text: String) throws(ScheduleFault) -> Int64 {
        let characters = Array(interval.prefix(200))
        let shift = text.count - interval.count
        func fault(_ problem: String, _ start: Int, _ end: Int) -> ScheduleFault {
            let part = String(characters[start..<end])
            let place = part.isEmpty ? "" : " \(ScheduleFault.quoted(part)) at column \(shift + start + 1):"
            return ScheduleFault(
                "the interval \(ScheduleFault.quoted(text)) cannot be read:\(place) \(problem)",
                text: part, column: shift + start + 1)
        }
        let form = "write a number and one of s, m, h, d, w, such as: every 15m"
        var total: Int64 = 0
        var smallest = Int64.max
        var position = 0
        while true {
            while position < characters.count, characters[position].isWhitespace { position += 1 }
            guard position < characters.count else { break }
            let start = position
            while position < characters.count, characters[position].isASCIIDigit { position += 1 }
            let digits = String(characters[start..<position])
            while position < characters.count, characters[position].isLetter { position += 1 }
            let word = String(characters[(start + digits.count)..<position]).lowercased()
            guard !digits.isEmpty, let unit = units.first(where: { word == String($0.letter) }) else {
                throw fault("that is no interval; \(form)", start, max(position, min(start + 1, characters.count)))
            }
            guard unit.seconds < smallest else {
                throw fault(
                    "the units go from the greatest to the smallest, each once; write such as 1h30m", start, position)
            }
            smallest = unit.seconds
            guard digits.count <= 9, let number = Int64(digits) else {
                throw fault("it is longer than ten years; give a shorter one", start, position)
            }
            total += number * unit.seconds
        }
        guard !characters.isEmpty, smallest != .max else { throw fault("how long is missing; \(form)", 0, 0) }
        guard total > 0 else { throw fault("it is no time at all; give at least 1s", 0, characters.count) }
        guard total <= greatest else {
            throw fault("it is longer than ten years; give a shorter one", 0, characters.count)
        }
        return total
    }

    /// An interval as it can be read again.
    static func written(_ seconds: Int64) -> String {
        var rest = seconds
        var text = ""
        for unit in units where rest >= unit.seconds {
            text += "\(rest / unit.seconds)\(unit.letter)"
            rest %= unit.seconds
        }
        return text.isEmpty ? "0s" : text
    }
}
