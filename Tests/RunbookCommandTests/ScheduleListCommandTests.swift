import FoundationEssentials
import Operations
import RunbookSchedule
import Testing

@testable import runbook

/// `runbook schedule list`.
@Suite("The command: schedule list")
struct ScheduleListCommandTests {
    @Test("a schedule a line, with what comes next and how it went last")
    func table() throws {
        let table = ScheduleTable(rows: SampleSchedules.rows, now: SampleSchedules.now)
        try Golden.check(table.text(ScreenStyle()), "schedule-list.txt")
        var style = ScreenStyle()
        for width in [90, 110, 130] {
            style.width = width
            for line in table.text(style).split(separator: "\n") { #expect(String(line).columns <= width) }
        }
    }

    @Test("colours say what needs a look")
    func colors() {
        var style = ScreenStyle()
        style.hasColor = true
        let text = ScheduleTable(rows: SampleSchedules.rows, now: SampleSchedules.now).text(style)
        #expect(text.contains("\u{1b}[33mpaused: migration until Friday\u{1b}[0m"))
        #expect(text.contains("\u{1b}[31mfailing\u{1b}[0m") && text.contains("2 h overdue)\u{1b}[0m"))
    }

    @Test("is empty, and makes no database, where nobody has added anything")
    func empty() async throws {
        try await CommandHarness.without { command in
            let list = try await command.run("schedule", "list", "--state", "state")
            #expect(list.status == 0 && list.output.isEmpty && list.errors.hasPrefix("no schedules yet in "))
            #expect(try await command.run("schedule", "list", "--state", "state", "--json").output == "[]\n")
            let one = try await command.run("schedule", "show", "nightly", "--state", "state")
            #expect(one.status == 64 && one.errors.contains("there is no schedule 'nightly', and no other in "))
            #expect(!FileManager.default.fileExists(atPath: command.directory + "/state/runbook.db"))
        }
    }

    @Test("lists what was added as a table and as one JSON array")
    func added() async throws {
        try await CommandHarness.withGreeting { command, file in
            for (name, flags) in [("b", ["--cron", "@daily"]), ("a", ["--every", "2d", "--tz", "UTC"])] {
                let added = try await command.run(["schedule", "add", name, file, "--param", "role=x"] + flags)
                #expect(added.status == 0, "\(added.errors)")
            }
            let table = try await command.run("schedule", "list")
            let lines = table.output.split(separator: "\n")
            #expect(table.status == 0 && lines.count == 3)
            #expect(lines[1].hasPrefix("a     every 2d            UTC") && lines[1].contains("(in 47 h)"))
            #expect(lines[2].hasPrefix("b     at 00:00 every day  Europe/Berlin"))
            #expect(lines.dropFirst().allSatisfy { $0.hasSuffix("active") })
            #expect(table.errors.contains("no daemon is running, and nothing will be run: start 'runbook serve'"))
            let list = try JSONValue(parsing: try await command.run("schedule", "list", "--json").output)
            #expect(list.arrayValue?.map { $0["schedule"] } == ["a", "b"])
            let first = list.arrayValue?.first
            #expect(first?["state"] == "active" && first?["trigger"] == "every 2d" && first?["zone"] == "UTC")
            #expect(first?["next"]?.arrayValue?.count == 1 && first?["last"] == nil)
        }
    }
}
