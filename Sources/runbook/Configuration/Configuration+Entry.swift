extension Configuration {
    /// One line of `runbook config`: a value, safe to show, and where it comes from.
    struct Entry: Sendable, Hashable {
        /// The place of the value in the configuration file: `limits.time`, `targets.prod.console.url`.
        let key: String
        /// The value as people read it; of a secret only where it is kept.
        let value: String
        let origin: Origin
    }
}
