import Operations
import Testing

@testable import runbook

/// `runbook schedule pause`, `resume` and `remove`.
@Suite("The command: schedule pause, resume, remove")
struct ScheduleResumeCommandTests {
    private func add(_ command: CommandHarness, _ file: String, _ flags: String...) async throws {
        let added = try await command.run(
            ["schedule", "add", "nightly", file, "--cron", "0 3 * * *"] + flags)
        #expect(added.status == 0, "\(added.errors)")
    }

    @Test("a pause lasts until it is ended, and says why")
    func pause() async throws {
        try await CommandHarness.withGreeting { command, file in
            try await add(command, file, "--param", "role=x")
            let paused = try await command.run("schedule", "pause", "nightly", "--reason", "migration\u{1b}[31m")
            #expect(
                paused.output
                    == "nightly is paused: its slots are skipped until 'runbook schedule resume nightly'\n")
            let json = try await command.schedule("nightly")
            #expect(json["state"] == "paused" && json["paused"]?["reason"] == "migration\u{1b}[31m")
            #expect(json["advice"]?.arrayValue?.first?["command"] == "runbook schedule resume nightly")
            #expect(try await command.run("schedule", "list").output.contains("paused: migration [31m"))
            let again = try await command.run("schedule", "pause", "nightly", "--reason", "else", "--json")
            #expect(again.status == 0 && again.errors.contains("is paused already: migration [31m"))
            #expect(try JSONValue(parsing: again.output)["paused"] == json["paused"])

            let resumed = try await command.run("schedule", "resume", "nightly")
            #expect(resumed.status == 0 && resumed.output.hasPrefix("nightly runs again, from now on\n  next  "))
            let active = try await command.run("schedule", "resume", "nightly")
            #expect(active.status == 0 && active.output.hasPrefix("nightly is not paused\n"))
            #expect(try await command.schedule("nightly")["paused"] == nil)
            let pinned = try await command.run("schedule", "resume", "nightly", "--approve")
            #expect(pinned.status == 64 && pinned.errors.contains("there is nothing to approve"))
        }
    }

    @Test("what a followed file needs more than before has to be agreed to")
    func approve() async throws {
        try await CommandHarness.without { command in
            let file = try command.write("runbook { needs = { \"users:read\" } } return users.get(1)")
            try await add(command, file, "--follow", "--tz", "UTC")
            try command.write(
                "runbook { needs = { \"users:read\", \"users:unlock\" } } users.unlock(1) return users.get(1)")
            let refused = try await command.run("schedule", "resume", "nightly")
            #expect(
                refused.status == 4
                    && refused.errors.contains("needs more than was agreed to: users:unlock. Look at it"))
            let unasked = try await command.run("schedule", "resume", "nightly", "--approve")
            #expect(unasked.status == 64 && unasked.errors.contains("  + users:unlock\n"))
            #expect(unasked.errors.contains("nobody can be asked here: give --yes"))
            #expect(try await command.schedule("nightly")["needs"] == ["users:read"])
            // Giving another parameter, or another time, agrees to nothing.
            _ = try await command.run("schedule", "edit", "nightly", "--cron", "@daily")
            #expect(try await command.schedule("nightly")["needs"] == ["users:read"])
            let approved = try await command.run("schedule", "resume", "nightly", "--approve", "--yes")
            #expect(approved.status == 0, "\(approved.errors)")
            #expect(try await command.schedule("nightly")["needs"] == ["users:read", "users:unlock"])
            try command.write("runbook { needs = {} ", to: "test.lua")
            let broken = try await command.run("schedule", "resume", "nightly", "--approve", "--yes")
            #expect(broken.status == 1 && broken.errors.contains("could not be run"))
        }
    }

    @Test("one that is removed frees its name and keeps its history")
    func remove() async throws {
        try await CommandHarness.withGreeting { command, file in
            try await add(command, file, "--param", "role=x")
            let first = try await command.schedule("nightly")["id"]
            let removed = try await command.run("schedule", "remove", "nightly", "--json")
            #expect(try JSONValue(parsing: removed.output)["state"] == "removed")
            #expect(try await command.run("schedule", "list", "--json").output == "[]\n")
            try await add(command, file, "--param", "role=y")
            #expect(try await command.schedule("nightly")["id"] != first)
            for action in ["pause", "resume", "remove", "run", "edit"] {
                let unknown = try await command.run("schedule", action, "nightli")
                #expect(unknown.status == 64 && unknown.errors.contains("did you mean 'nightly'?"), "\(action)")
            }
        }
    }
}
