public import Operations

/// Checks a runbook without running it: the names it uses, and the capabilities that it declares against those it needs.
///
/// What a script computes when it runs (names put together from text, functions in tables) is beyond it; there it stays
/// silent or says that it cannot tell, and never calls wrong what may be right.
public struct RunbookChecker: Sendable {
    private let known: KnownNames
    /// What each function needs, by its whole name.
    private let needed: [String: [Capability]]
    /// The tables that operations are in.
    private let operationTables: Set<String>

    /// A checker.
    ///
    /// - Parameters:
    ///   - catalogue: The operations; each is a function of its table and needs its capability.
    ///   - preludeCapabilities: What functions need that are written in Lua over the operations, by their whole name:
    ///     `["users.each": ["users:read"]]`. Of a name in both, this one counts.
    ///   - known: What there is besides. Default: ``KnownNames/standard``.
    public init(
        catalogue: Catalogue, preludeCapabilities: [String: [Capability]], known: KnownNames = .standard
    ) {
        var needed: [String: [Capability]] = [:]
        for operation in catalogue.operations { needed[operation.name] = [operation.capability] }
        needed.merge(preludeCapabilities) { _, prelude in prelude }
        var known = known
        var tables: Set<String> = []
        for name in needed.keys {
            let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
            if parts.count == 2 {
                known.members[parts[0], default: []].insert(parts[1])
                tables.insert(parts[0])
            } else {
                known.globals.insert(name)
            }
        }
        self.known = known
        self.needed = needed
        self.operationTables = tables
    }

    /// What is wrong with a script, in the order of the lines.
    ///
    /// - Parameters:
    ///   - file: What findings call the file.
    ///   - bytecode: The compiled script, with debug information.
    ///   - needs: The capabilities that its manifest declares; nil if they are not known, and then nothing is said of
    ///     capabilities.
    /// - Throws: ``BytecodeError`` if the bytecode cannot be read.
    public func check(file: String, bytecode: [UInt8], needs: [Capability]?) throws(BytecodeError) -> [Finding] {
        check(file: file, usage: try GlobalUsage(bytecode: bytecode), needs: needs)
    }

    /// What is wrong with a script whose use of globals is known, in the order of the lines.
    ///
    /// - Parameters:
    ///   - file: What findings call the file.
    ///   - usage: The globals it uses.
    ///   - needs: The capabilities that its manifest declares; nil if they are not known.
    public func check(file: String, usage: GlobalUsage, needs: [Capability]?) -> [Finding] {
        var findings = FindingList(file: file)
        let own = OwnNames(usage)
        for line in usage.environmentChanges {
            findings.add(
                .warning, .replacedEnvironment, at: line,
                "`_ENV` is given another table: what globals mean from here on cannot be checked.")
        }
        for access in usage.accesses { checkNames(of: access, own: own, into: &findings) }
        if let needs { checkCapabilities(usage, own: own, needs: needs, into: &findings) }
        return findings.sorted
    }

    // MARK: Names

    private func checkNames(of access: GlobalAccess, own: OwnNames, into findings: inout FindingList) {
        switch (access.kind, access.path.count) {
        case (.computed, 1) where operationTables.contains(access.path[0]) && !own.globals.contains(access.path[0]):
            findings.add(
                .warning, .computedName, at: access.line,
                "Which function of `\(access.name)` is meant here is known only when the runbook runs, "
                    + "so its name and its capability cannot be checked.")
        case (.computed, _): break
        case (.write, 1): checkAssignment(to: access, into: &findings)
        case (.read, 1), (.method, 1): checkGlobal(access, own: own, into: &findings)
        case (_, 2): checkMember(access, own: own, into: &findings)
        default: break
        }
    }

    private func checkAssignment(to access: GlobalAccess, into findings: inout FindingList) {
        let name = access.path[0]
        if isKnown(name) {
            findings.add(
                .warning, .replacedGlobal, at: access.line,
                "`\(name)` is the host's, and is replaced here for the rest of the run: "
                    + "give the variable another name, or write `local` before it.")
        } else {
            findings.add(
                .warning, .newGlobal, at: access.line, once: name,
                "`\(name)` is assigned as a global: write `local` where it is first assigned.")
        }
    }

    private func checkGlobal(_ access: GlobalAccess, own: OwnNames, into findings: inout FindingList) {
        let name = access.path[0]
        guard !isKnown(name), !own.globals.contains(name) else { return }
        findings.add(
            .error, .unknownGlobal, at: access.line,
            "There is no `\(name)`\(hint(for: name, own: own))")
    }

