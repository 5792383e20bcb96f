internal import Operations
internal import RunbookHost

/// What another source declares, held against a run that was recorded.
///
/// A replay is answered by the journal, and the journal asks for no capability and no limit: what the run did, and with what
/// it was begun, must be compared with the declaration by itself.
struct RecordedDeclaration: Sendable {
    let catalogue: Catalogue
    let manifest: Manifest
    /// What the run's own source declares; `nil` if it declares nothing.
    let earlier: Manifest?
    /// The parameters as they were given.
    let inputs: [String: ParameterInput]

    /// What the declaration makes of the parameters that were given.
    struct Parameters: Sendable {
        /// What the run had not got, such as the default of a parameter that is new.
        var added: [String: JSONValue] = [:]
        var differences: [Difference] = []
    }

    /// Reads the parameters that were given by both declarations.
    func parameters() async -> Parameters {
        var read = Parameters()
        read.differences = retyped
        // Read as anything else their values would be told.
        guard read.differences.isEmpty else { return read }
        let values: [String: JSONValue]
        do throws(ParameterFault) { values = try await self.values(by: manifest) } catch {
            read.differences = [
                Difference("params", expected: "what the run was given", found: error.description)
            ]
            return read
        }
        guard let earlier, let before = try? await self.values(by: earlier) else { return read }
        for (name, value) in before.sorted(by: { $0.key < $1.key }) {
            let place = "params\(Comparison.place(of: name))"
            let now = values[name] ?? .null
            if now.isNull {
                read.differences.append(Difference(place, expected: ShownJSON.text(value), found: "nothing"))
            } else if let difference = Comparison.difference(value, now, place, .full) {
                read.differences.append(difference)
            }
        }
        read.added = values.filter { before[$0.key] == nil }
        return read
    }

    /// What was given from outside and is to be read as something else now.
    private var retyped: [Difference] {
        inputs.keys.sorted().compactMap { name in
            guard let before = earlier?.parameter(name)?.type, [.secret, .file, .files].contains(before),
                let now = manifest.parameter(name)?.type, now != before
            else { return nil }
            return Difference(
                "params\(Comparison.place(of: name))", expected: "a parameter of the type \(before.rawValue)",
                found: "one of the type \(now.rawValue)")
        }
    }

    private func values(by manifest: Manifest) async throws(ParameterFault) -> [String: JSONValue] {
        // Both get the same, so it is enough to know what was given, and not what it stands for.
        try await manifest.resolve(
            inputs, secret: { _, text throws(ParameterFault) in SecretValue(text) },
            file: { _, path throws(ParameterFault) in ParameterFile(name: path, text: "") })
    }

    /// What of the run's calls the declaration does not allow.
    func differences(in rows: [JournalRow]) -> [Difference] {
        var found: [Difference] = []
        var missing: Set<Capability> = []
        var (calls, changes) = (0, 0)
        for row in rows where row.kind == .intent || row.kind == .restoration {
            guard let facts = try? JSONValue(parsing: row.facts.isEmpty ? Array("{}".utf8) : row.facts),
                facts["refused"] == nil
            else { continue }
            let operation = catalogue[row.name]
            if operation != nil { calls += 1 }
            if operation?.effect.isChange == true { changes += 1 }
            guard let capability = operation?.capability ?? Self.capabilities[row.name],
                !manifest.needs.contains(capability), missing.insert(capability).inserted
            else { continue }
            found.append(
                Difference(
                    "needs", expected: "\"\(capability)\", for \(row.name), which the run called",
                    found: manifest.needs.isEmpty
                        ? "nothing" : manifest.needs.map { "\"\($0)\"" }.joined(separator: ", ")))
        }
        for (name, limit, count) in [
            ("calls", manifest.limits.calls, calls), ("changes", manifest.limits.changes, changes),
        ] {
            guard let limit, count > limit else { continue }
            found.append(
                Difference("limits.\(name)", expected: "\(count) or more, as many as the run made", found: "\(limit)"))
        }
        return found
    }

    /// What functions of the host need that are no operations.
    private static let capabilities: [String: Capability] = ["secrets.reveal": "secrets:reveal"]
}
