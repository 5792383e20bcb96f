import Operations
import RunbookHost

/// A run as Markdown (CommonMark with tables), for a ticket or a wiki.
///
/// Whatever comes from scripts and servers is escaped: it makes no links, no headings, and calls nobody's attention.
struct MarkdownReport {
    let review: RunReview
    let undo: RunReview.Undo
    private var record: RunRecord { review.record }

    var text: String {
        let title = record.title.isEmpty ? record.runbook : record.title
        var parts = [
            "# \(Self.escaped(title))", "**\(Wording.status(record.status))** · \(Self.escaped(Verdict(review).text))",
        ]
        parts.append(facts)
        if let message = record.error["message"]?.stringValue {
            let place = record.error["where"]?.stringValue ?? ""
            let named = place.isEmpty || message.hasPrefix(place) ? "" : Self.code(place) + " "
            parts.append("> \(named)\(Self.escaped(message))")
        }
        parts.append("## Changes")
        if review.changes.isEmpty { parts.append("None.") }
        for group in review.groups { parts += table(of: group) }
        parts += list(
            "Skipped",
            review.skipped.map { skip in
                switch skip {
                case .said(let line): Self.escaped(line.text)
                case .noEffect(let call): "\(Self.escaped(call.text)): nothing had to be changed"
                }
            })
        parts += list(
            "Unknown", review.changes(.unknown).map { "call \($0.number): \(Self.escaped($0.text))" })
        parts += list(
            "Failed",
            (review.changes(.failed) + review.failedReads).map {
                "call \($0.number): \(Self.escaped($0.text)): \(Self.escaped(Wording.failure($0)))"
            })
        parts += list("Warnings", review.warnings.map { "\(Self.escaped($0.level)): \(Self.escaped($0.text))" })
        parts += list(
            "Without inverse",
            undo.irreversible.map {
                "\(Wording.number($0.count)) × \(Self.code($0.operation)): \(Self.escaped($0.reason))"
            })
        parts += list(
            "Next",
            RunAdvice.all(for: review, undo: undo).map { "\(Self.escaped($0.reason)) \(Self.code($0.command))" })
        return parts.joined(separator: "\n\n") + "\n"
    }

    private var facts: String {
        var rows: [(String, String)] = [
            ("run", Self.code(record.id)), ("runbook", Self.code(record.runbook)),
            ("mode", record.mode.rawValue), ("began", Wording.second(record.began) + " UTC"),
            ("took", Wording.span(review.duration)), ("by", Self.escaped(record.actor)),
            ("target", Self.escaped(Wording.target(record.target))), ("calls", Wording.number(review.calls)),
        ]
        for (name, value) in record.parameters.sorted(by: { $0.key < $1.key }) {
            rows.append(("param \(Self.escaped(name))", Self.code(Wording.value(value))))
        }
        return Self.table(["", ""], rows.filter { !$0.1.isEmpty }.map { [$0.0, $0.1] })
    }

    private func table(of group: RunReview.Group) -> [String] {
        let counts = Dictionary(grouping: group.changes, by: \.outcome.rawValue).mapValues(\.count)
        let rows = group.changes.map { call in
            let differences = call.differences.map { difference in
                let values = Wording.beforeAndAfter(difference)
                return "\(Self.escaped(difference.field)): \(Self.code(values.before)) → \(Self.code(values.after))"
            }
            let failure = Wording.failure(call)
            return [
                "\(call.number)", Self.escaped(call.text), differences.joined(separator: "<br>"),
                Wording.outcome(call) + (failure.isEmpty ? "" : ": \(Self.escaped(failure))"),
            ]
        }
        return [
            "### \(Self.escaped(Wording.targetType(group.targetType))) \(Self.code(group.operation)): \(Wording.changes(counts))",
            Self.table(["call", "change", "before → after", "outcome"], rows),
        ]
    }

    private func list(_ title: String, _ items: [String]) -> [String] {
        items.isEmpty ? [] : ["## \(title)", items.map { "- \($0)" }.joined(separator: "\n")]
    }

    // MARK: Escaping

    private static func table(_ titles: [String], _ rows: [[String]]) -> String {
        let lines = [titles, titles.map { _ in "---" }] + rows
        return lines.map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
    }

    /// Text in which nothing means anything.
    static func escaped(_ text: String) -> String {
        var result = ""
        var isAtStart = true
        for character in text.shown.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            // No address becomes a link, and nobody is called.
            case "@": result += "&#64;"
            case "/" where result.hasSuffix(":"): result = result.dropLast() + "&#58;/"
            case "." where result.hasSuffix("www"): result += "&#46;"
            case "\\", "`", "*", "_", "[", "]", "|", "~", "#", "!", "$": result += "\\" + String(character)
            // These mean something at the beginning: a list, a line, a heading.
            case "-", "+", "=": result += (isAtStart ? "\\" : "") + String(character)
            case ".", ")":
                result += (!result.isEmpty && result.utf8.allSatisfy(Self.isDigit) ? "\\" : "") + String(character)
            default: result.unicodeScalars.append(character)
            }
            isAtStart = isAtStart && character == " "
        }
        return result
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// Text as it is, in a code span, also within a table.
    static func code(_ text: String) -> String {
        let shown = text.shown
        guard !shown.isEmpty else { return "" }
        // One accent more than the longest run of them within.
        var (longest, run) = (0, 0)
        for byte in shown.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: longest + 1)
        let space =
            shown.hasPrefix("`") || shown.hasSuffix("`") || (shown.hasPrefix(" ") && shown.hasSuffix(" ")) ? " " : ""
        return fence + space + shown.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
            + space
            + fence
    }
}
