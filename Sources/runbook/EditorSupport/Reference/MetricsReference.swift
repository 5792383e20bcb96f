/// The page of what the daemon measures.
enum MetricsReference {
    static var page: ReferencePage {
        ReferencePage(
            "Metrics-reference", title: "Metrics",
            abstract: "What `GET /metrics` of `runbook serve` answers, in Prometheus' text format."
        ) { page in
            let families = DaemonMetrics().families(counts: [:], nextSlot: 0)
            page.table(
                ["Metric", "Type", "Labels", "What it says"],
                families.sorted { $0.name < $1.name }.map { family in
                    var labels: [String] = []
                    for sample in family.samples {
                        for label in sample.labels where !labels.contains(label.name) { labels.append(label.name) }
                    }
                    let values = labels.map { name in
                        let values = family.samples.flatMap(\.labels).filter { $0.name == name }.map(\.value)
                        // The program's version is not the same on the next day.
                        guard values.count > 1 else { return Markdown.code(name) }
                        return "\(Markdown.code(name)): \(values.map(Markdown.code).joined(separator: ", "))"
                    }
                    return [
                        Markdown.code(family.name), family.kind.rawValue, values.joined(separator: "; "),
                        Prose.standard.markup(family.help),
                    ]
                })
        }
    }
}
