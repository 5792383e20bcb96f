import Operations
import RunbookTesting

/// The results of tests for a program.
struct TestDocument {
    let results: [TestResult]
    /// Why they are not what was asked for, if so.
    let refusal: String?

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "ok": .bool(refusal == nil && !results.contains { $0.status == .failed }),
            "tests": .array(results.map(Self.json)),
        ]
        if let refusal { members["error"] = .string(refusal) }
        return .object(members)
    }

    private static func json(_ result: TestResult) -> JSONValue {
        func list(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
        var members: [String: JSONValue] = [
            "file": .string(result.file), "name": .string(result.name), "at": .string(result.location),
            "duration_ms": .number((result.duration / .microseconds(1)).rounded() / 1_000),
        ]
        switch result.status {
        case .passed: members["status"] = "passed"
        case .skipped(let reason):
            members["status"] = "skipped"
            members["reason"] = .string(reason)
        case .failed:
            members["status"] = "failed"
            members["message"] = .string(result.message)
            members["differences"] = .array(
                result.differences.map { difference in
                    [
                        "what": .string(difference.what), "expected": .string(difference.expected),
                        "found": .string(difference.found),
                    ]
                })
            members["changes"] = list(result.changes)
            members["log"] = list(result.log)
        }
        return .object(members)
    }
}
