import ArgumentParser
import CommandSupport
import Glibc
import Operations

/// `runbook new NAME|PATH.lua`.
struct NewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Begin a runbook from a template, with its tests.",
        discussion: """
            Writes a runbook that works as it is, and its tests beside it: into the first folder of 'runbook config' if it is \
            given a name, or where the path says. A file that is there is never overwritten.

              runbook new unlock-night-shift
              runbook new ./reports/roles.lua --report
            """)

    @Argument(help: ArgumentHelp("A name of letters, digits, '-' and '_', or a path.", valueName: "name|file"))
    var runbook: String

    @Flag(help: "Begin with one that only reads and reports.")
    var report = false

    @OptionGroup var options: GlobalOptions

    func run() throws {
        let configuration = try Configuration.load(options)
        for warning in configuration.warnings { StandardStream.error.write("runbook: warning: \(warning.shown)\n") }
        let place = try Self.place(of: runbook, configuration)
        let template = report ? RunbookTemplate.report : .change
        let test = String(place.path.dropLast(4)) + "_test.lua"
        // Neither is written if one of them cannot be.
        for path in [place.path, test] where Self.isThere(path) {
            throw CommandError("\(path.shown) is there already, and is left as it is: give another name", code: .failed)
        }
        try Self.write(template, to: place.path, test)
        tell(place, test, configuration)
        let others = RunbookFile.all(in: Array(configuration.runbookDirectories.dropFirst()))
        if !place.isPath, let hidden = others.first(where: { $0.name == place.name }) {
            StandardStream.error.write(
                "runbook: warning: \(place.name) means the new one from now on, and no longer \(hidden.path.shown)\n")
        }
    }

    /// Writes both, or neither; of folders that are made for nothing none is left.
    private static func write(_ template: RunbookTemplate, to path: String, _ test: String) throws(CommandError) {
        let folder = Path.parent(path)
        let missing = missingFolders(folder)
        do throws(CommandError) {
            do throws(FileFailure) { try PublicFile.makeDirectory(folder) } catch {
                throw CommandError(
                    "the folder \(folder.shown) cannot be made: \(error.reason). Give a path where you may write",
                    code: .failed)
            }
            // The one with the longer name first.
            try NewFile.write(template.test, to: test, isPublic: true)
            do throws(CommandError) { try NewFile.write(template.source, to: path, isPublic: true) } catch {
                unlink(test)
                throw error
            }
        } catch {
            // Only what is empty goes.
            for folder in missing { rmdir(folder) }
            throw error
        }
    }

    /// Those of a folder and the folders above it that are not there, the innermost first.
    private static func missingFolders(_ folder: String) -> [String] {
        var missing: [String] = [], folder = folder
        while folder != "/", LocalFiles().status(folder) == nil {
            missing.append(folder)
            folder = Path.parent(folder)
        }
        return missing
    }

    /// Whether there is something of this name, also a link to nothing.
    private static func isThere(_ path: String) -> Bool {
        (try? LocalFiles.names(in: Path.parent(path)))?.contains(Path.name(path)) == true
    }

    /// Where the runbook is to be, and what the command calls it from then on.
    private struct Place {
        /// An absolute path.
        let path: String
        /// What `runbook run` takes.
        let name: String
        /// Whether that is a path.
        let isPath: Bool
    }

    private static func place(of text: String, _ configuration: Configuration) throws(CommandError) -> Place {
        let sources = configuration.sources
        let isPath = text.contains("/") || text.hasSuffix(".lua")
        let file = isPath && text.hasSuffix(".lua") ? text : "\(text).lua"
        let name = String((file.split(separator: "/").last ?? "").dropLast(4))
        guard !name.isEmpty, !text.hasSuffix("/"), name.utf8.allSatisfy(isPlain), !name.hasPrefix("-") else {
            throw CommandError(
                "'\(name.shown)' is no name for a runbook: give letters, digits, '-' and '_', such as unlock-night-shift"
            )
        }
        guard !name.hasSuffix("_test") else {
            throw CommandError(
                "'\(name)' is the name of a test: tests are written beside their runbook, so leave _test away")
        }
        guard isPath else {
            let folder = configuration.runbookDirectories.first ?? sources.workingDirectory
            return Place(path: Path.joined(folder, file), name: name, isPath: false)
        }
        return Place(path: sources.absolute(file, from: sources.workingDirectory), name: file, isPath: true)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private func tell(_ place: Place, _ test: String, _ configuration: Configuration) {
        let next = [
            "runbook check \(place.name.shellWord)",
            "runbook test \(Self.short(place.path, configuration).shellWord)",
            "runbook plan \(place.name.shellWord)",
        ]
        guard !options.json else {
            let json: JSONValue = [
                "runbook": .string(place.path), "test": .string(test), "next": .array(next.map { .string($0) }),
            ]
            return StandardStream.output.write(json.text + "\n")
        }
        for path in [place.path, test] {
            StandardStream.output.write("\(Self.short(path, configuration).shown)\n")
        }
        StandardStream.error.write(
            """
            Both work as they are. Change them to what you need, and then:
              \(next[0])    finds mistakes without running anything
              \(next[1])    runs the tests, without a console
              \(next[2])    shows what would be changed, on a real one or on 'runbook simulate'

            """)
    }

    /// A path as seen from the working directory, if it is below that.
    private static func short(_ path: String, _ configuration: Configuration) -> String {
        let folder = configuration.sources.workingDirectory
        return folder != "/" && path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : path
    }
}
