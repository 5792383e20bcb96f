import Operations

/// What operations answer, as types: from the specification's names for replies, and from what the catalogue says of those
/// without a name.
struct StubReplies {
    /// The catalogue, whose arguments are also what is answered.
    let catalogue: Catalogue

    /// What a call of an operation answers, in order.
    func results(of operation: Operation, _ types: inout StubTypes) -> [StubField] {
        let model = operation.resultModel
        switch operation.result {
        case .nothing: return []
        case .secretMember:
            return [result(types.secret, isOptional: true, "a secret, or nil if there is none")]
        case .replyCount: return [result("integer?", "how many changed, if the server says")]
        case .replyList:
            let element = xpanse(operation, &types)
            return [result(element + "[]", "a list")]
        case .value: return [result("any", "the reply as it is")]
        case .member:
            return [result(referenced(model, &types) ?? "any", "the identifier")]
        case .object:
            return [result(object(model, &types) ?? "table", model == "Links" ? "an empty table" : "what was read")]
        case .resources: return [result(elements(of: model, &types) + "[]", "a list; empty if there are none")]
        case .page:
            let page = types.define(
                "Page",
                .reply(
                    name: "Page",
                    fields: [
                        StubField(name: "number", type: "integer", documentation: "Its index, from 0."),
                        StubField(name: "size", type: "integer", documentation: "How many a page has at most."),
                        StubField(
                            name: "totalPages", type: "integer", isOptional: true, documentation: "How many pages."),
                        StubField(
                            name: "totalResources", type: "integer", isOptional: true,
                            documentation: "How many there are on all pages."),
                    ], documentation: "A page of a list."))
            return [
                result(elements(of: model, &types) + "[]", "those of the page"), result(page, "the page itself"),
            ]
        }
    }

    /// The class of what is read as `model`, if it is also an argument of an operation that writes it.
    func object(_ model: String, _ types: inout StubTypes) -> String? {
        if model == "AuthenticationSource" { return authenticationSource(&types) }
        guard let (parameter, fields) = argument(writing: model) else { return nil }
        let kept = fields.filter { $0.type != .secret }
        if kept == fields {
            return types.name(
                of: parameter.type, className: model + "Update", base: model, documentation: parameter.documentation)
        }
        var stubFields = kept.map { types.field(model, $0, base: model) }
        for index in stubFields.indices where stubFields[index].name == "id" { stubFields[index].isOptional = false }
        return types.define(
            model,
            .reply(
                name: model, fields: stubFields,
                documentation: "A \(model.lowercased()) as it is read. Any field may be absent."))
    }

    /// The name of a reply's class that an argument may be just as well: a user that was read can be written back.
    func readable(as parameter: Parameter, className: String, _ types: inout StubTypes) -> String? {
        guard case .object(let fields) = parameter.type,
            !fields.contains(where: { $0.type == .secret && $0.isRequired }),
            let model = object(parameter.name.capitalized, &types), model != className
        else { return nil }
        return model
    }

    private func argument(writing model: String) -> (Parameter, [Field])? {
        for operation in catalogue.operations where operation.effect == .idempotent {
            for parameter in operation.parameters where parameter.name.capitalized == model {
                if case .object(let fields) = parameter.type { return (parameter, fields) }
            }
        }
        return nil
    }

    private func elements(of model: String, _ types: inout StubTypes) -> String {
        if let identifier = referenced(model, &types) { return identifier }
        if model == "Privileges" { return types.identifier(of: "Privilege", type: "string") }
        for prefix in ["Resources", "PageOf"] where model.hasPrefix(prefix) {
            return object(String(model.dropFirst(prefix.count)), &types) ?? "table"
        }
        return "table"
    }

    /// `ReferencesWithUserIDLink` and `CreatedReferenceUserIDLink` as `UserId`.
    private func referenced(_ model: String, _ types: inout StubTypes) -> String? {
        guard model.hasSuffix("IDLink"),
            let prefix = ["ReferencesWith", "CreatedReference"].first(where: { model.hasPrefix($0) })
        else { return nil }
        return types.identifier(of: String(model.dropFirst(prefix.count).dropLast(6)), type: "integer")
    }

    private func authenticationSource(_ types: inout StubTypes) -> String {
        let owner = "AuthenticationSource"
        types.use("AuthenticationType")
        let id = types.refine(owner, "id", "integer")
        return types.define(
            owner,
            .reply(
                name: owner,
                fields: [
                    StubField(name: "id", type: id, documentation: "The identifier."),
                    StubField(name: "type", type: "AuthenticationType", documentation: "What checks the password."),
                    StubField(name: "name", type: "string", isOptional: true, documentation: "The name."),
                    StubField(
                        name: "external", type: "boolean", isOptional: true,
                        documentation: "Whether the password is checked outside of the console."),
                ], documentation: "What checks the passwords of users."))
    }

    /// The elements of Xpanse's lists: the fields that the catalogue names, any of which may be absent.
    private func xpanse(_ operation: Operation, _ types: inout StubTypes) -> String {
        guard let fields = Self.xpanseFields[operation.name] else { return "table" }
        let name = "Xpanse" + operation.function.singular.capitalized
        return types.define(
            name,
            .reply(
                name: name,
                fields: fields.map { StubField(name: $0, type: $1, isOptional: true, documentation: $2) },
                documentation: "As \(operation.name) answers it. Any field may be absent."))
    }

    private static let xpanseFields: [String: [(String, String, String)]] = [
        "xpanse.users": [
            ("user_email", "string", "The email address, by which users are named."),
            ("user_first_name", "string", "The first name."),
            ("user_last_name", "string", "The last name."),
            ("role_name", "string", "The role that was given directly."),
            ("last_logged_in", "integer", "The last login, in milliseconds since 1970."),
            ("user_type", "string", "The kind of user."),
            ("groups", "string[]", "The groups, from which roles may come."),
            ("scope", "any", "What the user may see."),
        ],
        "xpanse.roles": [
            ("pretty_name", "string", "The name that people read."),
            ("permissions", "any", "What the role permits."),
            ("insert_time", "integer", "When it was made, in milliseconds since 1970."),
            ("update_time", "integer", "When it was changed, in milliseconds since 1970."),
            ("created_by", "string", "Who made it."),
            ("description", "string", "What it is for."),
            ("groups", "string[]", "The groups that have it."),
            ("users", "string[]", "The users who have it, by email address."),
        ],
        "xpanse.groups": [
            ("group_name", "string", "The name."),
            ("description", "string", "What it is for."),
            ("pretty_name", "string", "The name that people read."),
            ("insert_time", "integer", "When it was made, in milliseconds since 1970."),
            ("update_time", "integer", "When it was changed, in milliseconds since 1970."),
            ("user_email", "string[]", "The users in it, by email address."),
            ("source", "string", "Where it comes from."),
        ],
    ]

    private func result(_ type: String, isOptional: Bool = false, _ documentation: String) -> StubField {
        StubField(name: "", type: type, isOptional: isOptional, documentation: documentation)
    }
}
