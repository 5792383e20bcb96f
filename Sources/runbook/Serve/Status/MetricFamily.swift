/// All values of one metric.
struct MetricFamily: Sendable {
    /// What the values mean to Prometheus.
    enum Kind: String, Sendable {
        /// Only grows; its name ends in `_total`.
        case counter
        /// Goes up and down.
        case gauge
        /// Counts observations by their size.
        case histogram
    }

    let name: String
    let kind: Kind
    /// What it counts, and in which unit.
    let help: String
    let samples: [MetricSample]

    private init(_ name: String, _ kind: Kind, _ help: String, _ samples: [MetricSample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    /// A count that only grows. Its name ends in `_total`.
    static func counter(_ name: String, _ help: String, _ samples: [MetricSample]) -> MetricFamily {
        MetricFamily(name, .counter, help, samples)
    }

    /// A count without labels.
    static func counter(_ name: String, _ help: String, _ value: Double) -> MetricFamily {
        counter(name, help, [MetricSample(value)])
    }

    /// A level. Its name ends in its unit, if it has one.
    static func gauge(_ name: String, _ help: String, _ samples: [MetricSample]) -> MetricFamily {
        MetricFamily(name, .gauge, help, samples)
    }

    /// A level without labels.
    static func gauge(_ name: String, _ help: String, _ value: Double) -> MetricFamily {
        gauge(name, help, [MetricSample(value)])
    }

    /// Observations by their size, such as durations. Its name ends in its unit.
    static func histogram(_ name: String, _ help: String, _ samples: [MetricSample]) -> MetricFamily {
        MetricFamily(name, .histogram, help, samples)
    }

    /// Observations without labels.
    static func histogram(_ name: String, _ help: String, _ snapshot: Histogram.Snapshot) -> MetricFamily {
        histogram(name, help, [MetricSample(snapshot)])
    }
}
