/// Findings, each once.
struct FindingList {
    let file: String
    private var findings: [Finding] = []
    private var seen: Set<Finding> = []
    private var told: [Finding.Code: Set<String>] = [:]

    init(file: String) { self.file = file }

    var sorted: [Finding] {
        findings.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }.map(\.element)
    }

    /// Adds a finding; with `once` only if nothing of this code was said of that name before.
    mutating func add(
        _ severity: Finding.Severity, _ code: Finding.Code, at line: Int, once name: String? = nil, _ message: String
    ) {
        if let name, !told[code, default: []].insert(name).inserted { return }
        let finding = Finding(file: file, line: line, severity: severity, code: code, message: message)
        if seen.insert(finding).inserted { findings.append(finding) }
    }
}
