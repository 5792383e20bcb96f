import Operations
import RunbookHost

/// A run as JUnit XML, as Jenkins and GitLab read it: each change is a test case, and so is the run as a whole.
///
/// A change that failed is a failure, one whose outcome is unknown an error, one that was not sent is skipped.
struct JUnitReport {
    let review: RunReview
    private var record: RunRecord { review.record }

    var text: String {
        let cases = [runCase] + review.changes.map(testCase)
        let count = { (kind: Kind) in cases.count { $0.kind == kind } }
        let totals =
            "tests=\"\(cases.count)\" failures=\"\(count(.failure))\" errors=\"\(count(.error))\" "
            + "time=\"\(Wording.offset(review.duration))\""
        let name = Markup.escaped(StoreRules.name(of: record.runbook))
        // ISO 8601 without a zone, in UTC, as the format has it.
        let time = Wording.second(record.began).split(separator: " ").joined(separator: "T")
        let properties = [
            ("run", record.id), ("status", record.status.rawValue), ("mode", record.mode.rawValue),
            ("runbook", record.runbook), ("sha256", record.sha256), ("actor", record.actor),
            ("target", Wording.target(record.target)),
        ].filter { !$0.1.isEmpty }.map {
            "      <property name=\"\($0.0)\" value=\"\(Markup.escaped($0.1))\"/>\n"
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="runbook" \(totals)>
              <testsuite name="\(name)" \(totals) skipped="\(count(.skipped))" timestamp="\(time)" hostname="\(Markup.escaped(record.owner.host))">
                <properties>
            \(properties.joined())    </properties>
            \(cases.map(\.text).joined())  </testsuite>
            </testsuites>

            """
    }

    private enum Kind {
        case passed, failure, error, skipped
    }

    private struct Case {
        let kind: Kind
        let text: String
    }

    /// The run itself, so that a run that ended early is not taken for a good one.
    private var runCase: Case {
        let name = record.title.isEmpty ? record.runbook : record.title
        let message = record.error["message"]?.stringValue ?? Verdict(review).text
        let kind: Kind
        switch record.status {
        case .succeeded: kind = .passed
        case .failed, .stopped, .cancelled, .diverged: kind = .failure
        case .needsDecision, .running: kind = .error
        }
        return make(
            kind, "run", "the run: \(name)", review.duration, type: record.status.rawValue, message: message,
            detail: record.error["traceback"]?.arrayValue?.compactMap(\.stringValue).joined(separator: "\n") ?? "")
    }

    private func testCase(_ call: RecordedCall) -> Case {
        let kind: Kind
        let message: String
        switch call.outcome {
        case .done, .planned: (kind, message) = (.passed, "")
        case .failed: (kind, message) = (.failure, Wording.failure(call))
        case .unknown: (kind, message) = (.error, "it is unknown whether the target carried it out")
        case .pending: (kind, message) = (.error, "it has no outcome yet")
        case .notSent, .unanswered: (kind, message) = (.skipped, "it was not sent")
        }
        let differences = call.differences.map { difference in
            let values = Wording.beforeAndAfter(difference)
            return "\(difference.field): \(values.before) → \(values.after)"
        }
        // Of two cases with one name a reader may drop one.
        return make(
            kind, call.operation, "\(call.text) [call \(call.number)]", call.duration ?? 0, type: call.errorKind,
            message: message, detail: differences.joined(separator: "\n"))
    }

    private func make(
        _ kind: Kind, _ group: String, _ name: String, _ duration: Int64, type: String, message: String, detail: String
    ) -> Case {
        let head =
            "    <testcase classname=\"\(Markup.escaped(StoreRules.name(of: record.runbook))).\(Markup.escaped(group))\" "
            + "name=\"\(Markup.escaped(name))\" time=\"\(Wording.offset(duration))\""
        // Some readers show the message alone, others the text alone.
        let isBad = kind == .failure || kind == .error
        let lines = Markup.lines((isBad ? [message] : []) + detail.split(separator: "\n").map(String.init))
        let body: String
        switch kind {
        case .passed:
            guard !lines.isEmpty else { return Case(kind: kind, text: head + "/>\n") }
            body = "      <system-out>\(lines)</system-out>\n"
        case .failure, .error:
            let element = kind == .failure ? "failure" : "error"
            body =
                "      <\(element) message=\"\(Markup.escaped(message))\" type=\"\(Markup.escaped(type.isEmpty ? "unknown" : type))\">"
                + "\(lines)</\(element)>\n"
        case .skipped: body = "      <skipped message=\"\(Markup.escaped(message))\"/>\n"
        }
        return Case(kind: kind, text: head + ">\n" + body + "    </testcase>\n")
    }
}
