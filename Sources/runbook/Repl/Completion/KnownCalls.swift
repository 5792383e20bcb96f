import Operations
import RunbookHost

/// All functions of which more than the name is known: operations, and those that the host adds.
struct KnownCalls: Sendable {
    /// The functions by name.
    let byName: [String: CallShape]
    /// The tables that hold them.
    let tables: Set<String>
    /// The fields of what is read, as a person sees them.
    let models: [CallShape.Model: [FieldShape]]
    /// The rights that a manifest may ask for, and what each is for.
    let capabilities: [(name: String, detail: String)]

    /// What checks passwords: newer consoles may have more.
    private static let authenticationTypes = ["normal", "admin", "ldap", "kerberos", "saml"]

    /// The functions of a catalogue's operations, and of the prelude.
    init(catalogue: Catalogue) {
        var calls: [String: CallShape] = [:]
        var uses: [Capability: [String]] = [:]
        for operation in catalogue.operations {
            calls[operation.name] = Self.call(operation)
            uses[operation.capability, default: []].append(operation.name)
        }
        for function in PreludeFunctions.all {
            calls[function.name] = Self.call(function)
            for capability in function.capabilities { uses[capability, default: []].append(function.name) }
        }
        byName = calls
        tables = Set(calls.keys.compactMap { name in name.firstIndex(of: ".").map { String(name[..<$0]) } })
        capabilities = uses.keys.sorted().map { ($0.rawValue, (uses[$0] ?? []).joined(separator: ", ")) }
        func fields(_ operation: String, _ parameter: String) -> [FieldShape] {
            let parameter = catalogue[operation]?.parameters.first { $0.name == parameter }
            guard case .object(let fields) = parameter?.type else { return [] }
            return fields.filter { $0.type != .secret && $0.name != "links" }.map {
                Self.field($0, [operation], isRead: true)
            }
        }
        models = [
            .user: fields("users.create", "user"), .role: fields("roles.update", "role"),
            .authenticationSource: ["id", "type", "name", "external"].map {
                FieldShape(name: $0, isOptional: true, documentation: "", shape: ValueShape())
            },
        ]
    }

    // MARK: Operations

    private static func call(_ operation: Operation) -> CallShape {
        let fields = operation.parameters.map { parameter in
            FieldShape(
                name: parameter.name, isOptional: !parameter.isRequired, documentation: parameter.documentation,
                shape: shape(parameter.type, [operation.name, parameter.name]))
        }
        let isNamed = operation.convention == .named
        let parameters =
            isNamed
            ? [
                FieldShape(
                    name: "options", isOptional: true, documentation: "",
                    shape: ValueShape(type: "a table", parts: [.table(fields)]))
            ] : fields
        return CallShape(
            name: operation.name, call: String(operation.signature.dropFirst(operation.name.count)),
            summary: operation.summary, isFunction: true, parameters: parameters, model: model(operation))
    }

    private static func model(_ operation: Operation) -> CallShape.Model? {
        switch operation.resultModel {
        case "User": .user
        case "PageOfUser": .many(.user)
        case "Role": .role
        case "ResourcesRole": .many(.role)
        case "AuthenticationSource": .authenticationSource
        case "ResourcesAuthenticationSource": .many(.authenticationSource)
        default: nil
        }
    }

    private static func field(_ field: Field, _ path: [String], isRead: Bool) -> FieldShape {
        FieldShape(
            name: field.name, isOptional: !field.isRequired, documentation: field.documentation,
            shape: shape(field.type, path + [field.name], isRead: isRead))
    }

