import CommandSupport
import ConsoleSimulator
import Glibc
import Operations
import RunbookHost
import Testing

@testable import runbook

/// A run has one owner at a time: who takes it up, when, and what becomes of who had it before.
@Suite("A run that changes hands", .serialized) struct TakeOverTests {
    @Test func isCarriedByOneOfTwoThatTakeItUpAtOnce() async throws {
        let calm = try await UndisturbedRun()
        try await UndisturbedRun.with { run in
            #expect(try await run.run(until: KillProbe(.kill, .request, 9)).status == 128 + SIGKILL)
            // The first one has it, and stands still.
            let first = try run.begin(["resume", "last", "--no-input"], until: KillProbe(.stop, .request, 1))
            #expect(await first.waitUntilStopped())
            let second = try await run.live("resume", "last", "--no-input")
            #expect(second.status == ExitStatus.failed.rawValue)
            #expect(second.errors.contains("is carried by process \(first.identifier) on"), "\(second.errors)")
            #expect(try await run.history().lost.count == 1)
            first.send(SIGCONT)
            try await calm.check(run, first.outcome, "the first one")
        }
    }

    @Test func isTakenUpByOneOfManyThatBeginTogether() async throws {
        let calm = try await UndisturbedRun()
        try await UndisturbedRun.with { run in
            #expect(try await run.run(until: KillProbe(.kill, .request, 9)).status == 128 + SIGKILL)
            let rivals = try (1...4).map { _ in try run.begin(["resume", "last", "--no-input"]) }
            var outcomes: [CommandProcess.Outcome] = []
            for rival in rivals { outcomes.append(await rival.outcome) }
            let winners = outcomes.filter { $0.status == 0 }
            #expect(winners.count == 1)
            for loser in outcomes where loser.status != 0 {
                // Or it came when all was over.
                #expect(
                    loser.errors.contains("is carried by process") || loser.errors.contains("has succeeded"),
                    "\(loser.errors)")
            }
            try await calm.check(run, try #require(winners.first), "the quickest")
        }
    }

    /// A program that stood still until its lease had run out finds that another machine has gone on with its run: it
    /// changes nothing more, neither at the console nor in the journal.
    @Test func doesNothingMoreForAnOwnerThatSleptTooLong() async throws {
        let calm = try await UndisturbedRun(.oneByOne)
        // Within a commit it would keep the store from everybody else, what is on its way cannot be called back, which is why it
        // makes no two changes at once, and before its first request there is nothing to be taken from it.
        let begin = try #require(calm.moments.firstIndex { $0.moment == .request })
        let probes = calm.probes(.stop)[begin...].filter { [.committed, .answer].contains($0.moment) }
        let sleepers = try await probes.concurrently(3) { probe in
            try await calm.with { run in
                let sleeper = try run.begin(
                    ["run", run.runbook, "--no-input"], until: probe, environment: ["KILL_PROBE_LATER": "31"])
                guard await sleeper.waitUntilStopped() else { return 0 }
                let ending = try await run.resumeToTheEnd(isElsewhere: true)
                try await calm.check(run, ending.outcome, "\(probe)")
                let before = try await (run.console.ledger(), run.history().rows.count)
                sleeper.send(SIGCONT)
                let outcome = await sleeper.outcome
                let after = try await (run.console.ledger(), run.history().rows.count)
                #expect(after.0 == before.0, "\(probe): \(outcome.errors)")
                #expect(after.1 == before.1, "\(probe): \(outcome.errors)")
                guard outcome.status != 0 else { return 0 }
                #expect(outcome.status == ExitStatus.failed.rawValue, "\(probe): \(outcome.errors)")
                let reasons = ["is carried by process", "stood still"]
                #expect(reasons.contains { outcome.errors.contains($0) }, "\(probe): \(outcome.errors)")
                return 1
            }
        }
        #expect(sleepers.reduce(0, +) >= probes.count * 3 / 4)
    }

    @Test(arguments: [KillProbe.Moment.commit, .committed])
    func waitsForADecisionAsBeforeIfThatWasCutShort(moment: KillProbe.Moment) async throws {
        let calm = try await UndisturbedRun()
        // The last request but one is the second seed's.
        let requests = calm.moments.count { $0.moment == .request }
        try await UndisturbedRun.with { run in
            #expect(try await run.run(until: KillProbe(.kill, .request, requests - 1)).status == 128 + SIGKILL)
            #expect(try await run.live("resume", "last", "--no-input").status == ExitStatus.needsDecision.rawValue)
            // The first commit takes the run over, the second one records the decision.
            for number in 1...2 {
                #expect(try await run.decideAll(until: KillProbe(.kill, moment, number)) > 0)
                #expect(run.log.contains("killed"))
            }
            let ending = try await run.resumeToTheEnd()
            try await calm.check(run, ending.outcome, "\(moment)")
        }
    }

    @Test func isTakenUpWithAllOthersThatWereLeft() async throws {
        let calm = try await UndisturbedRun()
        try await UndisturbedRun.with { run in
            try run.harness.write("runbook {} return 1", to: "other.lua")
            #expect(try await run.live("run", "runbooks/other.lua").status == 0)
            // Left twice: at first, and by the one that took it up.
            #expect(try await run.run(until: KillProbe(.kill, .request, 7)).status == 128 + SIGKILL)
            let again = try await run.live("resume", "last", "--no-input", until: KillProbe(.kill, .request, 4))
            #expect(again.status == 128 + SIGKILL)
            try run.harness.write("runbook {} sleep(0.001) return 2", to: "other.lua")
            let other = try await run.live("run", "runbooks/other.lua", until: KillProbe(.kill, .commit, 2))
            #expect(other.status == 128 + SIGKILL)
            let all = try await run.live("resume", "--all", "--no-input")
            #expect(all.status == 0, "\(all.errors)")
            let runs = try await run.records()
            #expect(runs.map(\.status) == [.succeeded, .succeeded, .succeeded])
            let after = try await ConsoleSnapshot(of: run.console)
            #expect(after.holdsTheSame(as: calm.console))
            let nothing = try await run.live("resume", "--all", "--no-input")
            #expect(nothing.status == 0)
            #expect(nothing.errors.contains("no run was left behind"))
        }
    }

    /// A run that somebody has decided about is no longer `running`, until it is taken up.
    @Test func isTakenUpWithAllOthersAlsoIfItHadWaitedForADecision() async throws {
        let calm = try await UndisturbedRun()
        let requests = calm.moments.count { $0.moment == .request }
        try await UndisturbedRun.with { run in
            #expect(try await run.run(until: KillProbe(.kill, .request, requests - 1)).status == 128 + SIGKILL)
            #expect(try await run.live("resume", "last", "--no-input").status == ExitStatus.needsDecision.rawValue)
            #expect(try await run.decideAll() > 0)
            let again = try await run.live("resume", "last", "--no-input", until: KillProbe(.kill, .request, 1))
            #expect(again.status == 128 + SIGKILL)
            #expect(try await run.history().record.status == .running)
            var all = try await run.live("resume", "--all", "--no-input")
            if all.status == ExitStatus.needsDecision.rawValue {
                #expect(try await run.decideAll() > 0)
                all = try await run.live("resume", "last", "--no-input")
            }
            #expect(all.status == 0, "\(all.errors)")
            let after = try await ConsoleSnapshot(of: run.console)
            #expect(after.holdsTheSame(as: calm.console))
        }
    }
}
