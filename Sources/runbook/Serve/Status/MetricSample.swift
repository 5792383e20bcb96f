/// One value of a metric, told from the others by its labels.
struct MetricSample: Sendable {
    /// Name and value of each label. A name is of letters, digits and `_`; a value is any text.
    var labels: [(name: String, value: String)]
    /// The value.
    var value: Value

    /// What a metric can be.
    enum Value: Sendable {
        /// A count, or a level.
        case number(Double)
        /// How many observations were how large.
        case histogram(Histogram.Snapshot)
    }

    /// A value; the first label stands for the rest in order.
    init(_ value: Double, _ labels: KeyValuePairs<String, String> = [:]) {
        self.init(.number(value), labels)
    }

    /// What a histogram holds.
    init(_ snapshot: Histogram.Snapshot, _ labels: KeyValuePairs<String, String> = [:]) {
        self.init(.histogram(snapshot), labels)
    }

    private init(_ value: Value, _ labels: KeyValuePairs<String, String>) {
        self.value = value
        self.labels = labels.map { ($0.key, $0.value) }
    }
}
