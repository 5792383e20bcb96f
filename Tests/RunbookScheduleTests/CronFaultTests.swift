import Testing

@testable import RunbookSchedule

/// What is said of a cron expression that is wrong: which field, where, why, and what to do.
@Suite struct CronFaultTests {
    private struct Row {
        let expression: String
        let field: String?
        let text: String?
        let column: Int?
        /// Parts of the message.
        let says: [String]

        init(_ expression: String, _ field: String?, _ text: String?, _ column: Int?, _ says: String...) {
            (self.expression, self.field, self.text, self.column, self.says) = (expression, field, text, column, says)
        }
    }

    private static let rows = [
        Row("60 * * * *", "minute", "60", 1, "60 is out of range", "0 to 59", "field 1"),
        Row("0  24 * * *", "hour", "24", 4, "24 is out of range", "0 to 23", "field 2"),
        Row("0 0 0 * *", "day of month", "0", 5, "0 is out of range", "1 to 31", "field 3"),
        Row("0 0 32 * *", "day of month", "32", 5, "32 is out of range"),
        Row("0 0 1 13 *", "month", "13", 7, "13 is out of range", "JAN to DEC", "field 4"),
        Row("0 0 * * 8", "day of week", "8", 9, "8 is out of range", "SUN to SAT", "field 5"),
        Row("1,2,77 * * * *", "minute", "77", 5, "77 is out of range"),
        Row("0 1-30 * * *", "hour", "1-30", 3, "30 is out of range"),
        Row("99999999999999999999999 * * * *", "minute", "99999999999999999999999", 1, "out of range"),
        Row("x * * * *", "minute", "x", 1, "no value of this field", "0 to 59"),
        Row("-5 * * * *", "minute", "-5", 1, "no value of this field"),
        Row("5- * * * *", "minute", "5-", 1, "no value of this field"),
        Row("1--5 * * * *", "minute", "1--5", 1, "no value of this field"),
        Row("5x * * * *", "minute", "5x", 1, "no value of this field"),
        Row("\u{661} * * * *", "minute", "\u{661}", 1, "no value of this field"),
        Row("*5 * * * *", "minute", "*5", 1, "after *"),
        Row("*-5 * * * *", "minute", "*-5", 1, "after *"),
        Row("? * * * *", "minute", "?", 1, "? is not supported", "write *"),
        Row("0 0 ? * 1", "day of month", "?", 5, "write *"),
        Row(",5 * * * *", "minute", "", 1, "missing beside the comma"),
        Row("5,,6 * * * *", "minute", "", 3, "missing beside the comma"),
        Row("5, * * * *", "minute", "", 3, "missing beside the comma"),
        Row("*/0 * * * *", "minute", "*/0", 1, "the step 0 is out of range"),
        Row("*/90 * * * *", "minute", "*/90", 1, "the step 90 is out of range", "every 90m"),
        Row("0 */25 * * *", "hour", "*/25", 3, "the step 25", "1 to 24"),
        Row("0 0 */32 * *", "day of month", "*/32", 5, "1 to 31"),
        Row("0 0 * * */8", "day of week", "*/8", 9, "1 to 7"),
        Row("*/ * * * *", "minute", "*/", 1, "after / comes the step"),
        Row("*/x * * * *", "minute", "*/x", 1, "after / comes the step"),
        Row("*/5/5 * * * *", "minute", "*/5/5", 1, "after * may come only a step"),
        Row("0 17-9 * * *", "hour", "17-9", 3, "runs backwards", "write 17-23,0-9"),
        Row("0 0 * * fri-mon", "day of week", "fri-mon", 9, "runs backwards", "write 5-6,0-1"),
        Row("0 0 * * 7-2", "day of week", "7-2", 9, "runs backwards", "write 0-2"),
        Row("0 0 1 dec-jan *", "month", "dec-jan", 7, "runs backwards", "write 12,1"),
        Row("0 0 1 foo *", "month", "foo", 7, "no value of this field"),
        Row("0 0 1 january *", "month", "january", 7, "no value of this field"),
        Row("0 0 1 mon *", "month", "mon", 7, "no value of this field"),
        Row("0 0 * * monday", "day of week", "monday", 9, "no value of this field"),
        Row("0 L * * *", "hour", "L", 3, "L, W and # are for days"),
        Row("0 0 * L *", "month", "L", 7, "L, W and # are for days"),
        Row("0 0 * * L", "day of week", "L", 9, "L needs a weekday before it", "FRIL"),
        Row("0 0 * * 5W", "day of week", "5W", 9, "W is for the day of month"),
        Row("0 0 * * 1-5L", "day of week", "1-5L", 9, "need one weekday"),
        Row("0 0 * * mon#6", "day of week", "mon#6", 9, "#1 to #5"),
        Row("0 0 * * mon#0", "day of week", "mon#0", 9, "#1 to #5"),
        Row("0 0 * * #2", "day of week", "#2", 9, "need one weekday"),
        Row("0 0 1-5W * *", "day of month", "1-5W", 5, "nearest to one day"),
        Row("0 0 W * *", "day of month", "W", 5, "1W to 31W"),
        Row("0 0 32W * *", "day of month", "32W", 5, "1W to 31W"),
        Row("0 0 L-31 * *", "day of month", "L-31", 5, "L-1 to L-30"),
        Row("0 0 L-0 * *", "day of month", "L-0", 5, "L-1 to L-30"),
        Row("0 0 5L * *", "day of month", "5L", 5, "stand alone"),
        Row("0 0 5#2 * *", "day of month", "5#2", 5, "no value of this field"),
        Row("", nil, nil, nil, "it is empty", "five fields"),
        Row("   ", nil, nil, nil, "it is empty"),
        Row("0", nil, nil, nil, "one field only"),
        Row("0 0 * *", nil, nil, nil, "4 fields only", "30 2 * * 1-5"),
        Row("0 0 12 * * *", nil, "*", 12, "6 fields", "one too many", "seconds"),
        Row("0 0 12 * * 1 2026", nil, "1", 12, "7 fields", "years"),
        Row("@reboot", nil, "@reboot", 1, "the service manager"),
        Row("@every 5m", nil, "@every", 1, "every 15m"),
        Row("@fortnightly", nil, "@fortnightly", 1, "@monthly"),
        Row("@daily 5", nil, "@daily", 1, "stands alone"),
        Row("0 0 30 2 *", "day of month", "30", 5, "would never fire", "month '2' (column 8)"),
        Row("0 0 31 4,6 *", "day of month", "31", 5, "would never fire", "month '4,6' (column 8)"),
        Row("0 0 30,31 feb *", "day of month", "30,31", 5, "would never fire"),
        Row("0 0 30W 2 *", "day of month", "30W", 5, "would never fire"),
        Row("0 0 L-29 2 *", "day of month", "L-29", 5, "would never fire"),
        Row("0 0 31 2 */2", "day of month", "31", 5, "would never fire"),
        Row("0 0 1 * */5#1", "day of week", "*/5#1", 9, "after * may come only a step"),
        Row("0 0 */31 2 1L", "day of month", "*/31", 5, "both must match", "day of week '1L' (column 12)"),
        Row("0 0 */7 * mon#5,\u{1B}[31m", "day of week", "\u{1B}[31m", 17, "'\u{FFFD}[31m'"),
    ]

