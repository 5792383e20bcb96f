public import Operations

/// Where one service is, how to log in to it, and how its certificate is checked.
public struct ServiceTarget: Sendable {
    /// Which service.
    public let service: Service
    /// Its address, checked and normalised.
    public let address: ServiceAddress
    /// How to log in.
    public let credentials: Credentials
    /// How its certificate is checked; of no account for plain http to loopback.
    public let trust: TLSTrust
    /// How long one attempt of a call may take, from asking for a connection to the last byte. Default: 30 s.
    public let timeout: Duration
    /// Connections kept to the service, and so requests under way at once. Default: 16.
    public let concurrency: Int

    /// A service's target, checked before anything is sent.
    ///
    /// - Parameters:
    ///   - service: see ``service``.
    ///   - url: see ``ServiceAddress/init(_:service:)``.
    ///   - credentials: see ``credentials``.
    ///   - trust: Default: the system's certificate authorities.
    ///   - timeout: Default: 30 s.
    ///   - concurrency: Default: 16.
    /// - Throws: ``TargetError`` for a URL, credentials, certificates or limits that cannot be right.
    public init(
        _ service: Service, url: String, credentials: Credentials, trust: TLSTrust = .system,
        timeout: Duration = .seconds(30), concurrency: Int = 16
    ) throws(TargetError) {
        address = try ServiceAddress(url, service: service)
        try credentials.check(for: service)
        try trust.check(for: service)
        guard timeout > .zero else {
            throw TargetError("the timeout of \(service) is \(timeout): give a time above zero, such as 30s")
        }
        guard (1...1000).contains(concurrency) else {
            throw TargetError("the concurrency of \(service) is \(concurrency): give a number from 1 to 1000")
        }
        self.service = service
        self.credentials = credentials
        self.trust = trust
        self.timeout = timeout
        self.concurrency = concurrency
    }
}
