public import Logging
internal import Synchronization

/// The secrets of the runs under way in a host, for loggers of a program's own, such as its transport's: an address that a
/// transport logs may hold what a script has revealed and passed on.
public final class RunSecrets: Sendable {
    private let runs = Mutex<[String: KnownSecrets]>([:])

    /// Nothing is under way yet.
    public init() {}

    /// The logger without these secrets in what it is told.
    public func guarding(_ logger: Logger) -> Logger {
        var logger = logger
        logger.handler = RedactingLogHandler(logger.handler) { [self] in
            runs.withLock { Array($0.values) }.map(\.redactor)
        }
        return logger
    }

    func begin(_ run: String, _ known: KnownSecrets) { runs.withLock { $0[run] = known } }

    func end(_ run: String) { runs.withLock { _ = $0.removeValue(forKey: run) } }
}
