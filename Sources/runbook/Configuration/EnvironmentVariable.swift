import Operations

/// An environment variable that the command reads: what reads it, its help and the reference take it from here.
struct EnvironmentVariable: Sendable, Hashable {
    /// The name.
    let name: String
    /// What it means, in a sentence or two.
    let text: String
    /// The flag that says the same, if there is one.
    let flag: String?

    private init(_ name: String, flag: String? = nil, _ text: String) {
        self.name = name
        self.flag = flag
        self.text = text
    }

    /// What all variables of the command's own begin with.
    static let prefix = "RUNBOOK_"

    // MARK: Variables that say the same as a flag

    static let configuration = EnvironmentVariable(
        "RUNBOOK_CONFIG", flag: "--config", "The configuration file, as --config.")
    static let state = EnvironmentVariable("RUNBOOK_STATE", flag: "--state", "Where state is kept, as --state.")
    static let target = EnvironmentVariable("RUNBOOK_TARGET", flag: "--target", "The target, as --target.")
    static let logLevel = EnvironmentVariable(
        "RUNBOOK_LOG_LEVEL", flag: "--log-level", "The least important log lines to show, as --log-level.")
    static let logFormat = EnvironmentVariable(
        "RUNBOOK_LOG_FORMAT", flag: "--log-format", "How log lines are written, as --log-format.")
    static let noColor = EnvironmentVariable(
        "NO_COLOR", flag: "--no-color", "Without colours if it is set to anything, as --no-color.")

    /// Those with a flag of the same meaning.
    static let ofFlags = [configuration, state, target, logLevel, logFormat, noColor]

    // MARK: The target called environment

    /// A setting of a service, `RUNBOOK_CONSOLE_…` or `RUNBOOK_XPANSE_…`.
    enum ServiceSetting: String, Sendable, CaseIterable {
        case url = "URL"
        case user = "USER"
        case password = "PASSWORD"
        case passwordFile = "PASSWORD_FILE"
        case token = "TOKEN"
        case tokenFile = "TOKEN_FILE"
        case keyID = "KEY_ID"
        case key = "KEY"
        case keyFile = "KEY_FILE"
        case keyType = "KEY_TYPE"
        case authorities = "CA"
        case fingerprint = "FINGERPRINT"
        case timeout = "TIMEOUT"
        case concurrency = "CONCURRENCY"

        /// Whether there is such a variable for the service.
        func isOf(_ service: Service) -> Bool {
            switch self {
            case .url, .authorities, .fingerprint, .timeout, .concurrency: true
            case .user, .password, .passwordFile, .token, .tokenFile: service == .console
            case .keyID, .key, .keyFile, .keyType: service == .xpanse
            }
        }

        /// What it means.
        func text(for service: Service) -> String {
            switch self {
            case .url: service == .console ? "The address of the console." : "The address of Cortex Xpanse."
            case .user: "The user to log in as."
            case .password: "The password."
            case .passwordFile: "A file that holds the password, instead of the password itself."
            case .token: "The code of two-factor authentication, if the account has it."
            case .tokenFile: "A file that holds this code."
            case .keyID: "The number of the API key."
            case .key: "The API key."
            case .keyFile: "A file that holds the API key, instead of the key itself."
            case .keyType: "The type of the key: \(ServiceFormat.keyType). Default: standard."
            case .authorities: "A file of certificates of authorities that vouch for the server's certificate."
            case .fingerprint: "The SHA-256 fingerprint of the only certificate that is trusted."
            case .timeout: "How long an answer may take, \(ServiceFormat.timeout). Default: 30s."
            case .concurrency: "How many calls may be under way at once, \(ServiceFormat.concurrency). Default: 16."
            }
        }
    }

    /// What the variables of a service begin with: `RUNBOOK_CONSOLE`.
    static func prefix(of service: Service) -> String { prefix + service.rawValue.uppercased() }

    /// The names of a service's settings.
    static func names(of service: Service) -> [String] {
        let prefix = prefix(of: service)
        return ServiceSetting.allCases.filter { $0.isOf(service) }.map { "\(prefix)_\($0.rawValue)" }
    }

    /// A service's settings.
    static func variables(of service: Service) -> [EnvironmentVariable] {
        ServiceSetting.allCases.filter { $0.isOf(service) }.map { setting in
            EnvironmentVariable("\(prefix(of: service))_\(setting.rawValue)", setting.text(for: service))
        }
    }

    // MARK: The rest

    static let path = EnvironmentVariable("RUNBOOK_PATH", "Folders of runbooks, with colons between them.")

    /// Those that a program gets which the command starts.
    static let ofPrograms = [hookEvent, hookSchedule]
    static let hookEvent = EnvironmentVariable("RUNBOOK_EVENT", "What has happened to the schedule.")
    static let hookSchedule = EnvironmentVariable("RUNBOOK_SCHEDULE", "The schedule's name.")

    /// Those of other programs and of the system.
    static let ofSystem = [
        configurationHome, stateHome,
        home,
        EnvironmentVariable("TZ", "The system's time zone, for schedules that name none."),
        EnvironmentVariable("TZDIR", "The folder of the time zones. Default: the system's."),
        EnvironmentVariable("TERM", "The kind of the terminal; dumb stands for one without colours and progress."),
        EnvironmentVariable(
            "SUDO_USER",
            "Who called sudo: the audit log names them before the user it runs as. It is taken at its word."),
        EnvironmentVariable(
            "SWIFT_BACKTRACE",
            "How the Swift runtime reports a crash, with registers and memory. Default: it does not."),
        EnvironmentVariable("NOTIFY_SOCKET", "Where systemd wants to be told that the daemon is ready."),
        EnvironmentVariable(
            "WATCHDOG_USEC", "How often systemd wants to be told that the daemon lives, in microseconds."),
        EnvironmentVariable("WATCHDOG_PID", "The process that is meant by WATCHDOG_USEC."),
    ]
    static let configurationHome = EnvironmentVariable(
        "XDG_CONFIG_HOME", "The folder of configuration files. Default: ~/.config.")
    static let stateHome = EnvironmentVariable("XDG_STATE_HOME", "The folder of state. Default: ~/.local/state.")

    static let home = EnvironmentVariable(
        "HOME", "Your home directory, where configuration and state are if the two above are not set.")

    /// All of them.
    static var all: [EnvironmentVariable] {
        ofFlags + variables(of: .console) + variables(of: .xpanse) + [path] + ofPrograms + ofSystem
    }
}
