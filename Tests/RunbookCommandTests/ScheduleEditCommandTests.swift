import Operations
import Testing

@testable import runbook

/// `runbook schedule edit`.
@Suite("The command: schedule edit")
struct ScheduleEditCommandTests {
    private func withNightly(_ body: (CommandHarness, _ file: String) async throws -> Void) async throws {
        try await CommandHarness.withGreeting { command, file in
            let added = try await command.run(
                "schedule", "add", "nightly", file, "--cron", "0 3 * * *", "--param", "role=x", "--param",
                "key=env:KEY",
                "--until", "2036-01-01", "--time-limit", "5m", "--max-changes", "3", "--notify", "command:/bin/true")
            #expect(added.status == 0, "\(added.errors)")
            try await body(command, file)
        }
    }

    @Test("changes what is given and nothing else, and shows it before and after")
    func differences() async throws {
        try await withNightly { command, _ in
            let before = try await command.schedule("nightly").objectValue ?? [:]
            let edited = try await command.run(
                "schedule", "edit", "nightly", "--every", "90m", "--starting", "2035-01-01T00:00", "--overlap", "cancel"
            )
            #expect(edited.status == 0, "\(edited.errors)")
            #expect(
                edited.output == """
                    nightly was changed
                      when      at 03:00 every day (0 3 * * *) → every 1h30m
                      starting  at once → 2035-01-01 00:00 +01:00
                      overlap   skip what comes due while an earlier one runs → end an earlier one
                      next      Mon 2035-01-01 00:00 +01:00  2034-12-31T23:00:00Z
                                Mon 2035-01-01 01:30 +01:00  2035-01-01T00:30:00Z
                                Mon 2035-01-01 03:00 +01:00  2035-01-01T02:00:00Z

                    """)
            let after = try await command.schedule("nightly").objectValue ?? [:]
            let changed = after.keys.filter { after[$0] != before[$0] }.sorted()
            #expect(changed == ["edited", "next", "overlap", "starting", "trigger"])
        }
    }

    @Test("takes back what was set")
    func resets() async throws {
        try await withNightly { command, _ in
            let edited = try await command.run(
                "schedule", "edit", "nightly", "--until", "never", "--time-limit", "none", "--max-changes", "none",
                "--notify",
                "none", "--drop-param", "key", "--param", "role=y", "--json")
            #expect(edited.status == 0, "\(edited.errors)")
            let json = try JSONValue(parsing: edited.output)
            #expect(json["until"]?.isNull == true && json["time_limit_ms"]?.isNull == true)
            #expect(json["max_changes"]?.isNull == true && json["notify"] == [] && json["parameters"] == ["role": "y"])
            let fields = json["changes"]?.arrayValue?.compactMap { $0["field"]?.stringValue } ?? []
            #expect(Set(fields) == ["param key", "param role", "until", "time limit", "changes", "notify"])
        }
    }

    @Test("keeps the source that was pinned until it is told to take another")
    func pinned() async throws {
        try await withNightly { command, file in
            let first = try await command.schedule("nightly")["sha256"]
            _ = try command.write(CommandHarness.greeting + "\n-- changed", to: "greet.lua")
            _ = try await command.run("schedule", "edit", "nightly", "--param", "role=y")
            #expect(try await command.schedule("nightly")["sha256"] == first)
            let repinned = try await command.run("schedule", "edit", "nightly", "--repin")
            #expect(repinned.status == 0 && repinned.output.contains("), pinned → "))
            #expect(try await command.schedule("nightly")["sha256"] != first)
            let other = try command.write("runbook { params = { role = { } } } return 1", to: "other.lua")
            let refused = try await command.run("schedule", "edit", "nightly", "--file", other)
            #expect(refused.status == 64 && refused.errors.contains("the parameter 'key' does not exist"))
            let taken = try await command.run(
                "schedule", "edit", "nightly", "--file", other, "--drop-param", "key", "--follow")
            #expect(taken.status == 0, "\(taken.errors)")
            let json = try await command.schedule("nightly")
            #expect(json["follows"] == true && json["runbook"]?.stringValue?.hasSuffix("/other.lua") == true)
            let pinned = try await command.run("schedule", "edit", "nightly", "--no-follow")
            #expect(pinned.status == 0 && pinned.output.contains("), read anew for each run → "))
        }
    }

    @Test(
        "refuses what makes no sense, and leaves everything as it was",
        arguments: [
            ([], "is like that already"), (["--cron", "0 3 * * *"], "is like that already"),
            (["--cron", "0 3 * * 8"], "the day of week"), (["--tz", "Nowhere/Else"], "Nowhere/Else"),
            (["--at", "2020-01-01"], "never comes again"), (["--until", "2020-01-01"], "is past"),
            (["--drop-param", "none"], "has no such parameter"),
            (["--drop-param", "key", "--param", "key=env:X"], "contradict each other"),
            (["--drop-param", "role"], "the parameter 'role' is missing"), (["--param", "key=hunter2"], "never given"),
            (["--target", "a", "--no-target"], "not both"), (["--target", "nowhere"], "nowhere"),
            (["--file", "runbooks/none.lua"], "there is no such file"),
            (["--cron", "@daily", "--at", "2036-01-01"], "not several"),
        ])
    func mistakes(_ flags: [String], _ words: String) async throws {
        try await withNightly { command, _ in
            let before = try await command.run("schedule", "list", "--json").output
            let edited = try await command.run(["schedule", "edit", "nightly"] + flags)
            #expect(edited.status == 64 && edited.output.isEmpty)
            #expect(edited.errors.contains(words), "\(edited.errors)")
            #expect(!edited.errors.contains("hunter2"))
            #expect(try await command.run("schedule", "list", "--json").output == before)
        }
    }
}
