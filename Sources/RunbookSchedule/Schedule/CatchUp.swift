/// What becomes of slots whose time came while nobody was there to run them.
public struct CatchUp: Sendable, Hashable {
    /// Which of them are run late.
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        /// None: they are missed.
        case none
        /// The latest, unless one is due just now.
        case latest
        /// All, one after the other.
        case all
    }

    /// Which slots are run late. Default: the latest.
    public var mode: Mode
    /// How late a slot may be, in milliseconds. Default: an hour.
    public var window: Int64
    /// How many are run at most, the latest of them, if all are. Default: 100.
    public var maximum: Int

    /// A rule; see the members for the defaults.
    public init(_ mode: Mode = .latest, window: Int64 = 3_600_000, maximum: Int = 100) {
        self.mode = mode
        self.window = window
        self.maximum = maximum
    }
}
