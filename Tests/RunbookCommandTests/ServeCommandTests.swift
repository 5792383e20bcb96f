import Glibc
import Operations
import RunbookHost
import RunbookSchedule
import RunbookStore
import Testing

@testable import runbook

/// `runbook serve`: the daemon as a process, with everything that may happen to one.
@Suite("The command: serve")
struct ServeCommandTests {
    /// Creates a user of its own in each run; the second call comes a moment after the first.
    private static let creating = """
        runbook { title = "Creates a user", params = { name = { type = "string" } }, needs = { "users:create", "users:unlock" } }
        local login = params.name .. "-" .. math.random(1, 1 << 50)
        local id = users.create { login = login, name = login, email = login .. "@example.org", role = { id = "user" },
          password = secrets.generate(16) }
        sleep(0.3)
        users.unlock(id)
        return login
        """

    @Test("what is due is run, and the status page counts it", .timeLimit(.minutes(1)))
    func counts() async throws {
        try await CommandHarness.with { command, info in
            let file = try command.write(Self.creating, to: "create.lua")
            _ = try await command.run("schedule", "add", "new", file, "--every", "1s", "--param", "name=new")
            let socket = command.directory + "/status"
            let daemon = try command.start("serve", "--listen", "unix:\(socket)")
            defer { daemon.send(SIGKILL) }
            try await daemon.wait(for: "a slot has ended")
            let metrics = try await Self.page("/metrics", socket)
            #expect(metrics.contains("\nrunbook_slots_total{fate=\"missed\"} 0\n"))
            #expect(!metrics.contains("\nrunbook_slots_total{fate=\"ran\"} 0\n"))
            #expect(!metrics.contains("\nrunbook_calls_total 0\n"))
            #expect(!metrics.contains("\nrunbook_journal_commit_seconds_count 0\n"))
            #expect(metrics.contains("\nrunbook_store_up 1\n"))
            #expect(try await Self.page("/healthz", socket).hasSuffix("\r\n\r\nok\n"))
            #expect(try await Self.page("/readyz", socket).hasSuffix("\r\n\r\nok\n"))
            daemon.send(SIGTERM)
            let outcome = await daemon.outcome
            #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
            #expect(access(socket, F_OK) != 0)
            let created = try await CommandHarness.ledger(info).filter { $0.operation == "users.create" }.count
            let slots = try await command.schedule("new")["slots"]?.arrayValue ?? []
            #expect(created == slots.count { $0["state"] == "ran" } && created > 0)
        }
    }

