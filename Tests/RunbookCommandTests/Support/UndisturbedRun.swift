import CommandSupport
import ConsoleSimulator
import Operations
import RunbookHost
import Testing

/// A run that nothing disturbs, which those that are cut short are compared with.
struct UndisturbedRun {
    /// What it does.
    enum Script: Sendable {
        /// Everything that a host must not lose and must not do twice, some of it at once.
        case everything
        /// One change after the other; the id of the user that is made is known only then.
        case oneByOne

        fileprivate var source: String { self == .everything ? UndisturbedRun.everything : UndisturbedRun.oneByOne }
    }

    private static let everything = """
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
        end)
        users.set_sites(ids.second, { 2 })
        log.info("half of it is done", { at = os.time(), dice = math.random(1000) })
        users.patch(5, { name = "Renamed" })
        users.disable(4)
        local seeds = parallel({ 4, 5 }, 2, function(id) return tostring(twofa.regenerate(id)) end)
        return { access = users.sites(ids.second), seeds = seeds }
        """

    private static let oneByOne = """
        runbook {
            title = "One by one",
            needs = { "users:create", "users:update", "users:read", "users:access", "twofa:write" },
        }
        local id = users.create {
            login = "first", name = "first", email = "first@example.com", password = secrets.generate(), role = { id = "user" },
        }
        users.set_sites(id, { 2 })
        users.disable(4)
        return { access = users.sites(id), seed = tostring(twofa.regenerate(4)) }
        """

    /// What the console holds then.
    let console: ConsoleSnapshot
    /// The result, as the program writes it.
    let output: String
    private let script: Script
    private let way: MortalRun.Way
    /// What the run has passed.
    let moments: [(moment: KillProbe.Moment, number: Int)]

    /// How many changes it makes.
    var changes: Int { console.changes.values.reduce(0, +) }

    init(_ script: Script = .everything, _ way: MortalRun.Way = .run) async throws {
        self = try await Self.with(script, way) { run in
            // A moment that no run comes to: they are only counted.
            let outcome = try await run.run(until: KillProbe(.kill, .request, .max))
            try #require(outcome.status == 0, "\(outcome.errors)")
            let console = try await ConsoleSnapshot(of: run.console)
            let operations = Set(console.changes.keys.compactMap { $0.split(separator: " ").first.map(String.init) })
            let all: Set = ["users.create", "users.set_sites", "users.update", "twofa.regenerate"]
            #expect(operations.isSuperset(of: script == .everything ? all.union(["users.unlock"]) : all))
            return Self(
                console: console, output: outcome.output, script: script, way: way,
                moments: KillProbe.moments(in: run.log))
        }
    }

    /// One of a few, of which it passes the fewest moments: how many commits are shared varies, and those that only a longer
    /// run has would be waited for in vain.
    static func shortest(of count: Int) async throws -> UndisturbedRun {
        var shortest = try await UndisturbedRun()
        for _ in 1..<count {
            let other = try await UndisturbedRun()
            if other.moments.count < shortest.moments.count { shortest = other }
        }
        return shortest
    }

    private init(
        console: ConsoleSnapshot, output: String, script: Script, way: MortalRun.Way,
        moments: [(moment: KillProbe.Moment, number: Int)]
    ) {
        self.console = console
        self.output = output
        self.script = script
        self.way = way
        self.moments = moments
    }

    /// Runs `body` with such a run that was not begun, at a console of its own.
    func with<Result>(_ body: (MortalRun) async throws -> Result) async throws -> Result {
        try await Self.with(script, way, body)
    }

    /// The same.
    static func with<Result>(
        _ script: Script = .everything, _ way: MortalRun.Way = .run, faults: Faults = Faults(),
        _ body: (MortalRun) async throws -> Result
    ) async throws -> Result {
        try await MortalRun.with(
            script.source, way,
            SimulatorConfiguration(
                users: 4, lockedFraction: 0, lockedInRole: LockedRole(role: "tier-1-support", count: 2), faults: faults),
            body)
    }

    /// The probes that do something at each moment that it has passed.
    func probes(_ action: KillProbe.Action) -> [KillProbe] {
        // What it writes before its first request it writes before it has a worker.
        let begin = action == .worker ? moments.firstIndex { $0.moment == .request } ?? 0 : 0
        // And without it, it takes in all answers that are still to come.
        return moments[begin...].filter { action != .worker || $0.moment != .answer }
            .map { KillProbe(action, $0.moment, $0.number) }
    }

    /// Checks that a run that is over has done the same.
    ///
    /// - Parameters:
    ///   - outcome: how its last life ended.
    ///   - what: names the trial.
    /// - Returns: how many changes were made again.
    @discardableResult func check(
        _ run: MortalRun, _ outcome: CommandProcess.Outcome, _ what: String
    ) async throws -> Int {
        let history = try await run.history(), after = try await ConsoleSnapshot(of: run.console)
        #expect(history.record.status == .succeeded, "\(what): \(outcome.errors)")
        // Its end may have been recorded before it was killed; nobody has seen the result then.
        if outcome.status != ExitStatus.usage.rawValue {
            #expect(outcome.status == 0, "\(what): \(outcome.errors)")
            #expect(outcome.output == output, "\(what)")
        }
        #expect(console.changes(notIn: after) == [:], "\(what): these are lost")
        #expect(after.holdsTheSame(as: console), "\(what)")
        var mayBeThereAgain: [String: Int] = [:]
        let doubtful = history.lost.flatMap { $0 } + history.repeated + history.restorations
        for call in doubtful where call.effect?.maySendAgain == true {
            mayBeThereAgain[after.change(call.operation, path: call.path), default: 0] += 1
        }
        let more = after.changes(notIn: console)
        for (change, count) in more {
            #expect(count <= mayBeThereAgain[change] ?? 0, "\(what): \(change) was made \(count) times too often")
        }
        for open in history.lost {
            // Each task waits for its change before it makes the next one.
            #expect(Set(open.map(\.task)).count == open.count, "\(what): \(open)")
        }
        return more.values.reduce(0, +)
    }
}
