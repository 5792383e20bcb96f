public import Logging

/// What to simulate.
public struct SimulatorConfiguration: Sendable {
    /// The port; 0 takes a free one. Default: 0.
    public var port: Int
    /// The address to listen on. Default: `127.0.0.1`.
    public var host: String
    /// How many users besides the administrator whose credentials are in ``SimulatorInfo``. Default: 50.
    public var users: Int
    /// The share of each role's users that are locked, from 0 to 1; above 0 at least one is locked and enabled. One
    /// in four of the locked is disabled. Default: 0.1.
    public var lockedFraction: Double
    /// In this role, exactly so many locked users, all enabled, whatever ``lockedFraction`` says. Default: `nil`.
    public var lockedInRole: LockedRole?
    /// The same seed gives the same data, keys and faults. Default: 1.
    public var seed: UInt64
    /// Whether to serve HTTPS with a self-signed certificate made at the start, for `localhost`, `127.0.0.1`, `::1`
    /// and ``host``. Default: `false`.
    public var tls: Bool
    /// How long each answer waits. Default: zero.
    public var latency: Duration
    /// What goes wrong. Default: nothing.
    public var faults: Faults
    /// Whether two in a hundred users have what real consoles hold and clients trip over: no email, `null` fields, an
    /// authentication type that no specification lists. Never among the first ten. Default: `true`.
    public var oddities: Bool
    /// How many of the console's users Xpanse knows too. Default: 200.
    public var xpanseUsers: Int
    /// Whether the name and description of a role are objects with a `defaultValue`, as in the newest consoles.
    /// Default: `false`.
    public var writesRoleTextAsObjects: Bool
    /// Whether Xpanse writes `update_count` as a string, as in its older pages. Default: `false`.
    public var writesCountsAsText: Bool
    /// A second factor that is accepted besides the right one (RFC 6238, six digits, 30 seconds). Default: `nil`.
    public var acceptedToken: String?
    /// The time and the waiting. Default: the system's.
    public var clock: SimulatorClock
    /// Where the server's own messages go. Default: nowhere.
    public var logger: Logger

    /// What to simulate; every argument has a default.
    public init(
        port: Int = 0, host: String = "127.0.0.1", users: Int = 50, lockedFraction: Double = 0.1,
        lockedInRole: LockedRole? = nil, seed: UInt64 = 1, tls: Bool = false, latency: Duration = .zero,
        faults: Faults = Faults(), oddities: Bool = true, xpanseUsers: Int = 200,
        writesRoleTextAsObjects: Bool = false, writesCountsAsText: Bool = false, acceptedToken: String? = nil,
        clock: SimulatorClock = .system,
        logger: Logger = Logger(label: "simulator") { _ in SwiftLogNoOpLogHandler() }
    ) {
        self.port = port
        self.host = host
        self.users = users
        self.lockedFraction = lockedFraction
        self.lockedInRole = lockedInRole
        self.seed = seed
        self.tls = tls
        self.latency = latency
        self.faults = faults
        self.oddities = oddities
        self.xpanseUsers = xpanseUsers
        self.writesRoleTextAsObjects = writesRoleTextAsObjects
        self.writesCountsAsText = writesCountsAsText
        self.acceptedToken = acceptedToken
        self.clock = clock
        self.logger = logger
    }
}
