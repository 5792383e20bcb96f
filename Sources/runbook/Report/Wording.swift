import Operations
import RunbookHost

/// Words and signs in which runs are told, the same in every form of a report.
enum Wording {
    /// `1 change`, `2 changes`.
    static func count(_ count: Int, _ noun: String, plural: String? = nil) -> String {
        "\(number(count)) \(count == 1 ? noun : plural ?? noun + "s")"
    }

    /// `12,345`.
    static func number(_ number: Int) -> String {
        var digits = String(number.magnitude)
        var groups: [Substring] = []
        while digits.count > 3 {
            groups.insert(digits.suffix(3), at: 0)
            digits = String(digits.dropLast(3))
        }
        return (number < 0 ? "-" : "") + ([Substring(digits)] + groups).joined(separator: ",")
    }

    /// `2034-04-29 12:30`.
    static func minute(_ unixMilliseconds: Int64) -> String { String(second(unixMilliseconds).prefix(16)) }

    /// `2034-04-29 12:30:05`.
    static func second(_ unixMilliseconds: Int64) -> String {
        let timestamp = Timestamp(unixMilliseconds: unixMilliseconds)
        return "\(timestamp.description.prefix(10)) \(timestamp.time)"
    }

    /// A span of milliseconds as people read it: `1.5 s`.
    static func span(_ milliseconds: Int64) -> String { Duration.milliseconds(milliseconds).readable }

    /// A moment of a run, in seconds with three digits: `12.345`.
    static func offset(_ milliseconds: Int64) -> String {
        "\(milliseconds / 1_000).\(String(1_000 + milliseconds % 1_000).dropFirst())"
    }

    /// A moment of a run on an axis: `0`, `250 ms`, `1.5 s`, `2:05`, `1:02:05`.
    static func clock(_ milliseconds: Int64) -> String {
        guard milliseconds >= 60_000 else { return milliseconds == 0 ? "0" : span(milliseconds) }
        func padded(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let seconds = milliseconds / 1_000
        let minutes = padded(seconds % 60)
        return seconds < 3_600
            ? "\(seconds / 60):\(minutes)" : "\(seconds / 3_600):\(padded(seconds / 60 % 60)):\(minutes)"
    }

    /// A value in one line: a text as it is, `–` for none, all else as JSON.
    static func value(_ value: JSONValue) -> String {
        switch value {
        case .null: "–"
        case .string(let text): text.isEmpty ? "\"\"" : text
        default: value.text
        }
    }

    /// A status in words: `needs a decision`.
    static func status(_ status: RunStatus) -> String {
        switch status {
        case .needsDecision: "needs a decision"
        default: status.rawValue
        }
    }

    /// An outcome in words: `not sent`.
    static func outcome(_ outcome: RecordedCall.Outcome) -> String {
        switch outcome {
        case .notSent: "not sent"
        default: outcome.rawValue
        }
    }

    /// What became of a call, in words: with who decided it, and whether it made no difference.
    static func outcome(_ call: RecordedCall) -> String {
        if call.decidedAsSent != nil { return "\(outcome(call.outcome)), as decided" }
        return call.hasNoEffect && call.outcome == .done ? "no effect" : outcome(call.outcome)
    }

    /// What is wrong with a call; empty if nothing is.
    static func failure(_ call: RecordedCall) -> String {
        guard !call.errorKind.isEmpty else { return "" }
        let kind = call.errorKind + (call.status.map { " (\($0))" } ?? "")
        return call.errorMessage.isEmpty ? kind : "\(kind): \(call.errorMessage)"
    }

    /// One sign for an outcome.
    static func sign(_ outcome: RecordedCall.Outcome) -> String {
        switch outcome {
        case .done: "✓"
        case .failed: "✗"
        case .unknown: "?"
        case .notSent, .unanswered: "–"
        case .planned: "+"
        case .pending: "…"
        }
    }

    /// The kind of a target as a heading: `user`, `xpanse user`; `other` if it is not known.
    static func targetType(_ type: String) -> String {
        type.isEmpty ? "other" : String(type.map { $0 == "_" ? " " : $0 })
    }

    /// Where a run works: its target's name and addresses.
    static func target(_ target: JSONValue) -> String {
        let addresses = ["console", "xpanse"].compactMap { target[$0]?.stringValue }.filter { !$0.isEmpty }
        let name = target["name"]?.stringValue ?? ""
        guard !name.isEmpty else { return addresses.joined(separator: ", ") }
        return addresses.isEmpty ? name : "\(name) (\(addresses.joined(separator: ", ")))"
    }

    /// Changes by outcome: `12 done, 1 failed`; of those that were all done the number alone.
    static func changes(_ counts: [String: Int]) -> String {
        let order = RecordedCall.Outcome.allCases.filter { counts[$0.rawValue] ?? 0 > 0 }
        if order == [.done] { return number(counts["done"] ?? 0) }
        return order.map { "\(number(counts[$0.rawValue] ?? 0)) \(outcome($0))" }.joined(separator: ", ")
    }
}

extension RecordedLogLine {
    /// Why something was skipped, as the script says it; empty if it only says that it was.
    var reason: String {
        guard let value = fields["skipped"], value != true else { return "" }
        return Wording.value(value)
    }

    /// The fields besides the reason.
    var otherFields: JSONValue {
        var members = fields.objectValue ?? [:]
        members["skipped"] = nil
        return .object(members)
    }
}
