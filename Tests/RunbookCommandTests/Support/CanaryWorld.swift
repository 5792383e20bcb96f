import ConsoleSimulator
import FoundationEssentials
import Glibc
import Operations
import Synchronization
import Testing

@testable import runbook

/// The program at a console that tells too much, with canaries in the place of everything that is secret, and a search of all
/// that it writes.
struct CanaryWorld {
    /// What every test plants, and what it takes to be found out: quotes, slashes, signs, letters of other alphabets.
    static let planted = [
        "parameter of a variable": "cAnary-1/env+\"ä\\~q zx",
        "parameter of a file": "cAnary-2 file&<é>%25=zx",
        "parameter of a program": "cAnary3programÄÖ/+zx",
        "literal in the source": "cAnary-4-literal-zx",
        "two-factor token of the login": "cAnary5tokenzxzx",
        "password that the server tells": "cAnary-6/told+zx",
        "key of the state": "ca9a12e8f1d37b5c60493e2a7f8b1c6d5e4f30291827364554637281f0e1d2c3",
    ]

    let harness: CommandHarness
    let console: SimulatedConsole
    let keeper: CanaryKeeper
    private let leavings = Leavings()

    /// What was written and may be gone, or never was a file.
    private final class Leavings: Sendable {
        let all = Mutex<[(place: String, bytes: [UInt8])]>([])
        func add(_ place: String, _ bytes: [UInt8]) { all.withLock { $0.append((place, bytes)) } }
    }

    /// Runs `body` in a world of its own, then searches everything.
    static func with(_ body: (CanaryWorld) async throws -> Void) async throws {
        try await CommandHarness.with(SimulatorConfiguration(users: 24)) { harness, info in
            try await SimulatedConsole(info).use { console in
                var canaries = planted
                canaries["password of the login"] = info.password
                canaries["API key"] = info.xpanse.standard.key
                let key = canaries.removeValue(forKey: "key of the state") ?? ""
                let keeper = CanaryKeeper(canaries, unknown: ["key of the state": key])
                let upstream = try #require(UInt16(info.url.split(separator: ":").last ?? ""))
                let teller = try TellingConsole(before: upstream) { try keeper.tell($0, $1) }
                defer { teller.close() }
                var harness = harness
                harness.environment["RUNBOOK_CONSOLE_URL"] = teller.url
                harness.environment["RUNBOOK_CONSOLE_TOKEN"] = canaries["two-factor token of the login"]
                harness.environment["RUNBOOK_XPANSE_URL"] = teller.url
                harness.environment["RUNBOOK_XPANSE_KEY_ID"] = info.xpanse.standard.id
                harness.environment["RUNBOOK_XPANSE_KEY"] = info.xpanse.standard.key
                harness.environment["CANARY"] = canaries["parameter of a variable"]
                let world = CanaryWorld(harness: harness, console: console, keeper: keeper)
                try world.prepare()
                try await body(world)
                try world.expectNoCanary()
            }
        }
    }

    /// Writes what the program reads: the runbook, the secrets, the user's configuration.
    private func prepare() throws {
        try harness.write(Self.script, to: "careless.lua")
        for folder in ["inputs", ".config/runbook"] {
            try FileManager.default.createDirectory(atPath: path(folder), withIntermediateDirectories: true)
        }
        try write(Self.planted["parameter of a file"] ?? "", to: "inputs/two")
        try write((Self.planted["parameter of a program"] ?? "") + "\n", to: "inputs/three")
        try write((Self.planted["key of the state"] ?? "") + "\n", to: "inputs/key")
        try write(
            """
            state: { key: { command: [cat, \(path("inputs/key"))] } }
            audit: { checkpoint: { file: \(path("checkpoints")) } }
            """, to: ".config/runbook/config.yaml")
    }

    func path(_ name: String) -> String { harness.directory + "/" + name }

