import Operations
import RunbookHost

/// How a runbook's signature stands, for people and programs.
struct SignatureStanding: Sendable {
    private let verdict: SignatureVerdict
    private let problem: String?

    init(of runbook: Runbook, _ policy: SignaturePolicy) {
        verdict = policy.verdict(on: runbook)
        problem = verdict.problem(of: runbook)
    }

    /// Whether a listed key has signed it.
    var isSigned: Bool { problem == nil }

    /// By whom it is signed, or why it is not.
    var text: String {
        guard case .signed(let signature, let key) = verdict else { return "not signed: \(problem ?? "")" }
        return "signed with the key \(key), \(signature.signed) by \(signature.signer)"
    }

    /// `signed`, and what is known besides: `key`, `name`, `at`, `by`, or `problem`.
    var members: [String: JSONValue] {
        guard case .signed(let signature, let key) = verdict else {
            return ["signed": false, "problem": .string(problem ?? "")]
        }
        return [
            "signed": true, "key": .string(signature.key), "name": .string(key.name), "at": .string(signature.signed),
            "by": .string(signature.signer),
        ]
    }
}
