public import Operations

/// A named set of systems that one run talks to: a console, an Xpanse tenant, or both.
public struct Target: Sendable {
    /// The name in the configuration file, or `environment`.
    public let name: String
    /// Where each service is and how to log in to it.
    public let services: [Service: ServiceTarget]

    /// A target.
    ///
    /// - Parameters:
    ///   - name: see ``name``.
    ///   - services: of two for one service the later one wins.
    public init(name: String, services: [ServiceTarget]) {
        self.name = name
        self.services = Dictionary(services.map { ($0.service, $0) }, uniquingKeysWith: { $1 })
    }

    /// The InsightVM console, if the target has one.
    public var console: ServiceTarget? { services[.console] }
    /// The Cortex Xpanse tenant, if the target has one.
    public var xpanse: ServiceTarget? { services[.xpanse] }
}
