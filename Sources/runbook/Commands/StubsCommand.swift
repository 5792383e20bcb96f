import ArgumentParser
import CommandSupport
import Glibc
import Operations

/// `runbook stubs DIR`.
struct StubsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stubs",
        abstract: "Write definition files, with which an editor completes and checks runbooks.",
        discussion: """
            They are for lua-language-server, which many editors use: one Lua file for each table of operations, one for all \
            else that a runbook finds, one for test files. They are never run, and hold what 'runbook operations' says. A \
            second call writes what has changed and nothing else; files that this command did not write are left alone.

            The editor opens the folder of your runbooks and reads .luarc.json in it. Name that folder with --workspace, \
            and this file is written if there is none; if there is one, you are shown what belongs in it.

              runbook stubs .stubs --workspace .
              runbook stubs ~/.local/share/runbook/stubs --workspace ~/runbooks
            """)

    @Argument(
        help: ArgumentHelp("The folder to write to; it is made if there is none.", valueName: "dir"),
        completion: .directory)
    var directory: String

    @Option(
        help: ArgumentHelp(
            "The folder that the editor opens, for its .luarc.json. Default: the one that is written to.",
            valueName: "folder"), completion: .directory)
    var workspace: String?

    @OptionGroup var options: GlobalOptions

    func run() throws {
        try refuseRunbooks()
        let root = try root()
        let folder = GeneratedFolder(path: directory, mark: StubFile.mark)
        let fates = try folder.write(Stubs().make().files.map { ($0.name, $0.text) })
        let configuration = EditorConfiguration(library: library(from: root))
        let place = (workspace.map { $0.hasSuffix("/") ? $0 : $0 + "/" } ?? folder.place("")) + ".luarc.json"
        let configured = try configure(configuration, place)
        let report = Report(fates: fates, configuration: configuration, place: place, configured: configured)
        StandardStream.output.write(options.json ? report.json.text + "\n" : report.text)
    }

    /// A folder of runbooks must stay one: every Lua file in it is taken for a runbook.
    private func refuseRunbooks() throws(CommandError) {
        // What is wrong with the configuration does not matter here.
        guard let configuration = try? Configuration.load(options) else { return }
        let path = LocalFiles().resolve(directory) ?? configuration.sources.absolute(directory, from: folder)
        for runbooks in configuration.runbookDirectories where (LocalFiles().resolve(runbooks) ?? runbooks) == path {
            throw CommandError(
                "\(directory) is a folder of runbooks, and 'runbook list' would take the definition files for such: "
                    + "name another, such as \(Path.joined(path, ".stubs"))")
        }
    }

    /// The workspace, if it is not the folder itself.
    private func root() throws(CommandError) -> String? {
        guard let workspace else { return nil }
        let files = LocalFiles()
        guard let root = files.resolve(workspace), files.status(root)?.isDirectory == true else {
            throw CommandError("the workspace \(workspace) is no folder: name the one that your editor opens")
        }
        return root
    }

    /// The way from the workspace to the definition files.
    private func library(from root: String?) -> String? {
        guard let root, let path = LocalFiles().resolve(directory), path != root else { return nil }
        return Path.isWithin(path, root) && root != "/" ? String(path.dropFirst(root.count + 1)) : path
    }

    private var folder: String { ConfigurationSources(environment: [:]).workingDirectory }

    /// Writes the editor's configuration where there is none.
    private func configure(
        _ configuration: EditorConfiguration, _ place: String
    ) throws(CommandError) -> Report.Configured {
        do throws(FileFailure) {
            if let content = try LocalFiles().read(place, limit: 1 << 20) {
                return content == Array(configuration.text.utf8) ? .unchanged : .foreign
            }
            try PublicFile.write(Array(configuration.text.utf8), to: place)
            return .written
        } catch { throw CommandError("\(place) cannot be written: \(error.reason)") }
    }

    /// What was done, for a person or a program.
    struct Report {
        /// What became of the editor's configuration.
        enum Configured: String {
            case written, unchanged
            /// Somebody else's is there: it is left as it is.
            case foreign
        }

        let fates: [(path: String, fate: GeneratedFolder.Fate)]
        let configuration: EditorConfiguration
        let place: String
        let configured: Configured

        var text: String {
            var lines = fates.filter { $0.fate == .written }.map { "wrote \($0.path)" }
            if configured == .written { lines.append("wrote \(place)") }
            if lines.isEmpty { lines.append("nothing to write: \(fates.count) files are as they should be") }
            if configured == .foreign {
                lines += [
                    "", "\(place) is there already and is left as it is. What belongs in it:", "",
                    configuration.settings.prettyText,
                ]
            }
            return lines.joined(separator: "\n") + "\n"
        }

        var json: JSONValue {
            [
                "files": .array(fates.map { ["path": .string($0.path), "status": .string($0.fate.rawValue)] }),
                "configuration": [
                    "path": .string(place), "status": .string(configured.rawValue),
                    "settings": configuration.settings,
                ],
            ]
        }
    }
}
