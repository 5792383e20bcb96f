import FoundationEssentials
import Operations
import RunbookHost
import Testing

extension CommandHarness {
    /// Makes the key `name` in the folder of the test and gives the line that lists it.
    func makeKey(_ name: String) async throws -> String {
        let made = try await run("sign", "--make-key", name, "--name", name, "--json")
        #expect(made.status == 0, "\(made.errors)")
        return try #require(try JSONValue(parsing: made.output)["line"]?.stringValue)
    }

    /// The user's own configuration file: lists keys, and says what must be signed.
    func demand(_ requirement: SignatureRequirement?, keys: [String]) throws {
        var text = "signatures:\n  keys: [\(keys.map { "\"\($0)\"" }.joined(separator: ", "))]\n"
        if let requirement { text += "  require: \(requirement.rawValue)\n" }
        let folder = directory + "/.config/runbook"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: folder + "/config.yaml"))
    }

    /// A file below the folder of the test.
    func read(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(directory)/\(path)")), as: UTF8.self)
    }

    /// Writes a file below the folder of the test.
    func put(_ text: String, at path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(directory)/\(path)"))
    }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(directory)/\(path)") }
}
