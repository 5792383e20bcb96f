/// What a discussion of a command consists of.
enum ManualText: Sendable, Hashable {
    /// A paragraph.
    case paragraph(String)
    /// Indented lines that are no calls, without their indentation.
    case verbatim([String])
    /// Calls as a person types them.
    case example([String])

    /// The parts of a discussion, in order.
    static func parts(of discussion: String) -> [ManualText] {
        var parts: [ManualText] = []
        var block: [String] = []
        func flush() {
            guard let first = block.first else { return }
            if first.hasPrefix(" ") {
                let margin = block.map { $0.prefix { $0 == " " }.count }.min() ?? 0
                let lines = block.map { String($0.dropFirst(margin)) }
                // What a paragraph leads up to stands below it.
                let isLedUpTo = if case .paragraph(let text) = parts.last { text.hasSuffix(":") } else { false }
                let isCall = lines.allSatisfy { $0.hasPrefix("runbook ") }
                parts.append(isCall && !isLedUpTo ? .example(lines) : .verbatim(lines))
            } else {
                parts.append(.paragraph(block.joined(separator: " ")))
            }
            block = []
        }
        for line in discussion.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.isEmpty {
                flush()
            } else {
                if let last = block.last, last.hasPrefix(" ") != line.hasPrefix(" ") { flush() }
                block.append(line)
            }
        }
        flush()
        return parts
    }
}
