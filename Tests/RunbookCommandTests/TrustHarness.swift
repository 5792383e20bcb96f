import ConsoleSimulator
import Foundation
import RESTClient
import Testing

@testable import runbook

/// A folder that is gone when the test is over.
func withTemporaryDirectory<Result>(
    _ body: (_ path: String) async throws -> Result
) async throws -> Result {
    let path = NSTemporaryDirectory() + "runbook-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

/// The permissions of a file or folder.
func permissions(_ path: String) -> UInt32? { LocalFiles().status(path)?.permissions }

/// The program itself, as a person runs it, with nobody to be asked.
struct Program {
    struct Outcome {
        let status: Int32
        let output: String
        let errors: String
    }

    /// What it is started with, and nothing else.
    var environment: [String: String]
    let directory: String

    /// - Parameter directory: where it works, and its home.
    init(directory: String) {
        self.directory = directory
        environment = ["HOME": directory, "PATH": "/usr/bin:/bin"]
    }

    func run(_ arguments: String...) async throws -> Outcome { try await run(arguments: arguments) }

    func run(arguments: [String]) async throws -> Outcome {
        let process = Process()
        // The tests' own program is built in the same folder.
        let folder = ConfigurationSources(environment: [:]).programDirectory
        process.executableURL = URL(fileURLWithPath: folder + "/runbook")
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.standardInput = FileHandle.nullDevice
        let streams = try ["out", "err"].map { name in
            let path = "\(directory)/.\(name)-\(UUID().uuidString)"
            try Data().write(to: URL(fileURLWithPath: path))
            return (path, try #require(FileHandle(forWritingAtPath: path)))
        }
        process.standardOutput = streams[0].1
        process.standardError = streams[1].1
        await withCheckedContinuation { continuation in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch {
                Issue.record(error, "runbook could not be started")
                process.terminationHandler = nil
                continuation.resume()
            }
        }
        let texts = try streams.map { path, handle in
            try handle.close()
            defer { try? FileManager.default.removeItem(atPath: path) }
            return try String(contentsOfFile: path, encoding: .utf8)
        }
        return Outcome(status: process.terminationStatus, output: texts[0], errors: texts[1])
    }
}

/// A simulated console with a certificate of its own.
func withSecureServer<Result: Sendable>(
    _ body: (_ server: SimulatorInfo, _ certificate: ServerCertificate) async throws -> Result
) async throws -> Result {
    try await ConsoleSimulator.withRunning(SimulatorConfiguration(users: 1, tls: true, xpanseUsers: 1)) { server in
        try await body(server, try await CertificateProbe.fetch(url: server.url))
    }
}
