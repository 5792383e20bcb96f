internal import Logging
internal import Operations

/// Stands before a logger: whatever is logged leaves without the secrets that are known by then.
struct RedactingLogHandler: LogHandler {
    private var base: any LogHandler
    private let redactors: @Sendable () -> [Redactor]

    /// - Parameter redactors: what takes the secrets out; asked for each line.
    init(_ base: any LogHandler, redactors: @escaping @Sendable () -> [Redactor]) {
        self.base = base
        self.redactors = redactors
    }

    var metadata: Logger.Metadata {
        get { base.metadata }
        set { base.metadata = newValue }
    }

    var metadataProvider: Logger.MetadataProvider? {
        get { base.metadataProvider }
        set { base.metadataProvider = newValue }
    }

    var logLevel: Logger.Level {
        get { base.logLevel }
        set { base.logLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { base[metadataKey: key] }
        set { base[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        var event = event
        for redactor in redactors() where !redactor.isEmpty {
            event.message = "\(redactor.redact(event.message.description))"
            event.metadata = event.metadata.map { Self.redact($0, redactor) }
        }
        base.log(event: event)
    }

    private static func redact(_ metadata: Logger.Metadata, _ redactor: Redactor) -> Logger.Metadata {
        Dictionary(
            metadata.map { (redactor.redact($0.key), redact($0.value, redactor)) }, uniquingKeysWith: { $1 })
    }

    private static func redact(_ value: Logger.MetadataValue, _ redactor: Redactor) -> Logger.MetadataValue {
        switch value {
        case .string(let text): .string(redactor.redact(text))
        case .array(let elements): .array(elements.map { redact($0, redactor) })
        case .dictionary(let members): .dictionary(redact(members, redactor))
        case .stringConvertible(let convertible):
            // A number stays one, if it is none of the secrets.
            redactor.isNeeded(for: Array(convertible.description.utf8))
                ? .string(redactor.redact(convertible.description)) : value
        }
    }
}
