internal import Operations

/// A line of the audit log that is sound in itself.
struct AuditEntry {
    /// Why a line is not.
    struct Damage: Error {
        let kind: AuditFault.Kind
        /// What goes on after `line 7`.
        let reason: String
    }

    let sequence: Int64
    let previous: String
    let hash: String
    /// Milliseconds since 1970.
    let time: Int64
    let members: [String: JSONValue]

    /// The place that a checkpoint was given away for, if that is what the line tells.
    var givenCheckpoint: Int64? {
        guard members["event"]?.stringValue == AuditEvent.Kind.checkpoint.rawValue,
            members["outcome"]?.stringValue == "done"
        else { return nil }
        return members["checkpoint"]?.integerValue
    }

    /// Reads a line and checks all that can be checked of it alone.
    static func read(_ text: [UInt8]) -> Result<AuditEntry, Damage> {
        do throws(Damage) { return .success(try AuditEntry(text)) } catch { return .failure(error) }
    }

    private init(_ text: [UInt8]) throws(Damage) {
        let value: JSONValue
        do throws(JSONSyntaxError) { value = try JSONValue(parsing: text) } catch {
            throw Damage(
                kind: .notJSON,
                reason: text.isEmpty
                    ? "is empty: what stood there is gone"
                    : "was altered or is cut off: it is \(error)")
        }
        guard var members = value.objectValue else {
            throw Damage(kind: .notJSON, reason: "is no line of an audit log: it is \(value.kindName), not an object")
        }
        func missing(_ name: String, _ what: String) -> Damage {
            Damage(kind: .incomplete, reason: "was altered: it has no \(name) that is \(what)")
        }
        guard let hash = members["hash"]?.stringValue else { throw missing("hash", "a text") }
        guard let previous = members["previous"]?.stringValue else { throw missing("previous", "a text") }
        guard case .integer(let sequence)? = members["sequence"] else { throw missing("sequence", "a whole number") }
        guard case .integer(let time)? = members["time"] else { throw missing("time", "a whole number") }
        guard value.bytes() == text else {
            throw Damage(
                kind: .notCanonical,
                reason:
                    "was altered: it means what it meant, perhaps, but it is not written as runbook writes it (white space, an "
                    + "escape, the order or the repetition of members)")
        }
        members["hash"] = nil
        guard AuditLine.hash(of: members) == hash else {
            throw Damage(
                kind: .altered,
                reason: "was altered: its bytes do not have the hash that it says. Do not believe what it tells")
        }
        self.sequence = sequence
        self.previous = previous
        self.hash = hash
        self.time = time
        self.members = members
    }
}
