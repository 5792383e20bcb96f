internal import Operations

/// The body of a request that creates or replaces a user, types checked.
struct UserEdit: Sendable, Hashable {
    struct Authentication: Sendable, Hashable {
        var id: Int32?
        var type: String
    }

    struct Role: Sendable, Hashable {
        var id: String
        var allSites: Bool
        var allAssetGroups: Bool
        var superuser: Bool
    }

    var login: String
    var name: String
    var email: String?
    var password: String?
    var passwordResetOnLogin: Bool
    var enabled: Bool
    var authentication: Authentication?
    var locale: User.Locale?
    var role: Role

    /// Reads a body. Read-only fields and unknown ones are ignored, `null` is absent.
    init(_ body: JSONValue) throws(ConsoleError) {
        let user = Members(body)
        guard body.objectValue != nil else { throw .badRequest("The user must be a JSON object.") }
        login = try user.required("login")
        name = try user.required("name")
        email = try user.string("email")
        if let email, !email.contains("@") { throw .badRequest("The email address is not valid.") }
        password = try user.string("password")
        if password == "" { throw .badRequest("The password must not be empty.") }
        passwordResetOnLogin = try user.boolean("passwordResetOnLogin") ?? false
        enabled = try user.boolean("enabled") ?? true

        if let member = try user.object("authentication") {
            authentication = Authentication(id: try member.identifier("id"), type: try member.required("type"))
        }
        if let member = try user.object("locale") {
            locale = User.Locale(
                language: try member.string("default") ?? User.Locale.standard.language,
                reports: try member.string("reports") ?? User.Locale.standard.reports)
        }
        guard let member = try user.object("role") else { throw .badRequest("The field role is required.") }
        role = Role(
            id: try member.required("id"), allSites: try member.boolean("allSites") ?? false,
            allAssetGroups: try member.boolean("allAssetGroups") ?? false,
            superuser: try member.boolean("superuser") ?? false)
    }
}

/// Reads the fields of a JSON object, and says which one is wrong.
struct Members {
    private let object: [String: JSONValue]
    private let name: String

    init(_ value: JSONValue, _ name: String = "") {
        object = value.objectValue ?? [:]
        self.name = name
    }

    func value(_ key: String) -> JSONValue? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    func string(_ key: String) throws(ConsoleError) -> String? {
        guard let value = value(key) else { return nil }
        guard let string = value.stringValue else { throw mismatch(key, "a string", value) }
        return string
    }

    func required(_ key: String) throws(ConsoleError) -> String {
        guard let string = try string(key), !string.isEmpty else {
            throw .badRequest("The field \(path(key)) is required.")
        }
        return string
    }

    func boolean(_ key: String) throws(ConsoleError) -> Bool? {
        guard let value = value(key) else { return nil }
        guard let boolean = value.boolValue else { throw mismatch(key, "a boolean", value) }
        return boolean
    }

    func identifier(_ key: String) throws(ConsoleError) -> Int32? {
        guard let value = value(key) else { return nil }
        guard let id = value.integerValue.flatMap({ Int32(exactly: $0) }) else {
            throw mismatch(key, "a 32-bit integer", value)
        }
        return id
    }

    func object(_ key: String) throws(ConsoleError) -> Members? {
        guard let value = value(key) else { return nil }
        guard value.objectValue != nil else { throw mismatch(key, "an object", value) }
        return Members(value, path(key))
    }

    private func path(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

    private func mismatch(_ key: String, _ expected: String, _ value: JSONValue) -> ConsoleError {
        .badRequest("The field \(path(key)) must be \(expected), not \(value.kindName).")
    }
}
