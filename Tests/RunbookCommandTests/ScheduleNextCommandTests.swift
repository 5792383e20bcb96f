import Operations
import Testing

@testable import runbook

/// `runbook schedule next`.
@Suite("The command: schedule next")
struct ScheduleNextCommandTests {
    @Test("tells the next times of an expression, with notes where the clocks change")
    func table() async throws {
        try await CommandHarness.without { command in
            var text = ""
            for (cron, from) in [
                ("30 2 * * *", "2027-03-27"), ("30 2 * * *", "2027-10-30"), ("30 * * * *", "2027-10-31T00:00"),
            ] {
                let next = try await command.run(
                    "schedule", "next", "--cron", cron, "--tz", "Europe/Berlin", "--from", from, "--count", "4")
                #expect(next.status == 0 && next.errors.isEmpty)
                text += next.output
            }
            try Golden.check(text, "schedule-next.txt")
        }
    }

    @Test("as one JSON array of utc and local, and a note only where there is one")
    func json() async throws {
        try await CommandHarness.without { command in
            let next = try await command.run(
                "schedule", "next", "--cron", "30 2 * * *", "--tz", "Europe/Berlin", "--from", "2027-03-27", "--count",
                "2",
                "--json")
            #expect(
                try JSONValue(parsing: next.output) == [
                    ["local": "2027-03-27T02:30:00+01:00", "utc": "2027-03-27T01:30:00Z"],
                    [
                        "local": "2027-03-28T03:00:00+02:00", "utc": "2027-03-28T01:00:00Z",
                        "note": "02:30 does not exist on this day: the clocks go from 02:00 to 03:00",
                    ],
                ])
            func local(_ arguments: String...) async throws -> [JSONValue?]? {
                let next = try await command.run(["schedule", "next", "--tz", "UTC", "--json"] + arguments)
                return try JSONValue(parsing: next.output).arrayValue?.map { $0["utc"] }
            }
            #expect(
                try await local("--every", "1h30m", "--from", "2027-01-01", "--count", "2")
                    == ["2027-01-01T01:30:00Z", "2027-01-01T03:00:00Z"])
            #expect(try await local("--at", "2027-05-05T08:00", "--from", "2027-01-01") == ["2027-05-05T08:00:00Z"])
            #expect(try await local("--cron", "every 1d", "--from", "2027-01-01") ?? [] != [])
            #expect(try await local("--at", "2027-05-05T08:00", "--from", "2028-01-01") == [])
        }
    }

    @Test("takes the machine's zone if none is named")
    func machineZone() async throws {
        try await CommandHarness.without { command in
            var command = command
            command.environment["TZ"] = ":Asia/Kathmandu"
            let next = try await command.run(
                "schedule", "next", "--cron", "0 3 * * *", "--from", "2027-01-01", "--json")
            #expect(
                try JSONValue(parsing: next.output).arrayValue?.first?["local"] == "2027-01-01T03:00:00+05:45")
        }
    }

    @Test("tells the next times of a schedule, within its own bounds")
    func named() async throws {
        try await CommandHarness.withGreeting { command, file in
            let added = try await command.run(
                "schedule", "add", "nightly", file, "--param", "role=x", "--cron", "0 3 * * *", "--starting",
                "2035-06-01",
                "--until", "2035-06-03T12:00", "--jitter", "90s")
            #expect(added.status == 0, "\(added.errors)")
            let next = try await command.run("schedule", "next", "nightly")
            #expect(
                next.output.split(separator: "\n").map { $0.prefix(20) } == [
                    "LOCAL               ", "Fri 2035-06-01 03:00", "Sat 2035-06-02 03:00", "Sun 2035-06-03 03:00",
                ])
            #expect(next.errors == "runbook: each starts up to 1.5 min later\n")
            _ = try await command.run("schedule", "pause", "nightly")
            let over = try await command.run("schedule", "next", "nightly", "--from", "2036-01-01")
            #expect(over.status == 0 && over.output.isEmpty)
            #expect(over.errors.contains("nightly never comes again after 2036-01-01 00:00 +01:00"))
            #expect(over.errors.contains("nightly is paused, and these are skipped until it is resumed"))
        }
    }

    @Test(
        "says what is wrong with what was asked",
        arguments: [
            (["--cron", "61 * * * *"], "the minute"), (["--cron", "0 0 30 2 *"], "30 2"),
            (["--cron", "@daily", "--tz", "Europe/Berln"], "Europe/Berlin"),
            (["--cron", "@daily", "--from", "2027-13-01"], "month"), (["--every", "15 apples"], "apples"),
            (["--cron", "@daily", "--every", "5m"], "not several"), ([], "Name a schedule"),
            (["nightly", "--cron", "@daily"], "Name a schedule"), (["nightly", "--tz", "UTC"], "its own zone"),
            (["--cron", "@daily", "--count", "0"], "--count must be from 1 to 10000"),
            (["nightly"], "there is no schedule"),
        ])
    func mistakes(_ arguments: [String], _ words: String) async throws {
        try await CommandHarness.without { command in
            let next = try await command.run(["schedule", "next"] + arguments)
            #expect(next.status == 64 && next.output.isEmpty)
            #expect(next.errors.contains(words), "\(next.errors)")
        }
    }
}
