import Operations
import RunbookHost
import RunbookSchedule
import Testing

@testable import runbook

/// `runbook schedule show`.
@Suite("The command: schedule show")
struct ScheduleShowCommandTests {
    private func page(
        _ entry: ScheduleEntry, _ slots: [Slot], hasDaemon: Bool = true, plan: String? = nil
    ) throws -> SchedulePage {
        let zone = SampleSchedules.zone(entry.schedule)
        let times = try ScheduleTimes(of: entry.schedule, zones: SampleSchedules.zones)
        return SchedulePage(
            entry: entry, firings: times.firings(after: SampleSchedules.now, count: 5), slots: slots,
            advice: ScheduleAdvice.all(
                for: entry, slots: slots, hasDaemon: hasDaemon, plan: plan, now: SampleSchedules.now),
            zones: SampleSchedules.zones, zone: zone, now: SampleSchedules.now, style: ScreenStyle())
    }

    @Test("says all that is set, what comes next, what became of the slots, and what to do")
    func full() throws {
        let text = try page(SampleSchedules.full, SampleSchedules.slots, plan: "1mplan").text
        try Golden.check(text, "schedule-show.txt")
        #expect(!text.contains("hunter2") && !text.contains("T0K3N") && !text.contains("\u{202e}"))
    }

    @Test("says why it is paused, and that nobody is there to run it")
    func pausedAndOverdue() throws {
        let rows = SampleSchedules.rows
        try Golden.check(try page(rows[0].entry, []).text, "schedule-show-paused.txt")
        let overdue = try page(rows[3].entry, [], hasDaemon: false).text
        #expect(overdue.contains("since 2026-03-27 10:00 +00:00 nobody was there to run what was due"))
        #expect(overdue.contains("No daemon is running, so nothing is run.\n    runbook serve"))
    }

