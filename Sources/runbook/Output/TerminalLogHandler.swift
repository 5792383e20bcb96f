import CommandSupport
import Logging
import Operations

/// Writes log lines to a terminal's stderr, as text for people or as JSON lines for programs.
struct TerminalLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    let terminal: Terminal
    let format: LogFormat
    /// Whether a line of text says of which run it is: where several go on at once. Default: it does not.
    var namesRuns = false

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let line = format == .json ? jsonLine(event) : textLine(event)
        terminal.write(line: line)
    }

    /// `12:30:05 info  unlocked  login=ada`; what every line of a run has in common is left out.
    private func textLine(_ event: LogEvent) -> String {
        let time = Timestamp.now.time
        let (name, color): (String, Terminal.Color?) =
            switch event.level {
            case .trace, .debug: ("debug", .dim)
            case .info, .notice: ("info ", nil)
            case .warning: ("warn ", .yellow)
            case .error, .critical: ("error", .red)
            }
        var metadata = event.metadata ?? [:]
        if namesRuns, let run = self.metadata["run"] { metadata["run"] = metadata["run"] ?? run }
        let fields = metadata.sorted { $0.key < $1.key }
            .map { "\($0.key.shown)=\(Self.plain($0.value))" }.joined(separator: " ")
        let level = color.map { terminal.colored(name, $0) } ?? name
        return terminal.colored(time, .dim) + " \(level) \("\(event.message)".shown)"
            + (fields.isEmpty ? "" : "  " + terminal.colored(fields, .dim))
    }

    private func jsonLine(_ event: LogEvent) -> String {
        var members: [String: JSONValue] = [
            "time": .string(Timestamp.now.description),
            "level": .string(event.level == .warning ? "warn" : event.level.rawValue),
            "message": .string("\(event.message)"),
        ]
        let fields = metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 })
        for (key, value) in fields where members[key] == nil { members[key] = Self.json(value) }
        return JSONValue.object(members).text
    }

    private static func plain(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text):
            text.isEmpty || text.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" || $0.isNewline })
                ? JSONValue.string(text).text : text.shown
        default: json(value).text
        }
    }

    private static func json(_ value: Logger.MetadataValue) -> JSONValue {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let value):
            (value as? any BinaryInteger).map { .integer(Int64(clamping: $0)) } ?? .string(value.description)
        case .array(let values): .array(values.map { json($0) })
        case .dictionary(let members): .object(members.mapValues { json($0) })
        }
    }
}
