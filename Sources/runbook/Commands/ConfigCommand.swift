import ArgumentParser
import CommandSupport
import Operations

/// `runbook config`.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show every setting, and where it comes from.",
        discussion: """
            The first that says something wins: flag, environment variable, project file (runbook.yaml or .runbook.yaml, \
            here or in a folder above, up to the top of a git checkout), your own file \
            ($XDG_CONFIG_HOME/runbook/config.yaml), default. --config FILE replaces both files. A target with only \
            environment variables is called 'environment'; it is used unless --target or RUNBOOK_TARGET names another.

            Variables: RUNBOOK_CONSOLE_URL, _USER, _PASSWORD or _PASSWORD_FILE, _TOKEN or _TOKEN_FILE; \
            RUNBOOK_XPANSE_URL, _KEY_ID, _KEY or _KEY_FILE, _KEY_TYPE; both also with _CA, _FINGERPRINT, _TIMEOUT and \
            _CONCURRENCY; RUNBOOK_TARGET, RUNBOOK_CONFIG, RUNBOOK_STATE, RUNBOOK_PATH (folders of runbooks), \
            RUNBOOK_LOG_LEVEL, RUNBOOK_LOG_FORMAT.

            Your own file, for example:

              default_target: prod
              targets:
                prod:
                  console:
                    url: https://console.example.com:3780
                    user: svc-runbook
                    password: { file: ~/.config/runbook/prod.password }
                    token: { env: PROD_TOKEN }
                    fingerprint: "AB:CD:…"        # or ca: FILE
                    timeout: 30s
                    concurrency: 16
                  xpanse:
                    url: https://api-example.xdr.eu.paloaltonetworks.com
                    key_id: 7
                    key: { command: [pass, show, xpanse] }
                    key_type: advanced            # or standard
              runbooks: [~/runbooks]
              policy: { capabilities: [users:read, users:unlock] }
              signatures:                       # see 'runbook sign --help'
                require: scheduled              # or all, or none
                keys: ["SnR1…= ada", "9kQe…= ops"]
              limits: { time: 1h, memory: 128MB, calls: 9000, changes: 500 }
              log: { level: info, format: text }
              state:                            # and folder: PATH
                key: { command: [pass, show, runbook-state] }
              audit:                            # or { command: [PROGRAM, …] }
                checkpoint: { file: /mnt/append-only/runbook.checkpoints }

            A project file has the same form, and less power, since it comes with a checkout: it can lower limits, take \
            away capabilities and demand signatures (signatures.require: all), never add; it names no command, no state folder, \
            nothing of the audit log, only files below its own folder and only variables that begin with RUNBOOK_; and it cannot \
            replace a target of your own file. Secrets stand in no file of settings, only where they are kept.

            What is secret in the state folder is sealed with a key of its own, made there on first use (keys/state), or kept \
            where state.key says: { env: NAME }, { file: PATH } or { command: [PROGRAM, …] }. It has 32 bytes or more, as \
            hexadecimal, as base64 or as they are: 'openssl rand -hex 32' prints one. With another key, earlier runs cannot \
            be resumed and earlier plans not be applied.

            signatures.sign_with says in the same way where the key is that 'runbook sign' signs with.
            """)

    @OptionGroup var options: GlobalOptions

    func run() throws {
        let report = ConfigReport(try Configuration.load(options))
        StandardStream.output.write(options.json ? report.json.text + "\n" : report.text)
        for warning in report.warnings { StandardStream.error.write("runbook: warning: \(warning)\n") }
    }
}

/// How `runbook config` shows a configuration.
struct ConfigReport {
    private let configuration: Configuration

    init(_ configuration: Configuration) { self.configuration = configuration }

    var warnings: [String] { configuration.warnings }

    /// One line a value, in three columns.
    var text: String {
        let entries = configuration.entries
        let keyWidth = entries.map(\.key.count).max() ?? 0
        // One long value must not push all origins off the screen.
        let valueWidth = min(48, entries.map(\.value.count).max() ?? 0)
        return entries.map { entry in
            "\(padded(entry.key, keyWidth))  \(padded(entry.value, valueWidth))  \(entry.origin)\n"
        }.joined()
    }

    var json: JSONValue {
        [
            "files": .array(configuration.files.map { .string($0) }),
            "warnings": .array(warnings.map { .string($0) }),
            "values": .array(
                configuration.entries.map {
                    ["key": .string($0.key), "value": .string($0.value), "origin": $0.origin.json]
                }),
        ]
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
