import Operations
import Testing

/// Every difference between an operation's arguments and the specification's, one sentence each.
struct SpecificationComparison {
    let specification: Specification
    let operation: Operation
    private(set) var differences: Set<String> = []

    init(_ operation: Operation, to entry: Specification.Entry, in specification: Specification) throws {
        self.specification = specification
        self.operation = operation
        for expected in entry.parameters { try compareParameter(expected) }
        let names = Set(entry.parameters.compactMap { $0["name"]?.stringValue })
        for parameter in operation.parameters where !names.contains(parameter.wireName) {
            differ("\(parameter.wireName) is not in the specification")
        }
    }

    private mutating func differ(_ difference: String) { differences.insert("\(operation.name): \(difference)") }

    private mutating func compareParameter(_ expected: JSONValue) throws {
        let name = try #require(expected["name"]?.stringValue)
        let matches = operation.parameters.filter { $0.wireName == name }
        guard let ours = matches.first, matches.count == 1 else { return differ("\(name) is missing") }
        if "\(ours.location)" != expected["in"]?.stringValue { differ("\(name) is in the \(ours.location)") }
        if ours.isRequired != expected["required"]?.boolValue {
            differ("\(name) is \(ours.isRequired ? "required" : "optional") here")
        }
        try compare(ours.type, to: expected["schema"] ?? expected, at: name, readModel: nil)
    }

    private mutating func compare(
        _ type: ValueType, to schema: JSONValue, at place: String, readModel: String?
    ) throws {
        if let name = schema.referencedModel {
            return try compare(type, to: specification.model(name), at: place, readModel: Self.readModels[name])
        }
        if schema["enum"] != nil { differ("\(place) is open here") }
        switch (schema["type"]?.stringValue, type) {
        case ("integer", .integer(let range)):
            if schema["format"]?.stringValue != "int32" || !(0...Int64(Int32.max)).contains(range.upperBound) {
                differ("\(place) has another range")
            }
        case ("string", .string), ("string", .secret), ("boolean", .boolean): break
        case ("array", .array(let element, _)):
            try compare(element, to: try #require(schema["items"]), at: "\(place)[]", readModel: nil)
        case (_, .oneOf(let types)):
            differ("\(place) takes \(types.count) types")
            let closest = try #require(types.first { Self.kind(of: $0) == schema["type"]?.stringValue })
            try compare(closest, to: schema, at: place, readModel: nil)
        case ("object", .object(let fields)):
            try compare(fields, to: schema, at: place, readModel: readModel)
        case (let expected, _): differ("\(place) is \(type.description) here and \(expected ?? "nothing") there")
        }
    }

    private mutating func compare(
        _ fields: [Field], to model: JSONValue, at place: String, readModel: String?
    ) throws {
        let properties = try #require(model["properties"]?.objectValue)
        let required = Set((model["required"]?.arrayValue ?? []).compactMap(\.stringValue))
        for (name, property) in properties {
            let fieldPlace = "\(place).\(name)"
            guard let field = fields.first(where: { $0.name == name }) else {
                differ("\(fieldPlace) is missing")
                continue
            }
            if field.isRequired != required.contains(name) {
                differ("\(fieldPlace) is \(field.isRequired ? "required" : "optional") here")
            }
            if field.isReadOnly != (property["readOnly"]?.boolValue ?? false) {
                differ("\(fieldPlace) is \(field.isReadOnly ? "not sent" : "sent") here")
            }
            // Links are never looked at: what they hold is the server's affair.
            if name != "links" { try compare(field.type, to: property, at: fieldPlace, readModel: nil) }
        }
        for field in fields where properties[field.name] == nil {
            let read = try readModel.map { try #require(specification.model($0)["properties"]?.objectValue) }
            let isRead = field.isReadOnly && read?[field.name] != nil
            differ("\(place).\(field.name) is " + (isRead ? "read, accepted and not sent" : "invented"))
        }
    }

    /// The model that reading answers where writing takes another.
    private static let readModels = [
        "UserEdit": "User", "CreateAuthenticationSource": "AuthenticationSource", "UserCreateRole": "UserRole",
    ]

    private static func kind(of type: ValueType) -> String {
        switch type {
        case .integer: "integer"
        case .string, .secret: "string"
        case .boolean: "boolean"
        case .array: "array"
        case .object: "object"
        case .oneOf, .any: "several"
        }
    }
}