    private func checkMember(_ access: GlobalAccess, own: OwnNames, into findings: inout FindingList) {
        let table = access.path[0], name = access.name
        guard let members = known.members[table], !own.globals.contains(table) else { return }
        if access.kind == .write {
            guard members.contains(access.path[1]) else { return }
            findings.add(
                .warning, .replacedGlobal, at: access.line,
                "`\(name)` is the host's, and is replaced here for the rest of the run: give your function a name of its own."
            )
            return
        }
        guard members.contains(access.path[1]) || own.members.contains(name) else {
            let isOperation = operationTables.contains(table)
            findings.add(
                .error, isOperation ? .unknownOperation : .unknownMember, at: access.line,
                "There is no `\(name)`\(hint(forMember: access.path[1], of: table))")
            return
        }
        if access.kind == .method {
            findings.add(
                .error, .methodCall, at: access.line,
                "`\(table):\(access.path[1])(…)` passes `\(table)` itself as the first argument: write `\(name)(…)`.")
        }
    }

    private func isKnown(_ global: String) -> Bool { known.globals.contains(global) || known.members[global] != nil }

    /// What to do about a global that is not there, as the end of a sentence.
    private func hint(for name: String, own: OwnNames) -> String {
        if let advice = known.advice[name] { return " in a runbook: \(advice)." }
        let globals = known.globals.union(known.members.keys).union(own.globals)
        if let near = name.nearest(among: globals) { return "; did you mean `\(near)`?" }
        return homes(of: name).map { "; did you mean \($0)?" } ?? ": declare it with `local`, or correct the name."
    }

    /// What to do about a member that is not there.
    private func hint(forMember member: String, of table: String) -> String {
        if let advice = known.advice["\(table).\(member)"] ?? known.advice[table] { return " in a runbook: \(advice)." }
        let members = known.members[table] ?? []
        if let near = member.nearest(among: members) { return "; did you mean `\(table).\(near)`?" }
        if let homes = homes(of: member) { return "; did you mean \(homes)?" }
        return ": there are \(members.sorted().joined(separator: ", "))."
    }

    /// The tables that have a member of this name, when they are few: `users.get` or `roles.get`.
    private func homes(of member: String) -> String? {
        let names = known.members.filter { $0.value.contains(member) }.keys.sorted().map { "`\($0).\(member)`" }
        return (1...3).contains(names.count) ? names.joined(separator: " or ") : nil
    }

    // MARK: Capabilities

    private func checkCapabilities(
        _ usage: GlobalUsage, own: OwnNames, needs: [Capability], into findings: inout FindingList
    ) {
        let declared = Set(needs)
        var used: Set<Capability> = []
        for access in usage.accesses where access.kind == .read || access.kind == .method {
            let name = access.name
            guard let capabilities = needed[name], !own.globals.contains(access.path[0]) else { continue }
            used.formUnion(capabilities)
            let missing = capabilities.filter { !declared.contains($0) }
            guard !missing.isEmpty else { continue }
            let names = missing.map { "`\($0)`" }.joined(separator: " and ")
            let additions = missing.map { "\"\($0)\"" }.joined(separator: ", ")
            findings.add(
                .error, .undeclaredCapability, at: access.line, once: name,
                "`\(name)` needs the capabilit\(missing.count == 1 ? "y" : "ies") \(names), which the manifest does not "
                    + "declare: add \(additions) to `needs`.")
        }
        let line = usage.accesses.first { $0.path == ["runbook"] && $0.kind == .read }?.line ?? 1
        let all = Set(needed.values.joined())
        let unseen = capabilitiesOutOfSight(usage)
        for capability in declared.sorted() {
            if !all.contains(capability) {
                let near = capability.rawValue.nearest(among: all.map(\.rawValue))
                findings.add(
                    .error, .unknownCapability, at: line,
                    "The manifest declares `\(capability)`, a capability that there is not"
                        + (near.map { "; did you mean `\($0)`?" } ?? ": remove it from `needs`."))
            } else if !used.contains(capability), !unseen.contains(capability) {
                findings.add(
                    .warning, .unusedCapability, at: line,
                    "The manifest declares `\(capability)`, but nothing in the runbook uses it: remove it from `needs`."
                )
            }
        }
    }

    /// The capabilities that may be used where it cannot be seen: of all functions of a table that is passed on as a whole, or
    /// whose member's name is computed.
    private func capabilitiesOutOfSight(_ usage: GlobalUsage) -> Set<Capability> {
        var tables: Set<String> = []
        for access in usage.accesses {
            switch (access.kind, access.path.count) {
            case (.computed, 0): tables.formUnion(operationTables)
            case (.computed, 1): tables.insert(access.path[0])
            case (.read, 1) where !access.isFollowed: tables.insert(access.path[0])
            default: break
            }
        }
        // What is made of all globals, or of text, may use anything.
        if !usage.environmentChanges.isEmpty || !tables.isDisjoint(with: ["_G", "load"]) {
            tables.formUnion(operationTables)
        }
        var capabilities: Set<Capability> = []
        for (name, needs) in needed where tables.contains(where: { name == $0 || name.hasPrefix($0 + ".") }) {
            capabilities.formUnion(needs)
        }
        return capabilities
    }
}