    /// - Parameters:
    ///   - path: the operation's name, the argument's, and those of fields in it.
    ///   - isRead: whether it is what a server answers, with fields that cannot be written. Default: it is not.
    private static func shape(_ type: ValueType, _ path: [String], isRead: Bool = false) -> ValueShape {
        var shape = ValueShape(type: type.description, reference: reference(path))
        if path.suffix(2) == ["authentication", "type"] { shape.choices = authenticationTypes }
        if path.last == "sort" { shape.choices = ["id,ASC", "id,DESC", "login,ASC", "login,DESC"] }
        switch type {
        case .boolean: shape.isBoolean = true
        case .array(let element, _):
            shape.parts = [.list(Self.shape(element, path, isRead: isRead))]
            // The elements stand for something, and the list itself for nothing.
            (shape.choices, shape.reference) = ([], nil)
        case .object(let fields):
            let shown = fields.filter { isRead ? $0.name != "links" : !$0.isReadOnly }
            shape.parts = [.table(shown.map { field($0, path, isRead: isRead) })]
            shape.reference = nil
        case .oneOf(let types):
            for type in types {
                let one = Self.shape(type, path, isRead: isRead)
                shape.isBoolean = shape.isBoolean || one.isBoolean
                shape.parts += one.parts
            }
        default: break
        }
        return shape
    }

    private static func reference(_ path: [String]) -> ValueShape.Reference? {
        let table = path[0].prefix { $0 != "." }
        // Of a new account only the console knows the identifier.
        if path.count == 2, path[1] == "id" {
            switch table {
            case "users", "twofa": return .userID
            case "roles": return .roleID
            case "privileges": return .privilege
            case "auth_sources": return .authenticationSource
            default: return nil
            }
        }
        switch path.suffix(2) {
        case ["role", "id"]: return .roleID
        case ["role", "privileges"]: return .privilege
        case ["authentication", "id"]: return .authenticationSource
        default: return nil
        }
    }

    // MARK: The prelude

    private static func call(_ function: PreludeFunction) -> CallShape {
        let model: CallShape.Model? =
            switch function.returns.first?.type {
            case "User?": .user
            case "fun(): User?", "User[]": .many(.user)
            default: nil
            }
        return CallShape(
            name: function.name, call: String(function.signature.dropFirst(function.name.count)),
            summary: function.summary, isFunction: function.kind == .function,
            parameters: function.parameters.map { field($0, [function.name]) }, model: model)
    }

    private static func field(_ parameter: PreludeFunction.Parameter, _ path: [String]) -> FieldShape {
        FieldShape(
            name: parameter.name, isOptional: parameter.isOptional, documentation: parameter.documentation,
            shape: shape(parameter, path + [parameter.name]))
    }

    private static func shape(_ parameter: PreludeFunction.Parameter, _ path: [String]) -> ValueShape {
        var shape = ValueShape(
            type: TypeWords.words(parameter.type), choices: parameter.choices, reference: preludeReference(path))
        if path.suffix(2) == ["authentication", "type"] || path.last == "source" && path.count == 3 {
            shape.choices = authenticationTypes
        }
        shape.isBoolean = parameter.type.split(separator: "|").contains("boolean")
        if !parameter.fields.isEmpty { shape.parts.append(.table(parameter.fields.map { field($0, path) })) }
        if parameter.type.hasSuffix("[]") {
            let element = ValueShape(choices: shape.choices, reference: shape.reference)
            shape.parts.append(.list(element))
            // As above.
            if !parameter.type.contains("|") { (shape.choices, shape.reference) = ([], nil) }
        }
        if path == ["runbook", "manifest", "params"] {
            shape.parts = [.map(ValueShape(type: "a table", parts: [.table(declaration)]))]
        }
        return shape
    }

    private static func preludeReference(_ path: [String]) -> ValueShape.Reference? {
        if path == ["runbook", "manifest", "needs"] { return .capability }
        guard path[0].hasPrefix("users.") else { return nil }
        if path.count == 2, path[1] == "id" { return .userID }
        switch path.dropFirst().joined(separator: ".") {
        case "filter.id": return .userID
        case "filter.login": return .userLogin
        case "filter.name": return .userName
        case "filter.role", "changes.role", "changes.role.id": return .roleID
        case "changes.authentication.id": return .authenticationSource
        default: return nil
        }
    }

    /// What a manifest says of a parameter.
    private static let declaration = ParameterKey.allCases.map { key in
        var shape = ValueShape(type: key.type)
        shape.isBoolean = key == .required
        if key == .type { shape.choices = ParameterDeclaration.ValueType.allCases.map(\.rawValue) }
        return FieldShape(name: key.rawValue, isOptional: true, documentation: key.meaning, shape: shape)
    }
}
