import ArgumentParser
import CommandSupport
import FoundationEssentials
import Operations
import RunbookHost
import Testing

@testable import RunbookStore
@testable import runbook

/// A state folder with an audit log of some lines, and the program that reads it.
struct AuditHarness {
    let command: CommandHarness
    let store: SQLiteStore

    /// Runs `body` with a log of so many lines.
    static func with(lines count: Int, _ body: (AuditHarness) async throws -> Void) async throws {
        try await CommandHarness.without { command in
            let harness = AuditHarness(
                command: command, store: SQLiteStore(path: command.directory + "/state/runbook.db"))
            if count > 0 { try await harness.add(1...count) }
            try await body(harness)
            await harness.store.close()
        }
    }

    /// Writes lines to the log.
    func add(_ numbers: ClosedRange<Int>) async throws {
        try await store.audit(
            numbers.map { number in
                AuditEvent(
                    number % 7 == 1 ? .runBegan : .call, unixMilliseconds: 1_700_000_000_000 + Int64(number) * 1000,
                    [
                        "operation": "users.unlock", "outcome": "done", "target_type": "user", "target_id": "7",
                        "number": .integer(Int64(number)),
                    ])
            })
    }

    /// The lines that there are.
    func lines() async throws -> [AuditLine] { try await store.auditLines(after: 0, limit: 10_000) }

    /// Changes the database as somebody may who has the file.
    func alter(_ sql: String, _ values: SQLiteValue...) throws {
        let database = try Database(path: store.path)
        database.setPatience(.seconds(30))
        _ = try database.all(sql, values) { _ in }
    }

    /// What is found out about the log.
    func verify(checkpoints: [AuditCheckpoint] = []) async throws -> AuditVerification {
        try await StoredAuditLog(store).verify(from: 1, checkpoints: checkpoints)
    }

    /// Runs `runbook audit` with the state folder.
    func audit(_ arguments: String...) async throws -> CommandProcess.Outcome {
        try await CommandProcess(
            ["audit"] + arguments + ["--state", "state"], environment: command.environment,
            directory: command.directory, program: CommandProcess.program
        ).outcome
    }

    /// Writes a file in the working directory and gives its path.
    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let path = "\(command.directory)/\(name)"
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    func read(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: "\(command.directory)/\(name)")))
    }

    /// The user's own configuration file.
    func configure(_ text: String) throws {
        let folder = command.directory + "/.config/runbook"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: folder + "/config.yaml"))
    }

    /// The configuration as the program reads it.
    func configuration() throws -> Configuration {
        var options = try GlobalOptions.parse(["--state", command.directory + "/state"])
        options.noInput = true
        return try Configuration.load(options, environment: command.environment)
    }
}
