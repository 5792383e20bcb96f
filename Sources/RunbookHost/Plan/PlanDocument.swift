internal import FoundationEssentials
internal import Operations

/// A plan as a file: JSON that a person can read, bound together by a keyed digest, its source and parameters sealed.
public enum PlanDocument {
    /// Why a document is no plan that can be applied.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong, and what to do.
        public let description: String
    }

    private static let format: Int64 = 1

    /// The document.
    public static func write(_ plan: Plan, sealer: Sealer) -> [UInt8] {
        var hidden = plan.runbook.sealedMembers
        hidden["parameters"] = .object(plan.parameters.mapValues(SecretMarks.marked))
        hidden["known"] = .array(plan.known.map { .string($0.reveal()) })
        let sealed = sealer.seal(JSONValue.object(hidden).bytes(), for: "plan \(plan.id)")
        var members: [String: JSONValue] = [
            "format": .integer(format), "id": .string(plan.id), "made": .integer(plan.made),
            "expires": .integer(plan.expires), "runbook": .string(plan.runbook.name),
            "sha256": .string(plan.runbook.sha256), "title": .string(plan.title),
            "parameters": .object(plan.shownParameters), "target": plan.target, "seed": .string(String(plan.seed)),
            "limits": plan.limits.stored, "requires_manifest": .bool(plan.requiresManifest),
            "changes": .array(plan.changes.map(\.json)), "questions": .array(plan.questions.map { .string($0) }),
            "sealed": .string(Hexadecimal.text(sealed)),
        ]
        if let undoes = plan.undoes { members["undoes"] = .string(undoes) }
        // As it will be read: with secrets as what they print.
        let text = JSONValue.object(members).bytes()
        members["digest"] = .string(sealer.digest(Array("plan".utf8) + text))
        return JSONValue.object(members).bytes()
    }

    /// Reads a document.
    ///
    /// - Throws: ``Fault`` if it is no plan, was altered, or was made under another key.
    public static func read(_ document: [UInt8], sealer: Sealer) throws(Fault) -> Plan {
        guard var members = (try? JSONValue(parsing: document))?.objectValue,
            let digest = members.removeValue(forKey: "digest")?.stringValue, let id = members["id"]?.stringValue
        else { throw Fault(description: "this is no plan: 'runbook plan FILE -o PLAN' writes one") }
        guard members["format"]?.integerValue == format else {
            throw Fault(description: "the plan \(id) was written by another version of runbook: make a new one")
        }
        guard sealer.digest(Array("plan".utf8) + JSONValue.object(members).bytes()) == digest else {
            throw Fault(
                description:
                    "the plan \(id) was altered after it was made, or made with the key of another state folder: make "
                    + "a new one")
        }
        func fault() -> Fault { Fault(description: "the plan \(id) cannot be read: make a new one") }
        guard let sealed = members["sealed"]?.stringValue.flatMap(Hexadecimal.bytes),
            let hidden = try? JSONValue(parsing: sealer.open(sealed, for: "plan \(id)")),
            let runbook = Runbook(name: members["runbook"]?.stringValue ?? "", sealed: hidden),
            let made = members["made"]?.integerValue, let expires = members["expires"]?.integerValue,
            let seed = members["seed"]?.stringValue.flatMap({ UInt64($0) }),
            let limits = members["limits"].flatMap({ RunLimits(stored: $0) })
        else { throw fault() }
        let changes = (members["changes"]?.arrayValue ?? []).compactMap { PlannedChange($0) }
        guard changes.count == members["changes"]?.arrayValue?.count,
            runbook.sha256 == members["sha256"]?.stringValue
        else { throw fault() }
        return Plan(
            id: id, made: made, expires: expires, runbook: runbook, title: members["title"]?.stringValue ?? "",
            parameters: (hidden["parameters"]?.objectValue ?? [:]).mapValues(SecretMarks.unmarked),
            shownParameters: members["parameters"]?.objectValue ?? [:],
            target: members["target"] ?? [:], seed: seed, limits: limits,
            requiresManifest: members["requires_manifest"]?.boolValue ?? true, changes: changes,
            questions: (members["questions"]?.arrayValue ?? []).compactMap(\.stringValue),
            undoes: members["undoes"]?.stringValue,
            known: (hidden["known"]?.arrayValue ?? []).compactMap(\.stringValue).map { SecretValue($0) })
    }
}
