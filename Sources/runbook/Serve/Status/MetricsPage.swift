/// Metrics as Prometheus reads them: the text format, version 0.0.4.
///
/// Families stand in the order of their names, and their values in that of their labels: the same metrics make the same
/// text. Of two values with the same labels the last one counts, as of two families with one name.
struct MetricsPage: Sendable {
    /// The media type.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private let families: [MetricFamily]

    /// A page of these.
    init(_ families: [MetricFamily]) {
        self.families = Dictionary(families.map { ($0.name, $0) }, uniquingKeysWith: { $1 }).values.sorted {
            Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8))
        }
    }

    /// What `GET /metrics` answers.
    var reply: StatusReply { StatusReply(text, contentType: Self.contentType) }

    /// The page.
    var text: String {
        var text = ""
        for family in families { Self.write(family, to: &text) }
        return text
    }

    private static func write(_ family: MetricFamily, to text: inout String) {
        let name = identifier(family.name, allowingColon: true)
        text += "# HELP \(name) \(escaped(family.help, quotes: false))\n# TYPE \(name) \(family.kind.rawValue)\n"
        var samples: [String: MetricSample.Value] = [:]
        for sample in family.samples { samples[labels(sample.labels)] = sample.value }
        for (labels, value) in samples.sorted(by: { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) })
        {
            switch value {
            case .number(let value): text += "\(name)\(braced(labels)) \(number(value))\n"
            case .histogram(let snapshot): write(snapshot, name, labels, to: &text)
            }
        }
    }

    private static func write(
        _ snapshot: Histogram.Snapshot, _ name: String, _ labels: String, to text: inout String
    ) {
        // Each bucket counts those below it too.
        var count: UInt64 = 0
        let others = labels.isEmpty ? "" : labels + ","
        for (bound, observed) in zip(snapshot.bounds + [.infinity], snapshot.counts) {
            count += observed
            text += "\(name)_bucket{\(others)le=\"\(number(bound))\"} \(count)\n"
        }
        text += "\(name)_sum\(braced(labels)) \(number(snapshot.sum))\n\(name)_count\(braced(labels)) \(count)\n"
    }

    /// `a="1",b="2"`, sorted by names; an empty value is the same as no label.
    private static func labels(_ labels: [(name: String, value: String)]) -> String {
        let named = Dictionary(
            labels.filter { !$0.value.isEmpty }.map { (identifier($0.name, allowingColon: false), $0.value) },
            uniquingKeysWith: { $1 })
        return named.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
            .map { "\($0.key)=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",")
    }

    private static func braced(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }

    /// What a name may not hold becomes `_`: one odd name must not make the whole page unreadable.
    private static func identifier(_ name: String, allowingColon: Bool) -> String {
        var bytes = name.utf8.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                byte
            case UInt8(ascii: ":") where allowingColon: byte
            default: UInt8(ascii: "_")
            }
        }
        if let first = bytes.first, first > 0x2f, first < 0x3a { bytes.insert(UInt8(ascii: "_"), at: 0) }
        return bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped.append(contentsOf: "\\\\".unicodeScalars)
            case "\n": escaped.append(contentsOf: "\\n".unicodeScalars)
            case "\"" where quotes: escaped.append(contentsOf: "\\\"".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        guard value.isFinite else { return value > 0 ? "+Inf" : "-Inf" }
        // A count is read as one, also by people.
        return value.rounded() == value && abs(value) < 0x1p53 ? "\(Int64(value))" : "\(value)"
    }
}
