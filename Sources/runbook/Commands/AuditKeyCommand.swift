import ArgumentParser
import CommandSupport
import Operations
import RunbookHost

/// `runbook audit key`.
struct AuditKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Show the public key that checkpoints of the audit log are checked with.",
        discussion: """
            Keep it where the checkpoints are kept: whoever can replace the key beside the log can sign another log. The key \
            itself is made on first use and never shown.
            """)

    @OptionGroup var options: GlobalOptions

    func run() throws {
        let configuration = try Configuration.load(options)
        for warning in configuration.warnings { StandardStream.error.write("runbook: warning: \(warning.shown)\n") }
        let file = KeyFile.audit(stateDirectory: configuration.stateDirectory)
        let key = try file.signingKeyOrNew().publicKey
        if options.json {
            let json = JSONValue.object([
                "public_key": .string(key.base64), "fingerprint": .string(key.fingerprint), "path": .string(file.path),
            ])
            StandardStream.output.write(json.text + "\n")
        } else {
            StandardStream.output.write("\(key.base64)\nSHA-256 \(key.fingerprint)\n")
        }
    }
}
