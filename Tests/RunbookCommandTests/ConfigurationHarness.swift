import ArgumentParser
import CommandSupport
import Synchronization
import Testing

@testable import runbook

/// A file system that is only text.
struct MemoryFiles: FileAccess {
    struct File: Sendable, ExpressibleByStringLiteral {
        var text: String
        var permissions: UInt32 = 0o600
        var owner: UInt32 = 1_000
        var failure: FileFailure?

        init(_ text: String, permissions: UInt32 = 0o600, owner: UInt32 = 1_000, failure: FileFailure? = nil) {
            self.text = text
            self.permissions = permissions
            self.owner = owner
            self.failure = failure
        }

        init(stringLiteral text: String) { self.init(text) }
    }

    var files: [String: File] = [:]
    var links: [String: String] = [:]

    func read(_ path: String, limit: Int) throws(FileFailure) -> [UInt8]? {
        guard let file = files[path] else { return nil }
        if let failure = file.failure { throw failure }
        guard file.text.utf8.count <= limit else { throw FileFailure("it is too large") }
        return Array(file.text.utf8)
    }

    func status(_ path: String) -> FileStatus? {
        if let file = files[path] {
            return FileStatus(isDirectory: false, permissions: file.permissions, owner: file.owner)
        }
        guard files.keys.contains(where: { $0.hasPrefix(path + "/") }) else { return nil }
        return FileStatus(isDirectory: true, permissions: 0o755, owner: 1_000)
    }

    func resolve(_ path: String) -> String? { links[path] ?? (status(path) == nil ? nil : path) }
}

/// A pretended machine on which the configuration is read: Ada's, who works in `/home/ada/project`.
struct World: Sendable {
    static let project = "/home/ada/project/runbook.yaml"
    static let user = "/home/ada/.config/runbook/config.yaml"
    static let working = "/home/ada/project"

    var environment = ["HOME": "/home/ada"]
    var files = MemoryFiles()
    var workingDirectory = World.working
    /// What programs print, by their name.
    var programs: [String: String] = [:]

    init(user: String? = nil, project: String? = nil, environment: [String: String] = [:]) {
        files.files["/home/ada/project/.git/HEAD"] = "ref: refs/heads/main"
        if let user { files.files[World.user] = MemoryFiles.File(user) }
        if let project { files.files[World.project] = MemoryFiles.File(project) }
        self.environment.merge(environment) { $1 }
    }

    /// The files of this world; `nil` removes one.
    subscript(path: String) -> MemoryFiles.File? {
        get { files.files[path] }
        set { files.files[path] = newValue }
    }

    var sources: ConfigurationSources {
        let programs = programs
        return ConfigurationSources(
            environment: environment, files: files, workingDirectory: workingDirectory,
            programDirectory: "/opt/runbook/bin",
            user: 1_000,
            runCommand: { arguments throws(CredentialCommand.Failure) in
                guard let output = programs[arguments.joined(separator: " ")] else {
                    throw CredentialCommand.Failure(reason: "is not installed or not in PATH")
                }
                return Array(output.utf8)
            })
    }

    func load(_ arguments: String...) throws -> Configuration {
        try Configuration.load(try GlobalOptions.parse(arguments), sources: sources)
    }

    /// The message of the error that loading ends with.
    func failure(_ arguments: String...) throws -> String {
        let options = try GlobalOptions.parse(arguments)
        let error = #expect(throws: CommandError.self) { try Configuration.load(options, sources: sources) }
        #expect(error?.code == .usage)
        return error?.message ?? ""
    }
}

extension Configuration {
    /// The value and the origin of an entry, as `value < origin`.
    func entry(_ key: String) -> String? {
        entries.first { $0.key == key }.map { "\($0.value) < \($0.origin)" }
    }

    /// The message of the error that resolving the target ends with.
    func targetFailure() -> String {
        let error = #expect(throws: CommandError.self) { try target { _ in } }
        return error?.message ?? ""
    }
}

/// Collects texts.
final class Notes: Sendable {
    private let texts = Mutex<[String]>([])

    var all: [String] { texts.withLock { $0 } }

    func add(_ text: String) { texts.withLock { $0.append(text) } }
}
