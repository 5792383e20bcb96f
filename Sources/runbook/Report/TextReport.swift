import Operations
import RunbookHost

/// A run as a report of plain text.
struct TextReport {
    let review: RunReview
    let undo: RunReview.Undo
    let style: ScreenStyle
    private var record: RunRecord { review.record }

    var text: String {
        let page = RunPage(review: review, undo: undo, style: style)
        var sections = [Verdict(review).text.shown + "\n\n" + page.head]
        sections.append(changes(page))
        sections.append(list(page, "Skipped", review.skipped.map(Self.line)))
        sections.append(
            list(page, "Unknown", review.changes(.unknown).map { "call \($0.number): \($0.text)" }))
        let failed = review.changes(.failed) + review.failedReads
        sections.append(list(page, "Failed", failed.map { "call \($0.number): \($0.text): \(Wording.failure($0))" }))
        sections.append(list(page, "Warnings", review.warnings.map { "\($0.level): \($0.text)" }))
        sections.append(
            list(
                page, "Without inverse",
                undo.irreversible.map { "\(Wording.number($0.count)) × \($0.operation): \($0.reason)" }))
        sections.append(page.advice)
        return sections.filter { !$0.isEmpty }.joined()
    }

    private func changes(_ page: RunPage) -> String {
        guard !review.changes.isEmpty else { return "\n" + page.heading("Changes") + "\n  none\n" }
        let groups = review.groups.map { group in
            let counts = Dictionary(grouping: group.changes, by: \.outcome.rawValue).mapValues(\.count)
            let title =
                "\(Wording.targetType(group.targetType).shown) \(group.operation.shown): \(Wording.changes(counts))"
            return (["  " + style.paint(title, .dim)] + group.changes.flatMap { page.lines(of: $0, indent: "    ") })
                .joined(separator: "\n")
        }
        return "\n" + page.heading("Changes") + "\n" + groups.joined(separator: "\n") + "\n"
    }

    private func list(_ page: RunPage, _ title: String, _ lines: [String]) -> String {
        guard !lines.isEmpty else { return "" }
        return "\n" + page.heading(title) + "\n" + lines.map { "  \($0.shown)\n" }.joined()
    }

    private static func line(_ skip: RunReview.Skip) -> String {
        switch skip {
        case .said(let line): line.text
        case .noEffect(let call): "\(call.text): nothing had to be changed"
        }
    }
}