    func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: URL(filePath: path(name))) }

    // MARK: The program

    /// The arguments that give the runbook its secrets, in three of the ways.
    static let secrets = [
        "--param", "one=env:CANARY", "--param", "two=file:inputs/two", "--param", "three=command:cat inputs/three",
    ]

    /// Runs the program; what it writes is searched at the end.
    ///
    /// - Parameter mayShowResult: whether stdout is the script's own result, which may be anything.
    @discardableResult
    func run(_ arguments: String..., mayShowResult: Bool = false) async throws -> CommandProcess.Outcome {
        try await run(arguments, mayShowResult: mayShowResult)
    }

    /// Runs the careless runbook.
    @discardableResult
    func careless(
        _ command: String, how: String = "", _ arguments: [String] = [], mayShowResult: Bool = false
    ) async throws -> CommandProcess.Outcome {
        try await run(
            [command, "runbooks/careless.lua", "--no-input", "--log-level", "debug", "--param", "how=\(how)"]
                + Self.secrets + arguments, mayShowResult: mayShowResult)
    }

    @discardableResult
    func run(_ arguments: [String], mayShowResult: Bool) async throws -> CommandProcess.Outcome {
        let process = try CommandProcess(
            arguments, environment: harness.environment, directory: harness.directory, program: CommandProcess.program)
        keeper.follow(process.identifier, isCareless: arguments.contains { $0.hasPrefix("one=") })
        let outcome = await process.outcome
        let name = "'\(arguments.prefix(3).joined(separator: " "))'"
        leavings.add("stderr of \(name)", Array(outcome.errors.utf8))
        if !mayShowResult { leavings.add("stdout of \(name)", Array(outcome.output.utf8)) }
        return outcome
    }

    // MARK: The search

    /// Keeps the files as they are now: some are gone when the next process is done.
    func keepFiles() throws {
        for (name, bytes) in try files() { leavings.add(name, bytes) }
    }

    /// Every file that the program has written.
    private func files() throws -> [(String, [UInt8])] {
        let inputs = ["inputs/", "runbooks/", ".config/"]
        return try FileManager.default.subpathsOfDirectory(atPath: harness.directory).sorted().compactMap { name in
            guard !inputs.contains(where: { name.hasPrefix($0) || name + "/" == $0 }),
                let data = try? Data(contentsOf: URL(filePath: path(name)))
            else { return nil }
            return (name, [UInt8](data))
        }
    }

    /// Searches all that was written for all canaries, and says how much that was.
    private func expectNoCanary() throws {
        try keepFiles()
        var search = CanarySearch(keeper.canaries)
        for (place, bytes) in leavings.all.withLock({ $0 }) { search.search(bytes, place) }
        // What the test itself has put into the variables of the program is there.
        let given = Set(harness.environment.map { "\($0.key)=\($0.value)" })
        for sample in keeper.samples {
            let place = "\(sample.file) of the \(sample.isWorker ? "worker" : "program")"
            if sample.isWorker, sample.file == "environ" { #expect(sample.bytes.isEmpty) }
            let parts = sample.bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            search.search(parts.filter { !given.contains($0) }.joined(separator: "\n"), place)
        }
        for find in search.finds.sorted(by: { $0.description < $1.description }) { Issue.record("\(find)") }
        let places = leavings.all.withLock { Set($0.map(\.place)) }
        #expect(places.contains { $0.hasSuffix("runbook.db") })
        #expect(places.count > 6 && search.bytes > 200_000, "\(search.bytes) bytes in \(places.sorted())")
        #expect(keeper.samples.contains { $0.isWorker } && keeper.samples.contains { !$0.isWorker })
        // Those that were planted, and some that only the requests tell of.
        #expect(keeper.canaries.count > Self.planted.count + 3 && search.patternCount > 150)
        print(
            "searched \(search.bytes) bytes in \(search.places) places for \(keeper.canaries.count) canaries in "
                + "\(search.patternCount) forms")
    }
}
