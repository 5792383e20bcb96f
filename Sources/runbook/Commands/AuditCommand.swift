import ArgumentParser
import CommandSupport

/// `runbook audit`.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Prove, export and sign the log of all that was done.",
        discussion: """
            Every run and every call is a line of a log whose lines hang together by hashes: one that is altered, removed or put \
            elsewhere is found. Checkpoints, signed and kept where nobody who can write to the log can take them back, show \
            also that lines were cut off at its end or that all of it was written anew. Your configuration file says where \
            they go: to a file, or to a program, which gets one line on its standard input.

              audit: { checkpoint: { file: PATH } }
              audit: { checkpoint: { command: [PROGRAM, …] } }

            With one of them, each run that writes lines ends with a checkpoint.
            """,
        subcommands: [
            AuditVerifyCommand.self, AuditExportCommand.self, AuditCheckpointCommand.self, AuditKeyCommand.self,
        ])
}
