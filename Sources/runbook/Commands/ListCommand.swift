import ArgumentParser
import CommandSupport
import Operations
import RunbookHost
import SharedLoop

/// `runbook list`.
struct ListCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the runbooks, with what they take and what they may do.",
        discussion:
            "Manifests are read without letting any call through. 'runbook config' shows the directories that are searched."
    )

    @Flag(help: "Print a page of documentation instead, in Markdown.")
    var markdown = false

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        if markdown, options.json {
            throw ValidationError("--markdown and --json ask for two things: give one of them")
        }
    }

    func run(on loop: SharedLoop) async throws {
        let session = try Session(
            options, loop: loop, environment: ConfigurationSources.processEnvironment, defaultLevel: .error)
        let directories = session.configuration.runbookDirectories
        let files = RunbookFile.all(in: directories)
        var cache = ManifestCache(stateDirectory: session.configuration.stateDirectory)
        let entries = await Self.read(files, session.host, cache)
        for entry in entries {
            if let declaration = entry.declaration { cache.note(declaration) }
        }
        cache.save()
        if options.json {
            StandardStream.output.write(JSONValue.array(entries.map(\.json)).text + "\n")
        } else if markdown {
            for entry in entries where entry.manifest == nil { session.terminal.write(line: entry.text) }
            let manifests = entries.compactMap { entry in entry.manifest.map { (entry.name, $0) } }
            StandardStream.output.write(RunbooksReference.page(manifests).content.text)
        } else if entries.isEmpty {
            session.terminal.write(line: "no runbooks in \(directories.joined(separator: ", "))")
        } else {
            StandardStream.output.write(entries.map(\.text).joined(separator: "\n") + "\n")
        }
        if entries.contains(where: { $0.error != nil }) { throw ExitStatus.failed.exitCode }
    }

    /// Reads the manifests, some at a time: each that is not known takes a worker of its own.
    private static func read(
        _ files: [(name: String, path: String)], _ host: RunbookHost, _ cache: ManifestCache
    ) async -> [Entry] {
        await withTaskGroup(of: (Int, Entry).self) { group in
            var entries: [Int: Entry] = [:]
            for (index, file) in files.enumerated() {
                if index >= 8, let (done, entry) = await group.next() { entries[done] = entry }
                group.addTask { (index, await Entry(file.name, file.path, host, cache)) }
            }
            for await (done, entry) in group { entries[done] = entry }
            return entries.keys.sorted().compactMap { entries[$0] }
        }
    }

    /// One runbook of the list.
    struct Entry: Sendable {
        let name: String
        let path: String
        let declaration: ManifestDeclaration?
        /// `nil` where signatures do not count.
        let signature: SignatureStanding?
        let manifest: Manifest?
        let error: String?

        init(_ name: String, _ path: String, _ host: RunbookHost, _ cache: ManifestCache) async {
            self.name = name
            self.path = path
            let file = Result { () throws(CommandError) in try RunbookFile.read(path: path) }
            let policy = host.policy.signatures
            signature =
                policy == SignaturePolicy() ? nil : (try? file.get()).map { SignatureStanding(of: $0, policy) }
            do {
                let runbook = try file.get()
                let known = cache.declaration(runbook.sha256)
                let declaration = if let known { known } else { try await host.declaration(of: runbook) }
                manifest = try host.manifest(of: runbook, declared: declaration)
                self.declaration = declaration
                error = nil
            } catch let failure as RunError {
                (declaration, manifest) = (nil, nil)
                error =
                    (failure.location.map { failure.message.hasPrefix($0) ? "" : "\($0): " } ?? "") + failure.message
            } catch {
                (declaration, manifest) = (nil, nil)
                self.error = (error as? CommandError)?.message ?? "\(error)"
            }
        }

        var text: String {
            guard let manifest else { return "\(name.shown)\n    ✗ \((error ?? "").shown)" }
            var lines = ["\(name)  \(manifest.title)"]
            for parameter in manifest.parameters {
                let kind = parameter.type.rawValue + (parameter.isRequired ? ", required" : "")
                let fallback = parameter.defaultValue.map { ", default \($0.text)" } ?? ""
                lines.append("    --param \(parameter.name)=… (\(kind)\(fallback)) \(parameter.documentation)")
            }
            if !manifest.needs.isEmpty {
                lines.append("    needs \(manifest.needs.map(\.rawValue).joined(separator: ", "))")
            }
            if let signature { lines.append("    \(signature.text)") }
            // Nobody has looked at what stands there: it comes out of files that may be anybody's.
            return lines.map(\.shown).joined(separator: "\n")
        }

        var json: JSONValue {
            var members = facts
            if let signature { members["signature"] = .object(signature.members) }
            return .object(members)
        }

        private var facts: [String: JSONValue] {
            guard let manifest else {
                return ["name": .string(name), "path": .string(path), "error": .string(error ?? "")]
            }
            return [
                "name": .string(name), "path": .string(path), "title": .string(manifest.title),
                "doc": .string(manifest.documentation), "needs": .array(manifest.needs.map { .string($0.rawValue) }),
                "params": .array(
                    manifest.parameters.map {
                        [
                            "name": .string($0.name), "type": .string($0.type.rawValue),
                            "required": .bool($0.isRequired),
                            "default": $0.defaultValue ?? .null, "choices": .array($0.choices),
                            "doc": .string($0.documentation),
                        ]
                    }),
            ]
        }
    }
}
