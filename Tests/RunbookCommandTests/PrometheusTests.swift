import Testing

@testable import runbook

@Suite struct PrometheusTests {
    @Test func aPageIsWrittenAsTheFormatHasIt() {
        let latency = Histogram(bounds: [0.1, 0.5, 2.5])
        for seconds in [0.05, 0.1, 0.3, 7] { latency.observe(seconds) }
        let lateness = Histogram(bounds: [1])
        lateness.observe(.milliseconds(250))
        let page = MetricsPage([
            .counter(
                "runbook_runs_total", "Runs that ended, by outcome.",
                [
                    MetricSample(7, ["outcome": "succeeded"]), MetricSample(2, ["outcome": "failed"]),
                    MetricSample(1.5, ["outcome": "odd \"quoted\" \\ back\nnext line, {brace}"]),
                ]),
            .gauge("runbook_queue_length", "Slots that wait.\nBackslash: \\ and \"quotes\"", 0),
            .histogram("runbook_journal_seconds", "Time to write a row.", latency.snapshot),
            .histogram(
                "runbook_lateness_seconds", "From plan to start.",
                [MetricSample(lateness.snapshot, ["zone": "Europe/Berlin", "kind": "cron"])]),
            .gauge("runbook_none", "No samples.", []),
        ])
        #expect(
            page.text == #"""
                # HELP runbook_journal_seconds Time to write a row.
                # TYPE runbook_journal_seconds histogram
                runbook_journal_seconds_bucket{le="0.1"} 2
                runbook_journal_seconds_bucket{le="0.5"} 3
                runbook_journal_seconds_bucket{le="2.5"} 3
                runbook_journal_seconds_bucket{le="+Inf"} 4
                runbook_journal_seconds_sum 7.45
                runbook_journal_seconds_count 4
                # HELP runbook_lateness_seconds From plan to start.
                # TYPE runbook_lateness_seconds histogram
                runbook_lateness_seconds_bucket{kind="cron",zone="Europe/Berlin",le="1"} 1
                runbook_lateness_seconds_bucket{kind="cron",zone="Europe/Berlin",le="+Inf"} 1
                runbook_lateness_seconds_sum{kind="cron",zone="Europe/Berlin"} 0.25
                runbook_lateness_seconds_count{kind="cron",zone="Europe/Berlin"} 1
                # HELP runbook_none No samples.
                # TYPE runbook_none gauge
                # HELP runbook_queue_length Slots that wait.\nBackslash: \\ and "quotes"
                # TYPE runbook_queue_length gauge
                runbook_queue_length 0
                # HELP runbook_runs_total Runs that ended, by outcome.
                # TYPE runbook_runs_total counter
                runbook_runs_total{outcome="failed"} 2
                runbook_runs_total{outcome="odd \"quoted\" \\ back\nnext line, {brace}"} 1.5
                runbook_runs_total{outcome="succeeded"} 7

                """#)
        #expect(page.reply.status == 200)
        #expect(page.reply.contentType == "text/plain; version=0.0.4; charset=utf-8")
    }

    @Test func aStrictReaderFindsWhatWasWritten() throws {
        let values = [
            "plain", "", "a\"b", "a\\", "\\n", "line\nend", "ü✓\u{0}\t", "{le=\"1\"} 5 # x", "a,b=\"c\"", "\r\n",
        ]
        let samples = values.enumerated().map {
            MetricSample(Double($0.offset), ["value": $0.element, "place": "here"])
        }
        let histogram = Histogram(bounds: [5, 1, 1, .infinity, .nan])
        for value in [0.5, 1, 1.5, 5, 5.1, .infinity, .nan] { histogram.observe(value) }
        let parsed = try ExpositionReader.read(
            MetricsPage([
                .gauge("a", values.joined(), samples),
                .histogram("h_seconds", "h", [MetricSample(histogram.snapshot, ["x": "y"])]),
            ]).text)
        #expect(parsed.help["a"] == values.joined())
        #expect(parsed.type == ["a": "gauge", "h_seconds": "histogram"])
        for (place, value) in values.enumerated() {
            var labels = ["place": "here"]
            if !value.isEmpty { labels["value"] = value }
            #expect(parsed.samples[.init(name: "a", labels: labels)] == Double(place))
        }
        func bucket(_ bound: String) -> Double? {
            parsed.samples[.init(name: "h_seconds_bucket", labels: ["x": "y", "le": bound])]
        }
        #expect([bucket("1"), bucket("5"), bucket("+Inf")] == [2, 4, 6])
        #expect(parsed.samples[.init(name: "h_seconds_count", labels: ["x": "y"])] == 6)
        #expect(parsed.samples[.init(name: "h_seconds_sum", labels: ["x": "y"])] == .infinity)
        #expect(parsed.samples.count == values.count + 5)
    }

    @Test(
        arguments: [
            (0, "0"), (-3, "-3"), (1e15, "1000000000000000"), (0.1, "0.1"), (1e300, "1e+300"), (1e-7, "1e-07"),
            (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (-0.5, "-0.5"),
            (9_007_199_254_740_993, "9007199254740992.0"),
        ] as [(Double, String)])
    func aNumberIsWrittenAsPrometheusReadsIt(_ value: Double, _ text: String) throws {
        let page = MetricsPage([.gauge("a", "b", value)]).text
        #expect(page.hasSuffix("\na \(text)\n"))
        let read = try ExpositionReader.read(page).samples[.init(name: "a", labels: [:])]
        #expect(read == value || (read?.isNaN == true && value.isNaN))
    }

    @Test func theSameMetricsMakeTheSameText() {
        let samples = (0..<50).map { MetricSample(Double($0), ["n": "\($0)", "m": "x"]) }
        let turned = (0..<50).reversed().map { MetricSample(Double($0), ["m": "x", "n": "\($0)"]) }
        #expect(
            MetricsPage([.gauge("a", "b", samples), .gauge("c", "d", 1)]).text
                == MetricsPage([.gauge("c", "d", 1), .gauge("a", "b", turned)]).text)
    }

    @Test func oddNamesAndDoublesSpoilNothing() throws {
        let parsed = try ExpositionReader.read(
            MetricsPage([
                .gauge("9 lives-left", "x", [MetricSample(1, ["a-b": "1"]), MetricSample(2, ["a-b": "1"])]),
                .gauge("", "x", 3), .gauge("twice", "first", 4), .gauge("twice", "second", 5),
            ]).text)
        #expect(parsed.samples[.init(name: "_9_lives_left", labels: ["a_b": "1"])] == 2)
        #expect(parsed.samples[.init(name: "_", labels: [:])] == 3)
        #expect(parsed.samples[.init(name: "twice", labels: [:])] == 5)
        #expect(parsed.samples.count == 3)
    }

    @Test func manyThreadsMayObserveAtOnce() async {
        let histogram = Histogram(bounds: [10, 100])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { for value in 1...1000 { histogram.observe(Double(value)) } } }
        }
        #expect(histogram.snapshot.counts == [80, 720, 7200])
        #expect(histogram.snapshot.sum == 8 * 500_500)
    }
}

/// Reads the text format 0.0.4 and takes offence at whatever the format does not allow.
private struct ExpositionReader {
    struct Series: Hashable {
        let name: String
        let labels: [String: String]
    }

    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    var help: [String: String] = [:]
    var type: [String: String] = [:]
    var samples: [Series: Double] = [:]
    private var finished: Set<String> = []
    private var current = ""

    static func read(_ text: String) throws -> ExpositionReader {
        guard text.unicodeScalars.last == "\n" else { throw Fault(description: "the last line does not end") }
        var reader = ExpositionReader()
        for line in text.unicodeScalars.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            do { try reader.read(line) } catch { throw Fault(description: "\(error) in: \(String(line))") }
        }
        for (name, type) in reader.type where type == "histogram" { try reader.checkHistogram(name) }
        return reader
    }

    private mutating func read(_ line: Substring.UnicodeScalarView) throws {
        var line = line
        if line.starts(with: "# HELP ".unicodeScalars) {
            line = line.dropFirst(7)
            let name = try name(&line, colon: true)
            try begin(name)
            try expect(" ", &line)
            help[name] = try unescaped(&line, until: nil)
        } else if line.starts(with: "# TYPE ".unicodeScalars) {
            line = line.dropFirst(7)
            let name = try name(&line, colon: true)
            guard name == current, type[name] == nil else { throw Fault(description: "a type that is out of place") }
            try expect(" ", &line)
            guard ["counter", "gauge", "histogram"].contains(String(line)) else { throw Fault(description: "no type") }
            type[name] = String(line)
        } else {
            let series = try series(&line)
            let suffixes = type[current] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
            guard suffixes.contains(where: { current + $0 == series.name }) else {
                throw Fault(description: "a sample that is out of place")
            }
            try expect(" ", &line)
            guard samples.updateValue(try value(String(line)), forKey: series) == nil else {
                throw Fault(description: "a series that was there already")
            }
        }
    }

    /// All lines of a family stand together.
    private mutating func begin(_ name: String) throws {
        guard help[name] == nil, finished.insert(name).inserted else {
            throw Fault(description: "a family in two parts")
        }
        current = name
    }

    private func series(_ line: inout Substring.UnicodeScalarView) throws -> Series {
        let name = try name(&line, colon: true)
        var labels: [String: String] = [:]
        if line.first == "{" {
            repeat {
                line = line.dropFirst()
                let label = try self.name(&line, colon: false)
                try expect("=", &line)
                try expect("\"", &line)
                guard labels.updateValue(try unescaped(&line, until: "\""), forKey: label) == nil else {
                    throw Fault(description: "a label that was there already")
                }
                try expect("\"", &line)
            } while line.first == ","
            try expect("}", &line)
        }
        return Series(name: name, labels: labels)
    }

    private func name(_ line: inout Substring.UnicodeScalarView, colon: Bool) throws -> String {
        let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_" + (colon ? ":" : "")
        let name = line.prefix { letters.unicodeScalars.contains($0) || "0123456789".unicodeScalars.contains($0) }
        guard let first = name.first, letters.unicodeScalars.contains(first) else {
            throw Fault(description: "no name")
        }
        line = line.dropFirst(name.count)
        return String(name)
    }

    private func expect(_ scalar: Unicode.Scalar, _ line: inout Substring.UnicodeScalarView) throws {
        guard line.popFirst() == scalar else { throw Fault(description: "no \(scalar)") }
    }

    private func unescaped(_ line: inout Substring.UnicodeScalarView, until end: Unicode.Scalar?) throws -> String {
        var text = String.UnicodeScalarView()
        while let scalar = line.first, scalar != end {
            line = line.dropFirst()
            guard scalar == "\\" else {
                text.append(scalar)
                continue
            }
            switch line.popFirst() {
            case "\\"?: text.append("\\")
            case "n"?: text.append("\n")
            case "\""? where end == "\"": text.append("\"")
            default: throw Fault(description: "an escape that there is not")
            }
        }
        return String(text)
    }

    private func value(_ text: String) throws -> Double {
        switch text {
        case "+Inf": return .infinity
        case "-Inf": return -.infinity
        case "NaN": return .nan
        default:
            guard text.utf8.allSatisfy({ "0123456789+-.e".utf8.contains($0) }), let value = Double(text) else {
                throw Fault(description: "no number")
            }
            return value
        }
    }

    /// Each bucket counts those below it too, and the last one counts all.
    private func checkHistogram(_ name: String) throws {
        var buckets: [[String: String]: [(bound: Double, count: Double)]] = [:]
        for (series, count) in samples where series.name == name + "_bucket" {
            var labels = series.labels
            guard let bound = labels.removeValue(forKey: "le") else { throw Fault(description: "a bucket without le") }
            buckets[labels, default: []].append((try value(bound), count))
        }
        for (labels, buckets) in buckets {
            let sorted = buckets.sorted { $0.bound < $1.bound }
            guard sorted.last?.bound == .infinity, zip(sorted, sorted.dropFirst()).allSatisfy({ $0.count <= $1.count }),
                samples[Series(name: name + "_count", labels: labels)] == sorted.last?.count,
                samples[Series(name: name + "_sum", labels: labels)] != nil
            else { throw Fault(description: "a histogram that does not add up") }
        }
    }
}
