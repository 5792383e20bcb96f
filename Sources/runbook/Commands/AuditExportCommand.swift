import ArgumentParser
import CommandSupport
import RunbookHost
import SharedLoop
import Synchronization

/// `runbook audit export`.
struct AuditExportCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the audit log for archives and other programs.",
        discussion: """
            jsonl has the lines byte for byte: 'runbook audit verify FILE' checks them. ocsf has events of the Open Cybersecurity \
            Schema Framework 1.3, one JSON object a line, one or two for each line of the log.

              runbook audit export -o audit.jsonl
              runbook audit export --format ocsf --follow | your-collector

            With --follow it goes on as lines are written, also by other programs, until Ctrl-C.
            """)

    @Option(help: ArgumentHelp("jsonl or ocsf.", valueName: "format"))
    var format = AuditExportFormat.jsonl

    @Flag(help: "Go on as lines are written.")
    var follow = false

    @Option(help: ArgumentHelp("The place of the first line to write. Default: 1.", valueName: "sequence"))
    var from: Int64 = 1

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write to this file, which is emptied first. Default: standard output.", valueName: "file"),
        completion: .file())
    var output: String?

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard from >= 1 else { throw ValidationError("--from must be 1 or more, not \(from)") }
        guard !options.json else {
            throw ValidationError("an export is JSON already, one document a line: leave --json out")
        }
    }

    func run(on loop: SharedLoop) async throws {
        let configuration = try Configuration.load(options)
        for warning in configuration.warnings { StandardStream.error.write("runbook: warning: \(warning.shown)\n") }
        let exporter = AuditExporter(StoredAuditLog(StateStore(configuration)), as: format)
        let file = try ExportFile(output)
        do {
            if follow {
                try await follow(exporter, file)
            } else {
                _ = try await exporter.export(after: from - 1, write: file.write)
            }
        } catch is ExportFile.ReaderLeft {
            return
        }
        try file.finish()
    }

    /// Ctrl-C is how following ends: that is an interruption only if lines were there that were not written.
    private func follow(_ exporter: AuditExporter, _ file: ExportFile) async throws {
        let stop = Stop()
        let interruption = Interruption { stop.isAskedFor.store(true, ordering: .relaxed) }
        defer { interruption.end() }
        let isWhole = try await exporter.follow(
            after: from - 1, clock: SystemClock(), shouldStop: { stop.isAskedFor.load(ordering: .relaxed) },
            write: file.write)
        if !isWhole { throw ExitStatus.interrupted.exitCode }
    }

    /// Whether Ctrl-C was pressed.
    private final class Stop: Sendable {
        let isAskedFor = Atomic(false)
    }
}
