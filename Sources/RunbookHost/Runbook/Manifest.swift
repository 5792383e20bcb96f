public import Operations

/// What a runbook declares of itself with `runbook { … }`.
public struct Manifest: Sendable, Hashable {
    /// One line: what it does.
    public let title: String
    /// More of it.
    public let documentation: String
    /// The parameters, by name.
    public let parameters: [ParameterDeclaration]
    /// The capabilities it asks for.
    public let needs: [Capability]
    /// The limits it sets itself.
    public let limits: RunLimits.Declared
    /// The line of `runbook { … }`, from 1.
    public let line: Int

    /// A fault in a manifest.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong and what to write instead.
        public let description: String
    }

    /// A manifest from the table that the script gave.
    ///
    /// - Throws: ``Fault`` that names the key and what it should be.
    public init(_ value: JSONValue, line: Int) throws(Fault) {
        // An empty Lua table reads as an empty array.
        let members = value.arrayValue?.isEmpty == true ? [:] : value.objectValue
        guard let members else {
            throw Fault(description: "the manifest must be a table of keys, such as title = \"…\"")
        }
        try Self.check(members, known: ["title", "doc", "params", "needs", "limits"], of: "the manifest")
        title = try Self.string(members, "title", "the manifest") ?? ""
        documentation = try Self.string(members, "doc", "the manifest") ?? ""
        parameters = try Self.parameters(members["params"])
        needs = try Self.needs(members["needs"])
        limits = try RunLimits.Declared(members["limits"])
        self.line = line
    }

    /// The parameter called `name`.
    public func parameter(_ name: String) -> ParameterDeclaration? { parameters.first { $0.name == name } }

    /// Refuses capabilities that nothing needs: a misspelt one would be missed only when a call is denied.
    func checkNeeds(_ known: Set<Capability>) throws(Fault) {
        for capability in needs where !known.contains(capability) {
            let names = known.map(\.rawValue).sorted()
            let advice =
                capability.rawValue.nearest(among: names).map { "did you mean '\($0)'?" }
                ?? "there are: \(names.joined(separator: ", "))"
            throw Fault(description: "needs holds the unknown capability '\(capability)'; \(advice)")
        }
    }

    /// The table with what it says of the values of secrets closed: such a manifest is refused, and not to be kept as it is.
    static func closed(_ table: JSONValue) -> JSONValue {
        guard var members = table.objectValue, let parameters = members["params"]?.objectValue else { return table }
        members["params"] = .object(
            parameters.mapValues { parameter in
                guard parameter["type"]?.stringValue == ParameterDeclaration.ValueType.secret.rawValue,
                    var declaration = parameter.objectValue
                else { return parameter }
                for key in ["default", "choices"] {
                    declaration[key] = declaration[key].map { .secret(SecretValue($0.stringValue ?? $0.text)) }
                }
                return .object(declaration)
            })
        return .object(members)
    }

    static func check(_ members: [String: JSONValue], known: [String], of what: String) throws(Fault) {
        for key in members.keys.sorted() where !known.contains(key) {
            let advice =
                key.nearest(among: known).map { "did you mean '\($0)'?" }
                ?? "the keys are \(known.joined(separator: ", "))"
            throw Fault(description: "\(what) has an unknown key '\(key)'; \(advice)")
        }
    }

    private static func string(
        _ members: [String: JSONValue], _ key: String, _ what: String
    ) throws(Fault) -> String? {
        guard let value = members[key] else { return nil }
        guard let string = value.stringValue else {
            throw Fault(description: "\(key) of \(what) must be a string, not \(value.kindName)")
        }
        return string
    }

    private static func needs(_ value: JSONValue?) throws(Fault) -> [Capability] {
        guard let value else { return [] }
        guard let elements = value.arrayValue else {
            throw Fault(
                description: "needs must be a list of capabilities, such as { \"users:read\", \"users:unlock\" }")
        }
        var needs: [Capability] = []
        for element in elements {
            guard let text = element.stringValue, text.contains(":") else {
                throw Fault(description: "needs holds \(element), which is no capability such as \"users:read\"")
            }
            needs.append(Capability(rawValue: text))
        }
        return needs
    }

    private static func parameters(_ value: JSONValue?) throws(Fault) -> [ParameterDeclaration] {
        guard let value, value.arrayValue?.isEmpty != true else { return [] }
        guard let members = value.objectValue else {
            throw Fault(
                description: "params must be a table, such as { role = { type = \"string\", required = true } }")
        }
        var parameters: [ParameterDeclaration] = []
        for name in members.keys.sorted() { parameters.append(try parameter(name, members[name] ?? .null)) }
        return parameters
    }

    private static func parameter(_ name: String, _ value: JSONValue) throws(Fault) -> ParameterDeclaration {
        let what = "the parameter '\(name)'"
        let isEmpty = value.arrayValue?.isEmpty == true
        guard let members = isEmpty ? [:] : value.objectValue else {
            throw Fault(description: "\(what) must be a table, such as { type = \"string\", required = true }")
        }
        try check(members, known: ParameterKey.names, of: what)
        let typeName = try string(members, "type", what) ?? "string"
        guard let type = ParameterDeclaration.ValueType(rawValue: typeName) else {
            let known = ParameterDeclaration.ValueType.allCases.map(\.rawValue).joined(separator: ", ")
            throw Fault(description: "\(what) has the unknown type '\(typeName)'; the types are \(known)")
        }
        for key in ["default", "choices"] where type.isFromOutside && members[key] != nil {
            let fault = "\(what) is a \(type.rawValue) and has \(key == "default" ? "a default" : "choices"): "
            throw Fault(
                description: type == .secret
                    ? fault
                        + "a secret does not stand in a source, where everybody reads it; leave it out, and give it "
                        + "with --param \(name)=env:NAME"
                    : fault + "which file it is says who runs it; leave it out, and give it with --param \(name)=PATH")
        }
        if members["pattern"] != nil, type != .string {
            throw Fault(
                description: "\(what) is of the type \(type.rawValue) and has a pattern, which only strings have")
        }
        if let required = members["required"], required.boolValue == nil {
            throw Fault(description: "required of \(what) must be true or false, not \(required.kindName)")
        }
        let isRequired = members["required"]?.boolValue ?? false
        if isRequired, members["default"] != nil {
            throw Fault(description: "\(what) is required and has a default: keep one of the two")
        }
        if let choices = members["choices"], choices.arrayValue == nil {
            throw Fault(description: "choices of \(what) must be a list")
        }
        let declaration = ParameterDeclaration(
            name: name, type: type, isRequired: isRequired, defaultValue: members["default"],
            choices: members["choices"]?.arrayValue ?? [], pattern: try string(members, "pattern", what),
            documentation: try string(members, "doc", what) ?? "")
        if let value = declaration.defaultValue {
            do throws(ParameterFault) { _ = try declaration.check(value) } catch {
                throw Fault(description: "the default of \(what) does not fit: \(error.reason)")
            }
        }
        return declaration
    }
}
