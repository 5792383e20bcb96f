import Operations

/// One thing that `runbook doctor` has looked at.
struct Check: Sendable, Hashable {
    enum Outcome: String, Sendable {
        case ok
        case failed
        /// Not looked at, or not wanted: nothing is wrong.
        case skipped
    }

    /// What it belongs to: `worker`, `confinement`, `target prod`.
    let group: String
    /// What was looked at.
    let name: String
    let outcome: Outcome
    /// What was found; of a failure also why.
    let detail: String
    /// What to do; empty if nothing is wrong.
    let advice: String

    static func ok(_ group: String, _ name: String, _ detail: String = "") -> Check {
        Check(group: group, name: name, outcome: .ok, detail: detail, advice: "")
    }

    static func failed(_ group: String, _ name: String, _ detail: String, advice: String) -> Check {
        Check(group: group, name: name, outcome: .failed, detail: detail, advice: advice)
    }

    static func skipped(_ group: String, _ name: String, _ detail: String) -> Check {
        Check(group: group, name: name, outcome: .skipped, detail: detail, advice: "")
    }

    var json: JSONValue {
        [
            "group": .string(group), "check": .string(name), "status": .string(outcome.rawValue),
            "detail": .string(detail), "advice": .string(advice),
        ]
    }
}
