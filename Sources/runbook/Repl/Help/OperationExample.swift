import Operations

/// An example of a call for each operation, made from the types of its arguments.
struct OperationExample {
    /// The Lua.
    let source: String

    /// An example of a call with all that is required, and of named arguments all.
    init(_ operation: Operation) {
        let arguments = operation.parameters
        switch operation.convention {
        case .named:
            let fields = arguments.map { "\($0.name) = \(Self.literal($0.type, [operation.name, $0.name]))" }
            source = "\(operation.name) { \(fields.joined(separator: ", ")) }"
        case .positional:
            let required = arguments.filter(\.isRequired)
            if required.count == 1, let only = required.first, case .object(let fields) = only.type {
                source = "\(operation.name) \(Self.table(fields, [operation.name, only.name], isLong: true))"
            } else {
                let texts = required.map { parameter in
                    if case .object(let fields) = parameter.type {
                        return Self.table(fields, [operation.name, parameter.name], isLong: true)
                    }
                    return Self.literal(parameter.type, [operation.name, parameter.name])
                }
                source = "\(operation.name)(\(texts.joined(separator: ", ")))"
            }
        }
    }

    private static func table(_ fields: [Field], _ path: [String], isLong: Bool = false) -> String {
        // What is not required is left out, but for what most people want to say.
        let wanted = fields.filter { !$0.isReadOnly && ($0.isRequired || ["email", "privileges"].contains($0.name)) }
        let texts = wanted.map { "\($0.name) = \(literal($0.type, path + [$0.name]))" }
        guard isLong, texts.count > 2 else { return "{ \(texts.joined(separator: ", ")) }" }
        return "{\n" + texts.map { "    \($0),\n" }.joined() + "}"
    }

    private static func literal(_ type: ValueType, _ path: [String]) -> String {
        switch type {
        case .integer(let range):
            let wanted: Int64 =
                switch path.last {
                case _ where path[0].hasPrefix("auth_sources."): 2
                case "size": 500
                case "page": 0
                case "site_id", "site_ids", "asset_group_id", "asset_group_ids": 3
                default: 7
                }
            return String(min(max(wanted, range.lowerBound), range.upperBound))
        case .string: return "\"\(text(path))\""
        case .boolean: return "true"
        case .secret: return "secrets.generate(24)"
        case .array(let element, _): return "{ \(literal(element, path)) }"
        case .object(let fields): return table(fields, path)
        case .oneOf(let types): return types.first.map { literal($0, path) } ?? "nil"
        case .any: return "\"text\""
        }
    }

    /// A text that fits where it stands.
    private static func text(_ path: [String]) -> String {
        let operation = path[0]
        let table = operation.prefix { $0 != "." }
        if table == "xpanse" {
            if path.last == "emails" { return "jdoe@example.com" }
            return operation == "xpanse.groups" ? "Night Shift" : "Viewer"
        }
        switch path.suffix(2).joined(separator: ".") {
        case "authentication.type": return "normal"
        case "role.privileges": return "manage-sites"
        // Roles that come with the console cannot be changed or deleted.
        case "roles.update.id",
            "role.id" where operation == "roles.update", "roles.delete.id":
            return "tier-1-support"
        case "role.id", "roles.get.id", "roles.users.id": return "security-manager"
        case "privileges.get.id", "privileges.users.id": return "manage-sites"
        case "role.name": return "Tier 1 Support"
        case "role.description": return "Unlocks accounts"
        default: break
        }
        switch path.last {
        case "login": return "jdoe"
        case "name": return "Jane Doe"
        case "email": return "jdoe@example.com"
        case "sort": return "login,ASC"
        default: return "text"
        }
    }
}
