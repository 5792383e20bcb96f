extension RunLimits {
    /// The limits by the names that manifests and configuration files give them.
    public enum Name: String, Sendable, Hashable, CaseIterable {
        /// Wall time.
        case time
        /// What the script holds.
        case memory
        /// Calls of operations.
        case calls
        /// Calls that change something.
        case changes
        /// Log lines.
        case log
        /// What the script returns.
        case result
        /// Tasks alive at once.
        case tasks
        /// One source text.
        case source

        /// As manifests write them. Made once: each manifest is checked with it.
        static let names = allCases.map(\.rawValue)
    }
}
