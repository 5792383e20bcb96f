import RunbookHost
import CommandSupport
import Operations

/// What one configuration file says, read and checked for its form.
struct ConfigurationFile: Sendable {
    /// How far a file is believed.
    enum Kind: Sendable {
        /// It came with a checkout, perhaps somebody else's.
        case project
        /// The user's own, also one that was named by `--config`.
        case own
    }

    let path: String
    let kind: Kind
    var defaultTarget: Setting<String>?
    var state: Setting<String>?
    /// Where the key is kept that seals what is secret in the state.
    var stateKey: Setting<SecretSource>?
    var targets: [TargetSettings] = []
    /// Absolute paths.
    var runbooks: [Setting<String>] = []
    var capabilities: Setting<Set<Capability>>?
    var limits = LimitSettings()
    var signatures = SignatureSettings()
    var logLevel: Setting<LogLevel>?
    var logFormat: Setting<LogFormat>?
    var checkpoint: Setting<CheckpointDestination>?
    var formerAuditKeys: [Setting<AuditPublicKey>] = []

    init(path: String, kind: Kind) {
        self.path = path
        self.kind = kind
    }
}