    @Test("what is under way when it must leave is gone on with by the next one", .timeLimit(.minutes(1)))
    func drain() async throws {
        try await CommandHarness.with { command, info in
            let slow = """
                runbook { title = "Waits between two changes", needs = { "users:unlock" } }
                users.unlock(1)
                sleep(4)
                users.unlock(2)
                """
            let file = try command.write(slow, to: "slow.lua")
            _ = try await command.run("schedule", "add", "slow", file, "--cron", "@yearly")
            let first = try command.start("serve", "--drain-timeout", "100ms")
            try await first.wait(for: "runs the schedules in")
            _ = try await command.run("schedule", "run", "slow", "--no-wait")
            try await first.wait(for: "unlock user 1")
            first.send(SIGTERM)
            let left = await first.outcome
            #expect(
                left.status == 0 && left.errors.contains("left where it is; it is taken up later"), "\(left.errors)")
            let second = try command.start("serve")
            defer { second.send(SIGKILL) }
            try await second.wait(for: "a slot has ended")
            let slot = try #require(try await command.schedule("slow")["slots"]?.arrayValue?.first)
            #expect(slot["outcome"] == "succeeded" && slot["runs"]?.arrayValue?.count == 1)
            let paths = try await CommandHarness.ledger(info).filter { $0.operation == "users.unlock" }.map(\.path)
            #expect(paths == ["/api/3/users/1/lock", "/api/3/users/2/lock"])
        }
    }

    @Test("a hook's program is told of a failure and of the recovery", .timeLimit(.minutes(1)))
    func hooks() async throws {
        try await CommandHarness.without { command in
            let failing = try command.write("runbook { }\nerror('no such luck')", to: "job.lua")
            try command.write("cat >> \"$0.told\"; echo >> \"$0.told\"", to: "hook.sh")
            let hook = "command:/bin/sh \(command.directory)/runbooks/hook.sh"
            _ = try await command.run(
                "schedule", "add", "job", failing, "--cron", "@yearly", "--follow", "--notify", hook)
            let daemon = try command.start("serve")
            defer { daemon.send(SIGKILL) }
            try await daemon.wait(for: "runs the schedules in")
            _ = try await command.run("schedule", "run", "job")
            try command.write("runbook { }", to: "job.lua")
            _ = try await command.run("schedule", "run", "job")
            let file = command.directory + "/runbooks/hook.sh.told"
            var told: [JSONValue] = []
            while told.count < 2 {
                let text = (try? LocalFiles().read(file, limit: 1 << 20)) ?? []
                told = text.split(separator: UInt8(ascii: "\n")).compactMap {
                    try? JSONValue(parsing: Array($0))
                }
            }
            #expect(told.map { $0["event"] } == ["failed", "recovered"])
            #expect(told[0]["schedule"] == "job" && told[0]["status"] == "failed")
            #expect(told[0]["reason"]?.stringValue?.hasSuffix("job.lua:2: no such luck") == true)
        }
    }

    /// What must not be held up by programs that hang.
    private static let quick = "runbook { }\nlog.info('the quick one ran')"

    /// Runs `body` with as many numbers as there are processors, and one more, and a script that hangs until the test
    /// has ended.
    private static func withHanging(
        _ body: (CommandHarness, _ numbers: Range<Int>) async throws -> Void
    ) async throws {
        try await CommandHarness.without { command in
            let fifo = command.directory + "/fifo"
            try #require(mkfifo(fifo, 0o600) == 0)
            let holder = open(fifo, O_RDWR | O_CLOEXEC)
            defer { close(holder) }
            let script = """
                echo begun >> \(command.directory)/begun
                # Who waits for the end of what a daemon writes waits for its children too.
                test -z "$1" || exec >/dev/null 2>&1
                exec cat \(fifo)
                """
            try command.write(script, to: "hang.sh")
            try command.write(quick, to: "quick.lua")
            try await body(command, 0..<sysconf(Int32(_SC_NPROCESSORS_ONLN)) + 1)
        }
    }

    /// Waits until so many of the programs that hang have begun.
    private static func wait(for count: Int, in command: CommandHarness) async throws {
        while true {
            let begun = try LocalFiles().read(command.directory + "/begun", limit: 1 << 20)
            if let begun, begun.count >= count * "begun\n".utf8.count { return }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    @Test("programs that print secrets and hang hold up no other schedule", .timeLimit(.minutes(1)))
    func hangingSecrets() async throws {
        try await Self.withHanging { command, numbers in
            let hanging = "/bin/sh, \(command.directory)/runbooks/hang.sh"
            let targets = numbers.map {
                "t\($0): { console: { url: 'https://127.0.0.1:9', user: u, password: { command: [\(hanging)] } } }"
            }
            let file = try command.write("targets: { \(targets.joined(separator: ", ")) }", to: "config.yaml")
            let secret = try command.write(
                "runbook { params = { key = { type = 'secret', required = true } } }", to: "secret.lua")
            for number in numbers {
                _ = try await command.run(
                    "schedule", "add", "t\(number)", "runbooks/quick.lua", "--cron", "@yearly", "--target",
                    "t\(number)",
                    "--config", file)
                let added = try await command.run(
                    "schedule", "add", "p\(number)", secret, "--cron", "@yearly", "--param",
                    "key=command:\(hanging.replacing(",", with: ""))")
                #expect(added.status == 0, "\(added.errors)")
            }
            _ = try await command.run("schedule", "add", "quick", "runbooks/quick.lua", "--cron", "@yearly")
            let daemon = try command.start("serve", "--config", file, "--max-runs", "1000")
            defer { daemon.send(SIGKILL) }
            try await daemon.wait(for: "runs the schedules in")
            for name in numbers.flatMap({ ["t\($0)", "p\($0)"] }) {
                _ = try await command.run("schedule", "run", name, "--no-wait", "--config", file)
            }
            try await Self.wait(for: 2 * numbers.count, in: command)
            // They hang for longer than this test may take.
            _ = try await command.run("schedule", "run", "quick", "--config", file)
            try await daemon.wait(for: "the quick one ran")
        }
    }

    @Test("programs that take checkpoints and hang hold up no other schedule", .timeLimit(.minutes(1)))
    func hangingCheckpoints() async throws {
        try await Self.withHanging { command, numbers in
            let hanging = "/bin/sh, \(command.directory)/runbooks/hang.sh, silent"
            let file = try command.write("audit: { checkpoint: { command: [\(hanging)] } }", to: "config.yaml")
            let idle = try command.write("runbook { }", to: "idle.lua")
            for number in numbers {
                _ = try await command.run("schedule", "add", "c\(number)", idle, "--cron", "@yearly")
            }
            _ = try await command.run("schedule", "add", "quick", "runbooks/quick.lua", "--cron", "@yearly")
            let daemon = try command.start("serve", "--config", file, "--max-runs", "1000")
            defer { daemon.send(SIGKILL) }
            try await daemon.wait(for: "runs the schedules in")
            for number in numbers {
                _ = try await command.run("schedule", "run", "c\(number)", "--no-wait", "--config", file)
            }
            try await Self.wait(for: numbers.count, in: command)
            _ = try await command.run("schedule", "run", "quick", "--no-wait", "--config", file)
            try await daemon.wait(for: "the quick one ran")
            daemon.send(SIGKILL)
            // It did not wait until the first of them was killed.
            #expect(await !daemon.outcome.errors.contains("did not end within"))
        }
    }

    @Test("a hook that hangs does not keep the daemon from leaving", .timeLimit(.minutes(1)))
    func leavingHooks() async throws {
        try await Self.withHanging { command, _ in
            let failing = try command.write("runbook { }\nerror('no such luck')", to: "job.lua")
            let hook = "command:/bin/sh \(command.directory)/runbooks/hang.sh"
            for name in ["a", "b", "c"] {
                _ = try await command.run(
                    "schedule", "add", name, failing, "--cron", "@yearly", "--notify", "\(hook) \(name)")
            }
            let daemon = try command.start("serve")
            defer { daemon.send(SIGKILL) }
            try await daemon.wait(for: "runs the schedules in")
            for name in ["a", "b", "c"] { _ = try await command.run("schedule", "run", name) }
            try await Self.wait(for: 3, in: command)
            daemon.send(SIGTERM)
            let outcome = await daemon.outcome
            #expect(outcome.status == 0 && outcome.errors.contains("was given up and was killed"), "\(outcome.errors)")
            // None came to its own limit of 30 s.
            #expect(!outcome.errors.contains("did not end within"))
        }
    }

    @Test("with a log of JSON every line is JSON, also what hooks print and warnings", .timeLimit(.minutes(1)))
    func jsonLog() async throws {
        try await CommandHarness.without { command in
            let failing = try command.write("runbook { }\nerror('no such luck')", to: "job.lua")
            try command.write("echo printed by the hook; echo and this >&2; exit 3", to: "hook.sh")
            // Everybody can change it: it is not read, and a warning says so.
            let project = command.directory + "/runbook.yaml"
            try PrivateFile.write(Array("limits: { changes: 5 }".utf8), to: project)
            try #require(chmod(project, 0o666) == 0)
            let hook = "command:/bin/sh \(command.directory)/runbooks/hook.sh"
            _ = try await command.run("schedule", "add", "job", failing, "--cron", "@yearly", "--notify", hook)
            let daemon = try command.start("serve", "--log-format", "json")
            defer { daemon.send(SIGKILL) }
            try await daemon.wait(for: "runs the schedules in")
            daemon.send(SIGHUP)
            try await daemon.wait(for: "the configuration was read anew")
            _ = try await command.run("schedule", "run", "job")
            try await daemon.wait(for: "a hook could not be told")
            daemon.send(SIGTERM)
            let outcome = await daemon.outcome
            let lines = try outcome.errors.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
            let told = try #require(
                lines.first { $0["message"]?.stringValue?.hasPrefix("a hook could not be told") == true })
            #expect(told["printed"] == "printed by the hook and this" && told["level"] == "warn")
            let warnings = lines.filter { $0["message"]?.stringValue?.contains("runbook.yaml is not read") == true }
            #expect(warnings.count == 2 && warnings.allSatisfy { $0["level"] == "warn" }, "\(outcome.errors)")
        }
    }

    @Test("a hook is told no secret of any target that was read, also not one of another", .timeLimit(.minutes(1)))
    func redaction() async throws {
        try await CommandHarness.without { command in
            var command = command
            command.environment["T_PASSWORD"] = "correct-horse-battery"
            let target = "t: { console: { url: 'https://127.0.0.1:9', user: u, password: { env: T_PASSWORD } } }"
            let file = try command.write("targets: { \(target) }", to: "config.yaml")
            let idle = try command.write("runbook { }", to: "idle.lua")
            let failing = try command.write("runbook { }\nerror('denied: correct-horse-battery')", to: "job.lua")
            try command.write("cat > \"$0.new\"; mv \"$0.new\" \"$0.told\"", to: "hook.sh")
            let hook = "command:/bin/sh \(command.directory)/runbooks/hook.sh"
            for words in [["idle", idle, "--target", "t"], ["job", failing, "--notify", hook]] {
                let added = try await command.run(
                    ["schedule", "add"] + words + ["--cron", "@yearly", "--config", file])
                #expect(added.status == 0, "\(added.errors)")
            }
            let daemon = try command.start("serve", "--config", file)
            defer { daemon.send(SIGKILL) }
            try await daemon.wait(for: "runs the schedules in")
            for name in ["idle", "job"] { _ = try await command.run("schedule", "run", name, "--config", file) }
            var told: [UInt8]?
            while told == nil {
                told = try LocalFiles().read(command.directory + "/runbooks/hook.sh.told", limit: 1 << 20)
            }
            let notice = try JSONValue(parsing: told ?? [])
            #expect(notice["reason"]?.stringValue?.hasSuffix("denied: \(SecretValue.redacted)") == true, "\(notice)")
        }
    }

    @Test("a configuration that is wrong after SIGHUP leaves everything as it was", .timeLimit(.minutes(1)))
    func reload() async throws {
        try await CommandHarness.without { command in
            let file = try command.write("limits: { changes: 5 }", to: "config.yaml")
            let daemon = try command.start("serve", "--config", file)
            defer { daemon.send(SIGKILL) }
            try await daemon.wait(for: "runs the schedules in")
            daemon.send(SIGHUP)
            try await daemon.wait(for: "the configuration was read anew")
            try command.write("limits: { chnages: 5 }", to: "config.yaml")
            daemon.send(SIGHUP)
            try await daemon.wait(for: "stays as it was")
            daemon.send(SIGTERM)
            #expect(await daemon.outcome.status == 0)
        }
    }

    @Test(
        "what cannot work is said at once",
        arguments: [
            (["--listen", "192.0.2.1:9464"], Int32(64), "is not of this machine alone"),
            (["--max-runs", "0"], 64, "--max-runs must be 1 or more"),
            (["--drain-timeout", "soon"], 64, "--drain-timeout must be a duration"),
            (["--state", "/proc/nowhere"], 1, "/proc/nowhere"),
        ])
    func mistakes(_ words: [String], _ status: Int32, _ message: String) async throws {
        try await CommandHarness.without { command in
            let outcome = try await command.run(["serve"] + words)
            #expect(outcome.status == status && outcome.errors.contains(message), "\(outcome.errors)")
            #expect(outcome.output.isEmpty)
        }
    }

    @Test("two daemons that are killed and stopped run each slot once", .timeLimit(.minutes(2)))
    func chaos() async throws {
        try await CommandHarness.with { command, info in
            let file = try command.write(Self.creating, to: "create.lua")
            for name in ["a", "b"] {
                _ = try await command.run(
                    "schedule", "add", name, file, "--every", "1s", "--param", "name=\(name)", "--overlap", "queue-all",
                    "--catchup", "all")
            }
            var daemons = [try command.start("serve"), try command.start("serve")]
            for daemon in daemons { try await daemon.wait(for: "runs the schedules in") }
            // Each is killed in the midst of runs, and the other one is stopped for a moment as it takes over.
            for round in 0..<6 {
                let victim = round % 2
                try await daemons[victim].wait(for: "starting a slot")
                daemons[victim].send(SIGKILL)
                _ = await daemons[victim].outcome
                daemons[1 - victim].send(SIGSTOP)
                daemons[victim] = try command.start("serve")
                try await daemons[victim].wait(for: "runs the schedules in")
                daemons[1 - victim].send(SIGCONT)
            }
            // What was killed was often the same slot again: it goes on until more of them have run than daemons were killed.
            func slots(_ name: String) async throws -> [JSONValue] {
                let shown = try await command.run("schedule", "show", name, "--json", "--limit", "1000").output
                return try JSONValue(parsing: shown)["slots"]?.arrayValue ?? []
            }
            while try await (slots("a") + slots("b")).count(where: { $0["state"] == "ran" }) <= 6 {}
            for name in ["a", "b"] {
                _ = try await command.run("schedule", "edit", name, "--cron", "@yearly")
                while try await command.schedule(name)["running"] != 0 {}
            }
            for daemon in daemons {
                daemon.send(SIGTERM)
                #expect(await daemon.outcome.status == 0)
            }
            var ran = 0, runs: [String] = []
            for name in ["a", "b"] {
                let slots = try await slots(name)
                let planned = slots.compactMap { $0["planned"]?.integerValue }.sorted()
                // Every second from the first to the last has its one slot.
                #expect(zip(planned, planned.dropFirst()).allSatisfy { $1 - $0 == 1_000 })
                #expect(slots.allSatisfy { $0["outcome"] == "succeeded" || $0["state"] == "skipped" }, "\(slots)")
                ran += slots.count { $0["state"] == "ran" }
                runs += slots.flatMap { $0["runs"]?.arrayValue?.compactMap(\.stringValue) ?? [] }
            }
            #expect(Set(runs).count == runs.count && ran > 6)
            let created = try await SimulatedConsole(info).use { try await $0.users() }.count {
                $0["login"]?.stringValue?.hasPrefix("a-") == true || $0["login"]?.stringValue?.hasPrefix("b-") == true
            }
            #expect(created == ran)
            #expect(try await command.run("audit", "verify").status == 0)
        }
    }

    /// The whole answer for a path.
    private static func page(_ path: String, _ socket: String) async throws -> String {
        let connection = try await RawConnection.open(path: socket)
        connection.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return try await connection.rest()
    }
}
