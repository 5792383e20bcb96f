import CommandSupport
import ConsoleSimulator
import Operations
import RunbookHost
import RunbookSchedule
import Testing

@testable import runbook

/// `runbook schedule run`, with a daemon and without.
@Suite("The command: schedule run")
struct ScheduleRunCommandTests {
    @Test("without a daemon it is run here, with the same journal, and no other slot with it")
    func nobody() async throws {
        try await CommandHarness.withGreeting { command, file in
            _ = try await command.run("schedule", "add", "hello", file, "--cron", "@daily", "--param", "role=x")
            _ = try await command.run("schedule", "add", "other", file, "--every", "1s", "--param", "role=y")
            let run = try await command.run("schedule", "run", "hello")
            #expect(run.status == 0 && run.output == "hello x\n", "\(run.errors)")
            let slots = try await command.schedule("hello")["slots"]?.arrayValue ?? []
            #expect(slots.map { $0["origin"] } == ["person"] && slots[0]["outcome"] == "succeeded")
            #expect(try await command.schedule("other")["slots"] == [])
            #expect(try await command.schedule("hello")["daemons"] == 0)
            let record = try JSONValue(
                parsing: try await command.run("show", slots[0]["run"]?.stringValue ?? "", "--json").output)
            #expect(record["run"]?["origin"] == "schedule:hello" || record["origin"] == "schedule:hello")
            let later = try await command.run("schedule", "run", "hello", "--no-wait")
            #expect(later.status == 1 && later.errors.contains("no daemon is running that could run 'hello' later"))
        }
    }

    @Test("Ctrl-C ends a run that is carried here, and a daemon goes on with it")
    func interruptedHere() async throws {
        try await CommandHarness.withGreeting { command, _ in
            let slow = try command.write("runbook { }\nlog.info('begun')\nsleep(8)\nreturn 7", to: "slow.lua")
            _ = try await command.run("schedule", "add", "slow", slow, "--cron", "@daily")
            let here = try command.start("schedule", "run", "slow")
            try await here.wait(for: "begun")
            here.send(2)
            #expect(await here.outcome.status == 1)
            try await command.withDaemon {
                while try await command.schedule("slow")["slots"]?.arrayValue?.first?["state"] != "ran" {}
            }
            let slot = try await command.schedule("slow")["slots"]?.arrayValue?.first
            #expect(slot?["outcome"] == "succeeded" && slot?["runs"]?.arrayValue?.count == 1)
        }
    }

    @Test("a daemon that was killed is not waited for")
    func killed() async throws {
        try await CommandHarness.withGreeting { command, file in
            _ = try await command.run("schedule", "add", "hello", file, "--cron", "@daily", "--param", "role=x")
            let daemon = try command.start("serve")
            try await daemon.wait(for: "runs the schedules in")
            while try await command.schedule("hello")["daemons"] != 1 {}
            daemon.send(9)
            _ = await daemon.outcome
            #expect(try await command.schedule("hello")["daemons"] == 0)
            let run = try await command.run("schedule", "run", "hello")
            #expect(run.status == 0 && run.output == "hello x\n", "\(run.errors)")
        }
    }

    @Test("a daemon runs it, and the command ends as the run did")
    func outcomes() async throws {
        try await CommandHarness.withGreeting { command, file in
            let failing = try command.write("runbook { }\nerror('no such luck')", to: "fail.lua")
            try await command.withDaemon {
                _ = try await command.run("schedule", "add", "hello", file, "--cron", "@daily", "--param", "role=x")
                _ = try await command.run("schedule", "add", "bad", failing, "--cron", "@daily")
                let run = try await command.run("schedule", "run", "hello")
                #expect(run.status == 0 && run.output == "hello x\n", "\(run.errors)")
                #expect(run.errors.contains("✓ hello succeeded: 0 calls, 0 changes in "))
                let failed = try await command.run("schedule", "run", "bad", "--json")
                #expect(failed.status == 1)
                let json = try JSONValue(parsing: failed.output)
                #expect(json["slot"]?["outcome"] == "failed" && json["slot"]?["origin"] == "person")
                #expect(json["run"]?["status"] == "failed" && json["run"]?["origin"] == "schedule:bad")
                #expect(failed.errors.contains("fail.lua:2: no such luck"))
                let shown = try await command.schedule("bad")
                #expect(shown["failing"] == true && shown["daemons"] == 1 && shown["slots"]?.arrayValue?.count == 1)
                let run1 = shown["slots"]?.arrayValue?.first?["run"]?.stringValue ?? ""
                #expect(shown["advice"]?.arrayValue?.first?["command"] == .string("runbook show \(run1) --calls"))
                let list = try await command.run("schedule", "list")
                #expect(list.errors.isEmpty && list.output.contains("failing"))
            }
        }
    }

