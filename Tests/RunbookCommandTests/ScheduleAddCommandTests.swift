import FoundationEssentials
import Operations
import RunbookSchedule
import Testing

@testable import runbook

/// `runbook schedule add`.
@Suite("The command: schedule add")
struct ScheduleAddCommandTests {
    @Test("says what was added, in which zone, and when it comes next")
    func receipt() throws {
        var text = ""
        for schedule in [SampleSchedules.plain("sweep", "0 3 * * *"), SampleSchedules.full.schedule] {
            let times = try ScheduleTimes(of: schedule, zones: SampleSchedules.zones)
            let receipt = ScheduleReceipt(
                schedule: schedule, firings: times.firings(after: SampleSchedules.now, count: 3),
                zones: SampleSchedules.zones, zone: SampleSchedules.zone(schedule), style: ScreenStyle())
            text += receipt.added(isMachineZone: schedule.target == nil, target: "prod")
        }
        try Golden.check(text, "schedule-added.txt")
    }

    @Test("takes everything as it was said")
    func everything() async throws {
        try await CommandHarness.withGreeting { command, file in
            try Data("https://hooks.example.com/x".utf8).write(to: URL(filePath: command.directory + "/hook"))
            try Data("k".utf8).write(to: URL(filePath: command.directory + "/key"))
            let added = try await command.run(
                [
                    "schedule", "add", "full", file, "--cron", "0  3 * * MON", "--tz", "America/New_York", "--param",
                    "role=x",
                    "--param", "times=3", "--param", "key=file:key", "--catchup", "all", "--catchup-window", "2h",
                    "--catchup-max", "5", "--overlap", "queue-all", "--jitter", "30s", "--retry", "2", "--retry-delay",
                    "90s",
                    "--time-limit", "5m", "--max-changes", "12", "--plan-only", "--starting", "2035-01-01", "--until",
                    "2036-01-01T00:00Z", "--follow", "--notify", "file:hook", "--notify", "command:/bin/true a b",
                    "--notify-on",
                    "failed,needs-decision", "--json",
                ])
            #expect(added.status == 0, "\(added.errors)")
            let json = try JSONValue(parsing: added.output)
            let folder = try #require(LocalFiles().resolve(command.directory))
            #expect(json["trigger"] == "0 3 * * MON" && json["zone"] == "America/New_York")
            #expect(json["parameters"]?["times"] == 3)
            #expect(json["parameters"]?["key"]?.stringValue?.hasSuffix("/key") == true)
            #expect(json["runbook"] == .string(folder + "/runbooks/greet.lua") && json["follows"] == true)
            #expect(
                json["catchup"] == ["max": 5, "mode": "all", "window_ms": 7_200_000] && json["overlap"] == "queue-all")
            #expect(json["retry"] == ["count": 2, "delay_ms": 90_000] && json["jitter_ms"] == 30_000)
            #expect(json["time_limit_ms"] == 300_000 && json["max_changes"] == 12 && json["plan_only"] == true)
            // Midnight in New York, and in Greenwich.
            #expect(json["starting"] == 2_051_240_400_000 && json["until"] == 2_082_758_400_000)
            #expect(
                json["notify"] == [
                    ["destination": .string("file:\(folder)/hook"), "on": ["failed", "needs-decision"]],
                    ["destination": "command:/bin/true", "on": ["failed", "needs-decision"]],
                ])
            #expect(json["next"]?.arrayValue?.map { $0["local"] }.first == "2035-01-01T03:00:00-05:00")
            #expect(added.errors == "runbook: no daemon is running, and nothing will be run: start 'runbook serve'\n")
        }
    }

    @Test("what nobody says is as usual, and is told where it could be otherwise")
    func defaults() async throws {
        try await CommandHarness.withGreeting { command, file in
            let added = try await command.run("schedule", "add", "plain", file, "--every", "15m", "--param", "role=x")
            #expect(added.status == 0 && added.output.hasPrefix("plain was added\n"))
            #expect(added.output.contains("  zone        Europe/Berlin, the machine's own: --tz takes another\n"))
            let json = try await command.schedule("plain")
            #expect(json["catchup"] == ["max": 100, "mode": "latest", "window_ms": 3_600_000])
            #expect(json["overlap"] == "skip" && json["follows"] == false && json["target"]?.isNull == true)
            let created = try #require(json["created"]?.integerValue)
            let first = try #require(json["next"]?.arrayValue?.first?["utc"]?.stringValue)
            #expect(try InstantText.read(first, zone: .utc) == created / 1_000 + 900)
        }
    }

    @Test("keeps the target that was asked for, and only one that there is")
    func target() async throws {
        try await CommandHarness.withGreeting { command, file in
            var command = command
            let configuration = """
                default_target: staging
                targets:
                  staging: { console: { url: "https://s.example.com:3780", user: u, password: { env: P } } }
                  prod: { console: { url: "https://p.example.com:3780", user: u, password: { env: P } } }
                """
            try Data(configuration.utf8).write(to: URL(filePath: command.directory + "/c.yaml"))
            command.environment["RUNBOOK_CONFIG"] = command.directory + "/c.yaml"
            let flags = ["--param", "role=x", "--cron", "@daily"]
            let chosen = try await command.run(["schedule", "add", "a", file] + flags)
            #expect(chosen.output.contains("  target      as configured, which is staging now: --target keeps one\n"))
            let named = try await command.run(["schedule", "add", "b", file, "--target", "prod"] + flags)
            #expect(named.output.contains("  target      prod\n"))
            #expect(try await command.schedule("b")["target"] == "prod")
            command.environment["RUNBOOK_TARGET"] = "prod"
            _ = try await command.run(["schedule", "add", "c", file] + flags)
            #expect(try await command.schedule("c")["target"] == "prod")
            let wrong = try await command.run(["schedule", "add", "d", file, "--target", "prd"] + flags)
            #expect(wrong.status == 64 && wrong.errors.contains("prod"))
        }
    }

    @Test("warns of what is likely to go wrong, and of a token on the command line")
    func warnings() async throws {
        try await CommandHarness.without { command in
            let file = try command.write(
                "runbook { needs = { \"users:read\", \"users:unlock\" } }\nreturn users.get(1), users.unlock")
            try Data("policy: { capabilities: [users:read] }".utf8).write(
                to: URL(filePath: command.directory + "/c.yaml"))
            let added = try await command.run(
                "schedule", "add", "a", file, "--cron", "@daily", "--config", "c.yaml", "--notify",
                "https://hooks.example.com/services/T0AB12CD34EF56GH78")
            #expect(added.status == 0)
            #expect(added.errors.contains("does not allow users:unlock"))
            #expect(added.errors.contains("no target is chosen here"))
            #expect(added.errors.contains("seems to hold a token") && !(added.errors + added.output).contains("T0AB12"))
        }
    }

    @Test(
        "refuses what could not be run, now and not at its time",
        arguments: [
            (["--cron", "0 25 * * *"], "the hour"), (["--cron", "@daily", "--tz", "Europe/Berln"], "Europe/Berlin"),
            (["--cron", "0 0 31 2 *"], "31 2"), (["--at", "2020-01-01"], "never comes again"),
            (["--at", "tomorrow"], "year"),
            (["--cron", "@daily", "--until", "2020-01-01"], "--until 2020-01-01 is past"),
            (["--cron", "@daily", "--starting", "2036-01-01", "--until", "2035-01-01"], "--starting"),
            (["--cron", "@daily", "--starting", "soon"], "--starting: "),
            (["--cron", "@daily", "--every", "5m"], "not several"),
            ([], "Say when"), (["--cron", "@daily", "--jitter", "soon"], "--jitter must be a duration"),
            (["--cron", "@daily", "--catchup", "al"], "did you mean 'all'?"),
            (["--cron", "@daily", "--overlap", "kill"], "queue-all"),
            (["--cron", "@daily", "--max-changes", "few"], "--max-changes must be a number"),
            (["--cron", "@daily", "--catchup-max", "0"], "--catchup-max must be 1 or more"),
            (["--cron", "@daily", "--time-limit", "0s"], "--time-limit must be more than 0"),
            (["--cron", "@daily", "--notify-on", "failed"], "give --notify too"),
            (["--cron", "@daily", "--notify", "file:h", "--notify-on", "fialed"], "did you mean 'failed'?"),
            (["--cron", "@daily", "--notify", "file:nowhere"], "is not there"),
            (["--cron", "@daily", "--notify", "http://example.com/x"], "plain http"),
            (["--cron", "@daily", "--notify", "https://u:hunter2@example.com"], "before an @"),
            (["--cron", "@daily", "--notify", "hunter2"], "--notify takes command:PROGRAM"),
            (["--cron", "@daily", "--notify", "command:./no-such"], "is not there, or cannot be started"),
            (["--cron", "@daily", "--notify", "command:true | hunter2"], "no shell runs it"),
        ])
    func mistakes(_ flags: [String], _ words: String) async throws {
        try await CommandHarness.withGreeting { command, file in
            let added = try await command.run(["schedule", "add", "x", file, "--param", "role=x"] + flags)
            #expect(added.status == 64 && added.output.isEmpty)
            #expect(added.errors.contains(words), "\(added.errors)")
            #expect(!added.errors.contains("hunter2"))
            #expect(try await command.run("schedule", "list", "--json").output == "[]\n")
        }
    }

    @Test(
        "checks the parameters, and shows no secret that was given in clear",
        arguments: [
            ([], "the parameter 'role' is missing (whom to greet)"), (["rol=x"], "did you mean 'role'?"),
            (["role=X Y"], "must match the pattern [a-z0-9-]+, not 'X Y'"),
            (["role=x", "times=often"], "must be an integer, not 'often'"), (["role=x", "role=y"], "given twice"),
            (["role=x", "key=hunter2"], "never given on the command line"),
            (["role=x", "key=-"], "nobody can be asked"),
            (["role=x", "key=env:"], "none is named"), (["role=x", "key=file:nowhere"], "which is not there"),
            (["role=x", "key=command:"], "none is named"), (["role=x", "key=command:./nothing"], "which is not there"),
        ])
    func parameters(_ parameters: [String], _ words: String) async throws {
        try await CommandHarness.withGreeting { command, file in
            let added = try await command.run(
                ["schedule", "add", "x", file, "--cron", "@daily"] + parameters.flatMap { ["--param", $0] })
            #expect(added.status == 64 && added.output.isEmpty)
            #expect(added.errors.contains(words), "\(added.errors)")
            #expect(!added.errors.contains("hunter2"))
        }
    }

    @Test("refuses a runbook that does not hold, a name that cannot be, and one that is taken")
    func runbooks() async throws {
        try await CommandHarness.withGreeting { command, file in
            let broken = try command.write(
                "runbook { needs = { } }\nusers.unlock(1)\nusers.unlokc(2)", to: "broken.lua")
            let findings = try await command.run("schedule", "add", "x", broken, "--cron", "@daily")
            #expect(findings.status == 1 && findings.output.isEmpty)
            #expect(findings.errors.contains("broken.lua:2: error: ") && findings.errors.contains("it has 2 errors"))
            let missing = try await command.run("schedule", "add", "x", "runbooks/none.lua", "--cron", "@daily")
            #expect(missing.status == 64 && missing.errors.contains("there is no such file"))
            let unknown = try await command.run("schedule", "add", "x", "unlock-lockd-users", "--cron", "@daily")
            #expect(unknown.status == 64 && unknown.errors.contains("there is no runbook"))
            let name = try await command.run("schedule", "add", "a b", file, "--cron", "@daily", "--param", "role=x")
            #expect(name.status == 64 && name.errors.contains("'a b' cannot be a schedule's name"))
            let first = try await command.run("schedule", "add", "x", file, "--cron", "@daily", "--param", "role=x")
            #expect(first.status == 0)
            let second = try await command.run("schedule", "add", "x", file, "--cron", "@hourly", "--param", "role=x")
            #expect(second.status == 64 && second.errors.contains("there is a schedule 'x' already"))
            #expect(try await command.schedule("x")["trigger"] == "@daily")
        }
    }
}
