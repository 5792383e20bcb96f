/// A system that operations are sent to. A target gives each one an address and credentials.
public struct Service: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The name in the configuration file: `console`, `xpanse`.
    public let rawValue: String

    /// A service by its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The InsightVM security console, REST API version 3.
    public static let console = Service(rawValue: "console")
    /// Cortex Xpanse, public API version 1.
    public static let xpanse = Service(rawValue: "xpanse")

    /// The name.
    public var description: String { rawValue }
}