    @Test("Ctrl-C ends the waiting and not the run, and one that is under way is not run twice")
    func interrupted() async throws {
        try await CommandHarness.withGreeting { command, _ in
            let slow = try command.write("runbook { }\nsleep(3600)", to: "slow.lua")
            try await command.withDaemon {
                _ = try await command.run("schedule", "add", "slow", slow, "--cron", "@daily")
                let planned = try await command.run("schedule", "run", "slow", "--no-wait")
                #expect(planned.status == 0 && planned.output.hasPrefix("slow is to be run now"))
                while try await command.schedule("slow")["running"] != 1 {}
                let again = try await command.run("schedule", "run", "slow")
                #expect(again.status == 1 && again.errors.contains("a slot of 'slow' is under way"))
                _ = try await command.run("schedule", "edit", "slow", "--overlap", "allow")
                let waiting = try command.start("schedule", "run", "slow")
                while try await command.schedule("slow")["running"] != 2 {}
                waiting.send(2)
                let left = await waiting.outcome
                #expect(left.status == 130 && left.errors.contains("not waiting any longer; the run goes on"))
                #expect(try await command.schedule("slow")["running"] == 2)
            }
        }
    }

    @Test("a followed file that needs more stops the schedule until somebody agrees")
    func stopped() async throws {
        try await CommandHarness.withGreeting { command, _ in
            let file = try command.write("runbook { } return 1", to: "follow.lua")
            try await command.withDaemon {
                _ = try await command.run("schedule", "add", "f", file, "--cron", "@daily", "--follow")
                try command.write("runbook { needs = { \"users:read\" } } return 2, users.get", to: "follow.lua")
                let refused = try await command.run("schedule", "run", "f")
                #expect(refused.status == 1 && refused.errors.contains("needs more than was agreed to: users:read"))
                let stopped = try await command.schedule("f")
                #expect(stopped["state"] == "paused")
                #expect(stopped["advice"]?.arrayValue?.first?["command"] == "runbook schedule resume f --approve")
                let approved = try await command.run("schedule", "resume", "f", "--approve", "--yes")
                #expect(approved.status == 0, "\(approved.errors)")
                let run = try await command.run("schedule", "run", "f")
                #expect(run.status == 0 && run.output == "2\n", "\(run.errors)")
            }
        }
    }

    @Test("one that only plans says how its plan is applied")
    func planOnly() async throws {
        try await CommandHarness.with(SimulatorConfiguration(users: 5)) { command, _ in
            let file = try command.write(
                "runbook { needs = { \"users:read\", \"users:update\", \"users:access\" } }\nusers.disable(3)")
            try await command.withDaemon {
                _ = try await command.run("schedule", "add", "p", file, "--cron", "@daily", "--plan-only")
                let run = try await command.run("schedule", "run", "p")
                #expect(run.status == 0 && run.errors.contains(" planned in "), "\(run.errors)")
                let advice = try await command.schedule("p")["advice"]?.arrayValue?.first?["command"]?.stringValue ?? ""
                #expect(advice.hasPrefix("runbook apply ") && run.errors.contains("Apply it with: \(advice)"))
                let plan = try #require(advice.split(separator: " ").last)
                let applied = try await command.run("apply", String(plan), "--yes")
                #expect(applied.status == 0, "\(applied.errors)")
                #expect(try await command.schedule("p")["advice"] == [])
            }
        }
    }

    @Test("the exit code is that of the run")
    func exitCodes() {
        var slot = Slot(schedule: "s", planned: 0, state: .ran, due: 0)
        let codes: [(RunStatus, Int32)] = [
            (.succeeded, 0), (.failed, 1), (.stopped, 4), (.needsDecision, 5), (.diverged, 6), (.cancelled, 130),
        ]
        for (outcome, code) in codes {
            slot.outcome = outcome
            #expect(SlotReport.exitStatus(slot, nil).rawValue == code)
        }
        slot.state = .missed
        slot.outcome = nil
        #expect(SlotReport.exitStatus(slot, nil).rawValue == 1)
    }
}