    @Test(arguments: rows.indices)
    func theFaultPointsAtTheField(_ index: Int) {
        let row = Self.rows[index]
        let fault = #expect(throws: ScheduleFault.self) { try CronExpression(row.expression) }
        guard let fault else { return }
        #expect(fault.field == row.field, "\(fault)")
        #expect(fault.text == row.text, "\(fault)")
        #expect(fault.column == row.column, "\(fault)")
        for part in row.says { #expect(fault.message.contains(part), "\(fault) lacks \(part)") }
        #expect(!fault.message.contains { $0.isNewline || $0 == "\u{1B}" })
        if let text = fault.text, let column = fault.column, !text.isEmpty {
            #expect(row.expression.dropFirst(column - 1).hasPrefix(text))
        }
    }

    @Test func anExpressionWithoutEndIsRefusedAndNotRepeated() {
        let text = String(repeating: "1,", count: 100_000) + "1 * * * *"
        let fault = #expect(throws: ScheduleFault.self) { try CronExpression(text) }
        #expect(fault?.message.contains("longer than 1000 characters") == true)
        #expect((fault?.message.count ?? 0) < 400)
    }

    /// What can be must be taken.
    @Test(arguments: [
        "0 0 29 2 *", "0 0 L 2 *", "0 0 30 2 1", "0 0 L-28 2 *", "0 0 29W 2 *", "0 0 31 1-12 *", "0 0 */31 1,2 1",
        "0 0 29 2 */7", "0 0 */2 2 mon#5", "0 0 31W * *",
    ])
    func whatIsSeldomIsTaken(_ text: String) throws {
        #expect(try CronExpression(text).next(after: 1_790_000_000, in: .utc) != nil)
    }
}
