/// A mapping in a configuration file.
enum ConfigurationSection: Sendable, Hashable, CaseIterable {
    /// The whole file.
    case file
    /// `state`, if it is not just a path.
    case state
    /// One of `targets`.
    case target
    /// `console` of a target.
    case console
    /// `xpanse` of a target.
    case xpanse
    /// What says where a secret is kept.
    case secret
    /// `policy`.
    case policy
    /// `limits`.
    case limits
    /// `signatures`.
    case signatures
    /// `log`.
    case log
    /// `audit`.
    case audit
    /// `checkpoint` of `audit`.
    case checkpoint

    /// How its keys are reached: `targets.NAME.console`; empty for the whole file.
    var path: String {
        switch self {
        case .file: ""
        case .state: "state"
        case .target: "targets.NAME"
        case .console: "targets.NAME.console"
        case .xpanse: "targets.NAME.xpanse"
        case .secret: "SECRET"
        case .policy: "policy"
        case .limits: "limits"
        case .signatures: "signatures"
        case .log: "log"
        case .audit: "audit"
        case .checkpoint: "audit.checkpoint"
        }
    }

    /// The keys that it may have; others are refused.
    var keys: [ConfigurationKey] { ConfigurationKey.all.filter { $0.section == self } }
}
