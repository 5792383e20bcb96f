import ConsoleSimulator
import FoundationEssentials
import Glibc

@testable import runbook

/// A folder of runbooks, and the program with the variables of a simulator.
struct CommandHarness {
    let directory: String
    var environment: [String: String]

    /// Runs `body` with a simulator.
    static func with(
        _ configuration: SimulatorConfiguration = SimulatorConfiguration(users: 20),
        _ body: (CommandHarness, SimulatorInfo) async throws -> Void
    ) async throws {
        try await ConsoleSimulator.withRunning(configuration) { info in
            try await without { harness in
                var harness = harness
                harness.environment["RUNBOOK_CONSOLE_URL"] = info.url
                harness.environment["RUNBOOK_CONSOLE_USER"] = info.user
                harness.environment["RUNBOOK_CONSOLE_PASSWORD"] = info.password
                try await body(harness, info)
            }
        }
    }

    /// Runs `body` with no target at all.
    static func without(_ body: (CommandHarness) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            try await body(
                CommandHarness(
                    directory: directory,
                    environment: ["HOME": directory, "PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"]))
        }
    }

    /// Every change that the simulator has carried out.
    static func ledger(_ info: SimulatorInfo) async throws -> [SimulatedConsole.Change] {
        try await SimulatedConsole(info).use { try await $0.ledger() }
    }

    /// Writes a runbook and gives its path.
    @discardableResult
    func write(_ source: String, to name: String = "test.lua") throws -> String {
        let folder = directory + "/runbooks"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(source.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        return "runbooks/\(name)"
    }

    /// The program in a folder without those that belong beside it.
    func programAlone() throws -> String {
        let alone = directory + "/runbook"
        // A second name is enough, and quicker than a copy.
        if link(CommandProcess.program, alone) != 0 {
            try FileManager.default.copyItem(atPath: CommandProcess.program, toPath: alone)
        }
        return alone
    }

    func start(_ arguments: String..., program: String = CommandProcess.program) throws -> CommandProcess {
        try CommandProcess(arguments, environment: environment, directory: directory, program: program)
    }

    func run(_ arguments: String...) async throws -> CommandProcess.Outcome {
        try await CommandProcess(
            arguments, environment: environment, directory: directory, program: CommandProcess.program
        ).outcome
    }
}
