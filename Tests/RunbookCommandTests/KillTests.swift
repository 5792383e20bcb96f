import CommandSupport
import ConsoleSimulator
import Glibc
import Operations
import RunbookHost
import Testing

@testable import runbook

/// The real program is killed at every moment at which its journal or the console changes, and what it leaves behind is
/// taken up: in the end everything was done, and nothing twice that must not be.
@Suite("A run that is killed") struct KillTests {
    static let script = """
        runbook {
            title = "Everything that can be cut short",
            needs = { "users:read", "users:create", "users:update", "users:unlock", "users:access", "twofa:write" },
        }
        parallel(users.each { locked = true, enabled = true }, 2, function(user)
            users.unlock(user.id)
            users.set_sites(user.id, { 1, 3 })
        end)
        local ids = {}
        parallel({ "first", "second" }, 2, function(login)
            ids[login] = users.create {
                login = login, name = login, email = login .. "@example.com", password = secrets.generate(),
                role = { id = "user" },
            }
            users.set_sites(ids[login], { 2 })
        end)
        log.info("half of it is done", { at = os.time(), dice = math.random(1000) })
        users.patch(5, { name = "Renamed" })
        users.disable(4)
        local seeds = parallel({ 4, 5 }, 2, function(id) return tostring(twofa.regenerate(id)) end)
        return { access = users.sites(ids.first), seeds = seeds, enabled = users.get(4).enabled }
        """

    static func configuration(_ faults: Faults = Faults()) -> SimulatorConfiguration {
        SimulatorConfiguration(users: 5, lockedInRole: LockedRole(role: "tier-1-support", count: 2), faults: faults)
    }

    /// What an undisturbed run does, and which moments it passes.
    private func undisturbed() async throws -> (
        after: ConsoleSnapshot, output: String, moments: [(moment: KillProbe.Moment, number: Int)]
    ) {
        try await MortalRun.with(Self.script, Self.configuration()) { run in
            // A moment that no run comes to: they are only counted.
            let outcome = try await run.run(until: KillProbe(action: .kill, moment: .request, number: .max))
            try #require(outcome.status == 0, "\(outcome.errors)")
            let after = try await ConsoleSnapshot(of: run.console)
            let operations = Set(after.changes.keys.map { $0.prefix { $0 != " " } })
            #expect(
                operations.isSuperset(of: [
                    "users.unlock", "users.create", "users.set_sites", "users.update", "twofa.regenerate",
                ]))
            return (after, outcome.output, KillProbe.moments(in: run.log))
        }
    }

    /// What became of one run that was cut short.
    private struct Trial {
        let probe: KillProbe
        var wasCutShort = false
        /// How many changes were carried out before it was.
        var changesBefore = 0
        var decisions = 0
        /// Changes that were made again.
        var again = 0
    }

    private func trial(_ probe: KillProbe, like calm: ConsoleSnapshot, _ output: String) async throws -> Trial {
        try await MortalRun.with(Self.script, Self.configuration()) { run in
            var trial = Trial(probe: probe)
            let first = try await run.run(until: probe)
            trial.wasCutShort = run.wasCutShort
            guard first.status != 0 else {
                // It took fewer commits than the one that was counted, or lost its worker when that had ended.
                try await check(run, first, like: calm, output, "\(probe)")
                return trial
            }
            #expect(first.status == (probe.action == .kill ? 128 + SIGKILL : ExitStatus.failed.rawValue), "\(probe): \(first.errors)")
            trial.changesBefore = try await run.console.ledger().count
            let ending = try await run.resumeToTheEnd()
            trial.decisions = ending.decisions
            trial.again = try await check(run, ending.outcome, like: calm, output, "\(probe)")
            return trial
        }
    }

    /// Checks that a run that is over has done the same as an undisturbed one.
    ///
    /// - Returns: how many changes were made again.
    @discardableResult private func check(
        _ run: MortalRun, _ outcome: CommandProcess.Outcome, like calm: ConsoleSnapshot, _ output: String,
        _ what: String
    ) async throws -> Int {
        let history = try await run.history(), after = try await ConsoleSnapshot(of: run.console)
        #expect(history.record.status == .succeeded, "\(what): \(outcome.errors)")
        // Its end may have been recorded before it was killed; nobody has seen the result then.
        if outcome.status != ExitStatus.usage.rawValue {
            #expect(outcome.status == 0, "\(what): \(outcome.errors)")
            #expect(outcome.output == output, "\(what)")
        }
        #expect(calm.changes(notIn: after) == [:], "\(what): lost")
        #expect(after.holdsTheSame(as: calm), "\(what)")
        var mayBeThereAgain: [String: Int] = [:]
        for call in history.lost.flatMap({ $0 }) + history.restorations where call.effect?.maySendAgain == true {
            mayBeThereAgain[after.change(call.operation, path: call.path), default: 0] += 1
        }
        let more = after.changes(notIn: calm)
        for (change, count) in more {
            #expect(count <= mayBeThereAgain[change] ?? 0, "\(what): \(change) was made \(count) times too often")
        }
        for open in history.lost {
            // Each task waits for its change before it makes the next one.
            #expect(Set(open.map(\.task)).count == open.count, "\(what)")
        }
        return more.values.reduce(0, +)
    }

    /// Tries all moments, two at once.
    private func trials(_ action: KillProbe.Action) async throws -> [Trial] {
        let (calm, output, moments) = try await undisturbed()
        let probes = moments.map { KillProbe(action: action, moment: $0.moment, number: $0.number) }
        let trials = try await probes.concurrently(3) { try await trial($0, like: calm, output) }
        let kills = trials.filter(\.wasCutShort)
        let total = calm.changes.values.reduce(0, +)
        // How many commits are shared varies a little.
        #expect(kills.count >= probes.count * 9 / 10, "\(kills.count) of \(probes.count)")
        let midway = kills.count { (1..<total).contains($0.changesBefore) }
        #expect(midway >= probes.count / 2, "\(midway) of \(probes.count)")
        return trials
    }

    @Test func itsProcessAnywhereAndResumedItDoesEverythingOnce() async throws {
        let trials = try await trials(.kill)
        #expect(trials.reduce(0) { $0 + $1.decisions } >= 4)
        #expect(trials.contains { $0.again > 0 })
    }

    @Test func itsWorkerAnywhereAndResumedItDoesEverythingOnce() async throws {
        _ = try await trials(.worker)
    }
}

extension Collection where Element: Sendable {
    /// What `work` makes of every element, in their order, so many at once.
    func concurrently<Result: Sendable>(
        _ width: Int, _ work: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var results: [Int: Result] = [:]
            for (index, element) in enumerated() {
                if index >= width, let (done, result) = try await group.next() { results[done] = result }
                group.addTask { (index, try await work(element)) }
            }
            for try await (done, result) in group { results[done] = result }
            return results.sorted { $0.key < $1.key }.map(\.value)
        }
    }
}
