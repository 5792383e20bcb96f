import CommandSupport
import Operations
import RunbookHost

/// Shows what was found out about an audit log.
struct AuditReport {
    /// What was read: `the audit log`, or with its file.
    let name: String
    let verification: AuditVerification
    let checkpoints: CheckpointSource

    /// The first thing that is wrong: with the log itself, else with the checkpoints.
    var fault: AuditFault? { verification.fault ?? checkpoints.content.fault }

    /// What a person reads if all is well: what that proves, and what not.
    var text: String {
        guard let first = verification.first, let head = verification.head else {
            return "\(name) has no lines to check\n"
        }
        let count = verification.lines
        var text = "\(name) is whole: \(count == 1 ? "1 line" : "\(count) lines"), \(first) to \(head.sequence)"
        text += ", written from \(time(verification.began)) to \(time(verification.ended))\n"
        guard let last = verification.confirmed.last else {
            return text
                + "no checkpoint was compared with it: lines cut off at its end, or a log that was written anew, would not be "
                + "noticed\n"
        }
        let confirmed = verification.confirmed.count
        text += confirmed == 1 ? "1 checkpoint is confirmed, " : "\(confirmed) checkpoints are confirmed, the last "
        text += "for line \(last.sequence), signed \(time(last.unixMilliseconds)) on \(last.host.shown)\n"
        let newer = head.sequence - last.sequence
        if newer > 0 { text += "\(newer == 1 ? "1 line is" : "\(newer) lines are") newer than that\n" }
        return text
    }

    /// What a person reads if something is wrong; one paragraph.
    var failure: String? {
        guard let fault else { return nil }
        var text = "\(name) is not as it was written: \(fault.message)"
        // The numbers of a log and of a part of it differ.
        if verification.fault != nil, fault.line != fault.sequence, fault.kind != .cutOff {
            text += " (number \(fault.line) of what was read)"
        }
        if verification.fault == nil {
            text = "\(name) fits together, and what should prove it does not: \(fault.message)"
        } else if let first = verification.first, let head = verification.head {
            text +=
                ". What stands before, lines \(first) to \(head.sequence) until \(time(verification.ended)), fits together"
        }
        return text.shown
    }

    /// What a program reads, either way.
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "valid": .bool(fault == nil), "lines": .integer(verification.lines),
            "checkpoints": .array(
                verification.confirmed.map {
                    [
                        "sequence": .integer($0.sequence), "time": .integer($0.unixMilliseconds),
                        "host": .string($0.host), "key": .string($0.key),
                    ]
                }),
            "warnings": .array(checkpoints.warnings(verification).map { .string($0) }), "fault": nil,
        ]
        members["first"] = verification.first.map { .integer($0) }
        members["last"] = verification.head.map { .integer($0.sequence) }
        members["hash"] = verification.head.map { .string($0.hash) }
        members["began"] = verification.began.map { .integer($0) }
        members["ended"] = verification.ended.map { .integer($0) }
        if let fault {
            members["fault"] = [
                "kind": .string(fault.kind.rawValue), "line": .integer(fault.line),
                "sequence": .integer(fault.sequence),
                "message": .string(fault.message),
            ]
        }
        return .object(members)
    }

    private func time(_ unixMilliseconds: Int64?) -> String {
        unixMilliseconds.map { Timestamp(unixMilliseconds: $0).description } ?? "an unknown time"
    }
}
