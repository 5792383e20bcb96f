import CommandSupport
import ConsoleSimulator
import Glibc
import Operations
import RunbookHost
import Synchronization
import Testing

@testable import runbook

/// The real program is killed at every moment at which its journal or the console changes, and what it leaves behind is
/// taken up: in the end everything was done, and nothing twice that must not be.
@Suite("A run that is killed", .serialized) struct KillTests {
    /// What became of one run that was cut short.
    private struct Trial {
        var probe: KillProbe?
        var wasCutShort = false
        /// How many changes were carried out before it was.
        var changesBefore = 0
        var decisions = 0
        /// Changes that were made again.
        var again = 0
    }

    private func trial(_ probe: KillProbe, like calm: UndisturbedRun) async throws -> Trial {
        try await calm.with { run in
            var trial = Trial(probe: probe)
            let first = try await run.run(until: probe)
            trial.wasCutShort = run.wasCutShort
            guard first.status != 0 else {
                // It took fewer commits than the one that was counted, or did not need its worker any more.
                try await calm.check(run, first, "\(probe)")
                return trial
            }
            let expected = probe.action == .kill ? 128 + SIGKILL : ExitStatus.failed.rawValue
            #expect(first.status == expected, "\(probe): \(first.errors)")
            trial.changesBefore = try await run.console.ledger().count
            let ending = try await run.resumeToTheEnd()
            trial.decisions = ending.decisions
            trial.again = try await calm.check(run, ending.outcome, "\(probe)")
            return trial
        }
    }

    /// Tries all moments, and checks that the run was really cut short at them, as a rule with some of it done.
    private func trials(_ action: KillProbe.Action) async throws -> [Trial] {
        let calm = try await UndisturbedRun.shortest(of: 4)
        let trials = try await calm.probes(action).concurrently(3) { try await trial($0, like: calm) }
        // How many commits are shared, and in how many pieces an answer comes, varies a little.
        let missed = trials.filter { !$0.wasCutShort }.compactMap(\.probe)
        #expect(missed.count <= trials.count / 5, "\(missed)")
        #expect(!missed.contains { $0.moment == .request }, "\(missed)")
        let midway = trials.count { (1..<calm.changes).contains($0.changesBefore) }
        #expect(midway >= trials.count / 2, "\(midway) of \(trials.count)")
        return trials
    }

    @Test func atAnyMomentAndResumedDoesEverythingOnce() async throws {
        let trials = try await trials(.kill)
        #expect(trials.reduce(0) { $0 + $1.decisions } >= 4)
        #expect(trials.contains { $0.again > 0 })
    }

    @Test func withItsWorkerAtAnyMomentAndResumedDoesEverythingOnce() async throws {
        _ = try await trials(.worker)
    }

    /// What was taken up is bound to the plan too, and finds the user whom an earlier life has made.
    @Test func whileItAppliesAPlanDoesEverythingOnce() async throws {
        let calm = try await UndisturbedRun(.oneByOne, .apply)
        let probes = calm.probes(.kill).filter { [.committed, .request].contains($0.moment) }
        let trials = try await probes.concurrently(3) { try await trial($0, like: calm) }
        #expect(trials.count { $0.wasCutShort } >= probes.count * 4 / 5)
        #expect(trials.contains { $0.decisions > 0 })
    }

    @Test func againAndAgainComesToItsEnd() async throws {
        let calm = try await UndisturbedRun()
        let lives = try await Array(1...6 as ClosedRange<UInt64>).concurrently(3) { (seed: UInt64) -> Int in
            try await UndisturbedRun.with { run in
                var random = Dice(seed: seed)
                let first = try await run.run(until: random.probe())
                guard first.status != 0 else { return 1 }
                // Every life may end early, but for the last ones.
                let probes = (0..<12).map { _ in random.probe() }
                let ending = try await run.resumeToTheEnd { $0 <= probes.count ? probes[$0 - 1] : nil }
                try await calm.check(run, ending.outcome, "\(seed)")
                return ending.resumptions + 1
            }
        }
        #expect(lives.reduce(0, +) >= 36, "\(lives)")
    }

    /// A generator that gives the same on every machine.
    private struct Dice: RandomNumberGenerator {
        private var state: UInt64

        init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 }

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 33)
        }

        mutating func probe() -> KillProbe {
            KillProbe(
                Int.random(in: 0..<4, using: &self) == 0 ? .worker : .kill,
                KillProbe.Moment.allCases.randomElement(using: &self) ?? .commit, Int.random(in: 1...6, using: &self))
        }
    }

    /// The connection is reset at the nth change, before it has an effect or after.
    @Test(arguments: [Fault.resetBefore, .resetAfter])
    func orLosesItsConnectionAtAnyChangeDoesEverythingOnce(fault: Fault) async throws {
        let calm = try await UndisturbedRun()
        let trials = try await Array(1...calm.changes).concurrently(3) { number in
            let hits = Mutex(0)
            var faults = Faults(script: Array(repeating: .none, count: number - 1) + [fault])
            faults.applies = { method, _ in
                guard method != "GET" else { return false }
                hits.withLock { $0 += 1 }
                return true
            }
            return try await UndisturbedRun.with(faults: faults) { run in
                var trial = Trial()
                var outcome = try await run.run()
                trial.wasCutShort = hits.withLock { $0 } >= number
                if outcome.status != 0 {
                    #expect(outcome.status == ExitStatus.needsDecision.rawValue, "\(number): \(outcome.errors)")
                    let ending = try await run.resumeToTheEnd()
                    trial.decisions = ending.decisions
                    outcome = ending.outcome
                }
                trial.again = try await calm.check(run, outcome, "\(fault) at change \(number)")
                return trial
            }
        }
        #expect(trials.allSatisfy { $0.wasCutShort })
        #expect(trials.count { $0.decisions > 0 } >= 2)
    }
}
