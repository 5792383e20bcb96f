import CommandSupport
import Operations
import RunbookHost

/// A key of a configuration file: what reads files refuses all others, and the reference tells of these.
struct ConfigurationKey: Sendable, Hashable {
    /// The mapping it stands in.
    let section: ConfigurationSection
    /// The key.
    let name: String
    /// What its value is.
    let value: String
    /// What holds without it; empty if nothing does.
    let standard: String
    /// What it means.
    let text: String
    /// Whether a project's file may not have it.
    let isOwn: Bool

    private init(
        _ section: ConfigurationSection, _ name: String, _ value: String, default standard: String = "",
        isOwn: Bool = false, _ text: String
    ) {
        self.section = section
        self.name = name
        self.value = value
        self.standard = standard
        self.text = text
        self.isOwn = isOwn
    }

    /// All keys, section by section.
    static let all = file + targets + secrets + runs + records

    private static let file = [
        ConfigurationKey(.file, "default_target", "a name", "The target if neither a flag nor a variable names one."),
        ConfigurationKey(.file, "targets", "a mapping", "The targets by name: any name but environment."),
        ConfigurationKey(
            .file, "runbooks", "a folder, or a list of some", default: "runbooks",
            "Where runbooks are looked for by name, besides your own folder and those that came with the program."),
        ConfigurationKey(.file, "policy", "a mapping", "What runbooks may do."),
        ConfigurationKey(.file, "limits", "a mapping", "What runs may use."),
        ConfigurationKey(.file, "log", "a mapping", "What is shown of logs."),
        ConfigurationKey(
            .file, "state", "a folder, or a mapping", default: "$XDG_STATE_HOME/runbook", isOwn: true,
            "Where state is kept: runs, plans, schedules, the audit log, trusted certificates."),
        ConfigurationKey(.file, "audit", "a mapping", isOwn: true, "What becomes of the audit log."),
        ConfigurationKey(.file, "signatures", "a mapping", "Which runbooks must be signed, and by whom."),
        ConfigurationKey(
            .state, "folder", "a folder", default: "$XDG_STATE_HOME/runbook", isOwn: true, "The same as state: PATH."),
        ConfigurationKey(
            .state, "key", "a secret", default: "a file in the folder, made at the first run", isOwn: true,
            "The key that seals what is secret in the state."),
    ]

    private static let targets =
        [
            ConfigurationKey(.target, "console", "a mapping", "The InsightVM security console."),
            ConfigurationKey(.target, "xpanse", "a mapping", "Cortex Xpanse."),
            ConfigurationKey(
                .console, "url", "a URL", "Its address, such as https://console.example.com:3780. Required."),
            ConfigurationKey(.console, "user", "a login name", "Who logs in. Required."),
            ConfigurationKey(.console, "password", "a secret", "The password. Required."),
            ConfigurationKey(
                .console, "token", "a secret", "The code of two-factor authentication, if the account has it."),
            ConfigurationKey(
                .xpanse, "url", "a URL",
                "Its address, such as https://api-example.xdr.us.paloaltonetworks.com. Required."),
            ConfigurationKey(.xpanse, "key_id", "a number", "The number of the API key. Required."),
            ConfigurationKey(.xpanse, "key", "a secret", "The API key. Required."),
            ConfigurationKey(
                .xpanse, "key_type", ServiceFormat.keyType, default: "standard", "The type of the API key."),
        ]
        + [ConfigurationSection.console, .xpanse].flatMap { section in
            [
                ConfigurationKey(
                    section, "ca", "a PEM file", default: "the system's authorities",
                    "Certificates of authorities that vouch for the server's certificate."),
                ConfigurationKey(
                    section, "fingerprint", ServiceFormat.fingerprint,
                    "The only certificate that is trusted; not beside ca."),
                ConfigurationKey(
                    section, "timeout", ServiceFormat.timeout, default: "30s", "How long an answer may take."),
                ConfigurationKey(
                    section, "concurrency", ServiceFormat.concurrency, default: "16",
                    "How many calls may be under way at once."),
            ]
        }

    private static let secrets = [
        ConfigurationKey(
            .secret, "env", "a name",
            "The environment variable that holds it; a project's file may only name those that begin with RUNBOOK_."),
        ConfigurationKey(
            .secret, "file", "a file",
            "The file that holds it; a project's file may only name those below its own folder."),
        ConfigurationKey(
            .secret, "command", "a list of a program and its arguments", isOwn: true, "The program that prints it."),
    ]

    private static let runs =
        [
            ConfigurationKey(
                .policy, "capabilities", "a list", default: "all that a runbook asks for",
                "What runbooks may do at most. A project's file can only take some away.")
        ]
        + RunLimits.Name.allCases.map {
            ConfigurationKey(.limits, $0.rawValue, $0.unit, default: $0.standard, $0.meaning)
        }
        + [
            ConfigurationKey(
                .signatures, "keys", "a list", isOwn: true,
                "The public keys that may sign, each with a name behind it if you like, as runbook sign --make-key prints "
                    + "them."),
            ConfigurationKey(
                .signatures, "require", SignatureRequirement.expected, default: "scheduled once there is a key",
                "Which runs need a signed runbook. A project's file can only ask for more."),
            ConfigurationKey(
                .signatures, "sign_with", "a secret", isOwn: true, "The private key that runbook sign signs with."),
        ]

    private static let records = [
        ConfigurationKey(
            .log, "level", LogLevel.expected, default: "as each command has it",
            "The least important log lines to show."),
        ConfigurationKey(.log, "format", LogFormat.expected, default: "text", "How log lines are written to stderr."),
        ConfigurationKey(
            .audit, "checkpoint", "a mapping", isOwn: true,
            "Where signed checkpoints of the audit log go: one of these."),
        ConfigurationKey(.checkpoint, "file", "a file", isOwn: true, "A line is added to it each time."),
        ConfigurationKey(
            .checkpoint, "command", "a list of a program and its arguments", isOwn: true,
            "It gets the line on its standard input."),
        ConfigurationKey(
            .audit, "former_keys", "a list", isOwn: true,
            "The public keys of before, if the audit key was changed, as runbook audit key printed them: checkpoints may be "
                + "signed with these too."),
    ]
}
