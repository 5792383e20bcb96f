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

    /// A failure whose message says itself what to do, after what was found.
    static func failed(_ group: String, _ name: String, _ message: String) -> Check {
        let ends = [message.firstPlace(of: ". "), message.firstPlace(of: "; ")].compactMap { $0 }
        let cut = ends.min { $0.lowerBound < $1.lowerBound } ?? message.lastPlace(of: ": ")
        guard let cut else { return .failed(group, name, message, advice: "put this right, then run: runbook doctor") }
        return .failed(group, name, String(message[..<cut.lowerBound]), advice: String(message[cut.upperBound...]))
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
