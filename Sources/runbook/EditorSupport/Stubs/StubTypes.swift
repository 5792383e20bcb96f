import Operations

/// Gives the types of the catalogue their names in definition files: each object becomes a class, each identifier another
/// name for its type.
struct StubTypes {
    /// What was named since it was last asked for.
    private var fresh: [StubItem] = []
    /// The names that are taken.
    private var known: Set<String> = []
    /// The classes by their fields: what is the same in two places has one name.
    private var classes: [[Field]: String] = [:]
    /// The classes of prelude arguments, in the same way.
    private var preludeClasses: [[PreludeFunction.Parameter]: String] = [:]
    /// The refinements that were used, as `class.field`.
    private(set) var refined: Set<String> = []

    /// What was named since this was last called, each before what uses it.
    mutating func takeFresh() -> [StubItem] {
        defer { fresh = [] }
        return fresh
    }

    /// Defines something once.
    ///
    /// - Returns: the name.
    mutating func define(_ name: String, _ item: @autoclosure () -> StubItem) -> String {
        if known.insert(name).inserted { fresh.append(item()) }
        return name
    }

    /// The better type that is known of a field or an argument, or else the one given.
    mutating func refine(_ owner: String, _ name: String, _ type: String) -> String {
        let key = "\(owner).\(name)"
        guard let better = StubKnowledge.refinements[key] else { return type }
        refined.insert(key)
        use(better)
        return better
    }

    /// Defines the aliases that a type is written with.
    mutating func use(_ type: String) {
        for name in type.words {
            guard let alias = StubKnowledge.aliases[name] else { continue }
            _ = define(
                name, .alias(name: name, type: alias.type, values: alias.values, documentation: alias.documentation))
        }
    }

    // MARK: The catalogue's types

    /// A type's name.
    ///
    /// - Parameters:
    ///   - className: what an object is called.
    ///   - base: what its fields' objects are called by, with the field's name behind.
    mutating func name(of type: ValueType, className: String, base: String, documentation: String) -> String {
        switch type {
        case .integer: return "integer"
        case .string: return "string"
        case .boolean: return "boolean"
        case .secret: return secret + "|string"
        case .any: return "any"
        case .array(let element, _):
            let name = name(of: element, className: className, base: base, documentation: documentation)
            return name.contains("|") ? "(\(name))[]" : name + "[]"
        case .oneOf(let types):
            return types.map { name(of: $0, className: className, base: base, documentation: documentation) }
                .joined(separator: "|")
        case .object(let fields):
            return self.className(of: fields, className, base: base, documentation: documentation)
        }
    }

    private mutating func className(
        of fields: [Field], _ name: String, base: String, documentation: String
    ) -> String {
        if let known = classes[fields] { return known }
        let name = StubKnowledge.classNames[name] ?? name
        classes[fields] = name
        let stubFields = fields.map { field(name, $0, base: base) }
        return define(name, .table(name: name, fields: stubFields, documentation: documentation))
    }

    /// A field of a class.
    mutating func field(_ owner: String, _ field: Field, base: String) -> StubField {
        let inner = base + field.name.capitalized
        let type = name(of: field.type, className: inner, base: inner, documentation: field.documentation)
        return StubField(
            name: field.name, type: refine(owner, field.name, type), isOptional: !field.isRequired,
            documentation: field.documentation)
    }

    /// The class of secrets.
    var secret: String {
        mutating get {
            define(
                "Secret",
                .opaque(
                    name: "Secret",
                    documentation: """
                        A password, a two-factor seed or another secret. It prints as ‹secret› and can be passed to \
                        operations; secrets.reveal gives its text.
                        """))
        }
    }

    // MARK: Identifiers

    /// The type of an argument in a path, and of lists of such: `UserId` for the `id` of `/api/3/users/{id}`, `SiteId` for
    /// `siteId`, `SiteId[]` for `siteIds`.
    mutating func identifier(_ parameter: Parameter, of operation: Operation) -> String? {
        switch parameter.location {
        case .path:
            guard let path = operation.endpoint?.path else { return nil }
            let segments = path.split(separator: "/")
            guard let index = segments.firstIndex(where: { $0 == "{\(parameter.wireName)}" }), index > 0 else {
                return nil
            }
            let subject =
                parameter.wireName == "id"
                ? String(segments[index - 1]).singular.camelCased : String(parameter.wireName.dropLast(2)).capitalized
            let type = name(of: parameter.type, className: "", base: "", documentation: "")
            return identifier(of: subject, type: type)
        case .body:
            guard case .array(let element, _) = parameter.type, parameter.wireName.hasSuffix("Ids") else { return nil }
            let type = name(of: element, className: "", base: "", documentation: "")
            return identifier(of: String(parameter.wireName.dropLast(3)).capitalized, type: type) + "[]"
        case .query: return nil
        }
    }

    /// The alias for the identifier of a user, a role…
    mutating func identifier(of subject: String, type: String) -> String {
        let name = subject + "Id"
        use(name)
        return define(
            name,
            .alias(
                name: name, type: type, values: [],
                documentation: "The identifier of \(subject.indefinite)."))
    }

    // MARK: The prelude's types

    /// The type of an argument or a field of the prelude.
    mutating func name(of parameter: PreludeFunction.Parameter, owner: String, className: String) -> String {
        var type = parameter.type
        if !parameter.fields.isEmpty {
            let name = self.className(of: parameter, className)
            type = type == "table" ? name : type.replacingWord("table", with: name)
        }
        if !parameter.choices.isEmpty { type = parameter.choices.map { "\"\($0)\"" }.joined(separator: "|") }
        if type.words.contains("Secret") { _ = secret }
        return refine(owner, parameter.name, type)
    }

    private mutating func className(of parameter: PreludeFunction.Parameter, _ name: String) -> String {
        if let known = preludeClasses[parameter.fields] { return known }
        preludeClasses[parameter.fields] = name
        let fields = parameter.fields.map { field in
            StubField(
                name: field.name, type: self.name(of: field, owner: name, className: name + field.name.capitalized),
                isOptional: field.isOptional, documentation: field.documentation)
        }
        return define(name, .table(name: name, fields: fields, documentation: parameter.documentation))
    }
}

extension String {
    /// With a capital at its beginning.
    var capitalized: String { prefix(1).uppercased() + dropFirst() }

    /// `auth_source` as `AuthSource`.
    var camelCased: String { split(separator: "_").map { String($0).capitalized }.joined() }

    /// `users` as `user`.
    var singular: String { hasSuffix("s") ? String(dropLast()) : self }

    /// `AssetGroup` as `an asset group`.
    fileprivate var indefinite: String {
        var text = ""
        for letter in self {
            text += letter.isUppercase && !text.isEmpty ? " \(letter.lowercased())" : letter.lowercased()
        }
        return ("aeio".contains(text.prefix(1)) ? "an " : "a ") + text
    }

    /// The names in a type.
    var words: [String] { split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init) }

    /// With each whole word that is `word` exchanged.
    fileprivate func replacingWord(_ word: String, with other: String) -> String {
        split(separator: "|", omittingEmptySubsequences: false).map { $0 == word ? other : String($0) }
            .joined(separator: "|")
    }
}
