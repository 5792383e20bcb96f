import Operations
import RunbookHost

/// A log to try things on: the lines that some runs leave behind.
struct AuditSample {
    /// The texts, in order.
    var texts: [[UInt8]]

    /// A log of so many lines.
    init(_ count: Int) {
        texts = []
        var head: AuditHead?
        for number in 1...count {
            let line = AuditLine(Self.event(number), after: head)
            head = AuditHead(sequence: line.sequence, hash: line.hash)
            texts.append(line.text)
        }
    }

    /// What line `number` tells.
    static func event(_ number: Int, name: String = "ada \"é\"\u{7f}\n") -> AuditEvent {
        let time = 1_700_000_000_000 + Int64(number) * 997
        switch number % 5 {
        case 1:
            return AuditEvent(
                .runBegan, unixMilliseconds: time,
                ["run": .string("run-\(number)"), "runbook": "unlock.lua", "pid": 4711])
        case 0: return AuditEvent(.runEnded, unixMilliseconds: time, ["outcome": "succeeded", "calls_used": 3])
        default:
            return AuditEvent(
                .call, unixMilliseconds: time,
                [
                    "operation": "users.update", "target_name": .string(name), "status": 200,
                    "arguments": [
                        "id": .integer(Int64(number)), "user": ["password": .secret(SecretValue("hunter2"))],
                    ],
                    "before": ["enabled": false, "weight": 0.1], "after": ["enabled": true, "tags": []],
                ])
        }
    }

    /// Line `number` exchanged for another one that has a hash that fits itself, written behind `head`.
    static func forged(_ number: Int, after head: AuditHead?) -> AuditLine {
        AuditLine(event(number, name: "mallory"), after: head)
    }

    /// What a verifier finds in some texts.
    static func verify(
        _ texts: [[UInt8]], from start: Int64 = 1, checkpoints: [AuditCheckpoint] = [], head: AuditHead? = nil
    ) -> AuditVerification {
        var verifier = AuditVerifier(from: start, checkpoints: checkpoints)
        for text in texts { verifier.read(text) }
        return verifier.finish(head: head)
    }

    /// What a verifier finds in a text of lines, as they stand in a file.
    static func verify(file: [UInt8]) -> AuditVerification {
        verify(file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Array($0) })
    }

    /// The lines as they stand in a file, without the last line end.
    var file: [UInt8] { Array(texts.joined(separator: [UInt8(ascii: "\n")])) }

    /// The hash and the place of line `number`.
    func head(_ number: Int) throws -> AuditHead {
        let hash = try JSONValue(parsing: texts[number - 1])["hash"]?.stringValue ?? ""
        return AuditHead(sequence: Int64(number), hash: hash)
    }
}
