import ArgumentParser
import CommandSupport
import Operations

/// `runbook manual DIR`.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Write the manual pages, or the reference.",
        discussion: """
            One page for each command, with what its help says. A second call writes what has changed and nothing else; files \
            that this command did not write are left alone.

              runbook manual ~/.local/share/man/man1
              man runbook-run

            With --reference it writes the reference instead: every operation, function, setting, code and word that has a \
            meaning, as Markdown for docc.
            """)

    @Argument(
        help: ArgumentHelp("The folder to write to; it is made if there is none.", valueName: "dir"),
        completion: .directory)
    var directory: String

    @Flag(help: "Write the reference instead, as Markdown.")
    var reference = false

    @OptionGroup var options: GlobalOptions

    func run() throws {
        let folder = GeneratedFolder(path: directory, mark: reference ? ReferencePage.mark : ManualPage.mark)
        let fates = try folder.write(
            reference
                ? Reference.pages.map { ($0.fileName, $0.text) } : Manual.pages.map { ($0.fileName, $0.text) })
        if options.json {
            let files = fates.map { ["path": .string($0.path), "status": .string($0.fate.rawValue)] as JSONValue }
            return StandardStream.output.write(JSONValue.object(["files": .array(files)]).text + "\n")
        }
        var lines = fates.filter { $0.fate == .written }.map { "wrote \($0.path)" }
        if lines.isEmpty { lines.append("nothing to write: \(fates.count) files are as they should be") }
        StandardStream.output.write(lines.joined(separator: "\n") + "\n")
    }
}