    @Test("advises what fits how the last slot went")
    func advice() {
        var entry = SampleSchedules.full
        func commands(_ slots: [Slot]) -> [String] {
            ScheduleAdvice.all(for: entry, slots: slots, hasDaemon: true, plan: nil, now: SampleSchedules.now)
                .map(\.command)
        }
        let slots = SampleSchedules.slots
        #expect(commands([slots[1]]) == ["runbook show 1m7zy5yrghc5sf01 --calls"])
        #expect(commands(slots) == ["runbook show 1m7zy6mhq74wd44k --calls"])
        #expect(commands([slots[4]]) == ["runbook show 1m7zy5yrghc5sf04"])
        var refused = slots[1]
        refused.state = .skipped
        refused.outcome = nil
        #expect(commands([refused]) == ["runbook schedule run nightly"])
        entry.schedule.isFailing = false
        #expect(commands([slots[1]]).isEmpty)
        entry.schedule.phase = .paused
        entry.schedule.pauseReason = "needs more: 'runbook schedule resume nightly --approve'"
        #expect(commands([]) == ["runbook schedule resume nightly --approve"])
        var denied = slots[1]
        denied.outcome = .stopped
        denied.reason = "(signatures.require: all) 'runbook resume \(denied.runs.last ?? "")'"
        entry.schedule.pauseReason = denied.reason
        entry.schedule.runbook = "/my runbooks/a.lua"
        #expect(
            commands([denied]).prefix(2) == [
                "runbook sign '/my runbooks/a.lua'", "runbook resume \(denied.runs.last ?? "")",
            ])
        denied.reason = "(signatures.require: all) nothing was begun"
        #expect(commands([denied]).allSatisfy { !$0.hasPrefix("runbook resume") })
        entry.schedule.phase = .removed
        #expect(commands(slots).isEmpty)
    }

    @Test("a document has everything that is not secret")
    func document() throws {
        let entry = SampleSchedules.full
        let document = ScheduleDocument(
            entry: entry, firings: [], slots: SampleSchedules.slots, zone: SampleSchedules.zone(entry.schedule),
            now: SampleSchedules.now)
        let text = JSONValue.object(document.members).text
        #expect(!text.contains("hunter2") && !text.contains("T0K3N"))
        let json = try JSONValue(parsing: text)
        #expect(json["failing"] == true && json["jitter_ms"] == 30_000 && json["max_changes"] == 12)
        #expect(json["catchup"] == ["max": 5, "mode": "all", "window_ms": 7_200_000])
        #expect(json["notify"]?.arrayValue?.first?["on"] == ["failed", "needs-decision"])
        #expect(json["last"]?["outcome"] == "failed")
        let slots = document.slotList.arrayValue ?? []
        #expect(slots.map { $0["state"] } == ["waiting", "ran", "ran", "skipped", "ran", "missed"])
        #expect(slots[0]["due"] == .integer(SampleSchedules.now + 60_000) && slots[5]["due"] == nil)
        #expect(slots[4]["late_ms"] == 1_800_000 && slots[4]["origin"] == "catch-up")
        #expect(slots[4]["local"] == "2026-03-27T09:00:00+01:00" && slots[4]["utc"] == "2026-03-27T08:00:00Z")
    }

    @Test("says so if its zone is not there any more")
    func lostZone() async throws {
        try await CommandHarness.withGreeting { command, file in
            var command = command
            _ = try await command.run(
                "schedule", "add", "nightly", file, "--param", "role=x", "--cron", "0 3 * * *")
            command.environment["TZDIR"] = command.directory
            let page = try await command.run("schedule", "show", "nightly")
            #expect(page.status == 0 && page.output.contains("Europe/Berlin") && page.output.contains("tzdata"))
            #expect(!page.output.contains("nothing any more"))
            let list = try await command.run("schedule", "list")
            #expect(list.status == 0 && list.output.contains("at 03:00 every day"))
            let next = try await command.run("schedule", "next", "nightly")
            #expect(next.status == 64 && next.errors.contains("tzdata"))
        }
    }

    @Test("finds a schedule by its name or its id, and says which one may be meant")
    func found() async throws {
        try await CommandHarness.withGreeting { command, file in
            _ = try await command.run(
                "schedule", "add", "nightly", file, "--param", "role=x", "--param", "key=env:KEY", "--cron", "0 3 * * *"
            )
            let json = try await command.schedule("nightly")
            #expect(json["slots"] == [] && json["daemons"] == 0 && json["next"]?.arrayValue?.count == 5)
            #expect(json["advice"]?.arrayValue?.first?["command"] == "runbook serve")
            #expect(json["parameters"] == ["role": "x", "key": "‹secret› from env:KEY"])
            let id = try #require(json["id"]?.stringValue)
            #expect(try await command.schedule(id)["schedule"] == "nightly")
            let page = try await command.run("schedule", "show", "nightly")
            #expect(page.status == 0 && page.output.hasPrefix("active  nightly\n"))
            #expect(page.output.contains("param key   ‹secret› from env:KEY"))
            let near = try await command.run("schedule", "show", "nigthly")
            #expect(
                near.status == 64 && near.errors.contains("there is no schedule 'nigthly'; did you mean 'nightly'?"))
            let far = try await command.run("schedule", "show", "else")
            #expect(far.status == 64 && far.errors.contains("'runbook schedule list' shows those that there are"))
            let wrong = try await command.run("schedule", "show", "nightly", "--limit", "-1")
            #expect(wrong.status == 64)

            let removed = try await command.run("schedule", "remove", "nightly")
            #expect(removed.status == 0 && removed.output.contains("'runbook schedule show \(id)' shows them"))
            #expect(try await command.schedule(id)["state"] == "removed")
            let gone = try await command.run("schedule", "show", "nightly")
            #expect(gone.status == 64)
            let edit = try await command.run("schedule", "pause", id)
            #expect(edit.status == 64 && edit.errors.contains("was removed: add one anew"))
        }
    }
}
