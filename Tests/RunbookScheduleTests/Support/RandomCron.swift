/// Cron expressions of all kinds, at random.
struct RandomCron {
    private var random: SeededRandom

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    mutating func expression() -> String {
        let minute = field(0, 59, numbers: [0, 30, 15, 45], plain: 50, star: 8)
        // Clocks are changed at night.
        let hour = field(0, 23, numbers: [0, 1, 2, 3, 23], plain: 50, star: 18)
        let isOfWeek = chance(45)
        let monthDay =
            isOfWeek && !chance(30)
            ? "*" : special(20) ? monthDay() : field(1, 31, numbers: [1, 15, 31], plain: 55, star: 20)
        let weekDay = !isOfWeek && !chance(30) ? "*" : special(25) ? weekDay() : weekdayField()
        let month = chance(75) ? "*" : monthField()
        return [minute, hour, monthDay, month, weekDay].joined(separator: " ")
    }

    mutating func number(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    private mutating func special(_ percent: Int) -> Bool { chance(percent) }

    private mutating func int(_ least: Int, _ greatest: Int) -> Int { Int.random(in: least...greatest, using: &random) }

    private mutating func field(_ least: Int, _ greatest: Int, numbers: [Int], plain: Int, star: Int) -> String {
        if chance(star) { return chance(50) ? "*" : "*/\(int(1, max(2, (greatest - least) / 2)))" }
        if chance(plain) {
            return chance(60) ? "\(numbers[int(0, numbers.count - 1)])" : "\(int(least, greatest))"
        }
        var items: [String] = []
        for _ in 0...int(0, 2) {
            let first = int(least, greatest)
            switch int(0, 5) {
            case 0: items.append("\(first)-\(min(greatest, first + int(0, 4)))")
            case 1: items.append("\(first)-\(int(first, greatest))/\(int(1, 10).clamped(greatest))")
            case 2: items.append("\(first)/\(int(1, 20).clamped(greatest))")
            default: items.append("\(first)")
            }
        }
        if items.count > 1, chance(5) { items[0] = "*/\(int(2, 7))" }
        return items.joined(separator: ",")
    }

    private mutating func monthField() -> String {
        let names = ["JAN", "feb", "Mar", "apr", "MAY", "jun", "jul", "Aug", "sep", "oct", "nov", "Dec"]
        switch int(0, 4) {
        case 0: return names[int(0, 11)]
        case 1: return "\(names[int(0, 5)])-\(names[int(6, 11)])"
        case 2: return "\(names[int(0, 11)]),\(int(1, 12))"
        case 3: return "*/\(int(1, 6))"
        default: return field(1, 12, numbers: [2, 3, 10, 11], plain: 60, star: 5)
        }
    }

    private mutating func weekdayField() -> String {
        let names = ["sun", "Mon", "TUE", "wed", "thu", "FRI", "sat"]
        switch int(0, 6) {
        case 0: return names[int(0, 6)]
        case 1: return "\(names[int(0, 3)])-\(names[int(4, 6)])"
        case 2: return "\(names[int(0, 6)]),\(int(0, 7))"
        case 3: return "*/\(int(1, 7))"
        case 4: return "\(int(0, 4))-\(int(5, 7))"
        case 5: return "\(int(0, 7))/\(int(1, 4))"
        default: return "\(int(0, 7))"
        }
    }

    private mutating func monthDay() -> String {
        switch int(0, 5) {
        case 0: "L"
        case 1: "LW"
        case 2: "\(int(1, 31))W"
        case 3: "L-\(int(1, 30))"
        case 4: "\(int(1, 31)),l,\(int(1, 31))w"
        default: "1w,15"
        }
    }

    private mutating func weekDay() -> String {
        switch int(0, 3) {
        case 0: "\(int(0, 7))L"
        case 1: "fri#\(int(1, 5))"
        case 2: "\(int(0, 7))#\(int(1, 5)),\(int(0, 6))l"
        default: "\(int(0, 7))#\(int(1, 5))"
        }
    }
}

extension Int {
    /// At most another.
    fileprivate func clamped(_ greatest: Int) -> Int { Swift.min(self, greatest) }
}
