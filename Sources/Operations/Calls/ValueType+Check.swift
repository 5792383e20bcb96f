extension ValueType {
    /// The value as it is sent on: integral numbers as integers, strings sealed where a secret is due, read-only
    /// fields and `null` members left out.
    func check(_ value: JSONValue) throws(ArgumentFault) -> JSONValue {
        switch self {
        case .integer(let range):
            guard let integer = value.integerValue else { throw .mismatch(self, value) }
            guard range.contains(integer) else {
                throw ArgumentFault("must be from \(range.lowerBound) to \(range.upperBound), got \(integer)")
            }
            return .integer(integer)
        case .string(let minimum):
            guard let string = value.stringValue else { throw .mismatch(self, value) }
            try Self.check(string, minimumLength: minimum)
            return value
        case .boolean:
            guard value.boolValue != nil else { throw .mismatch(self, value) }
            return value
        case .secret:
            let secret: SecretValue
            switch value {
            case .secret(let sealed): secret = sealed
            case .string(let string): secret = SecretValue(string)
            default: throw .mismatch(self, value)
            }
            guard !secret.reveal().isEmpty else { throw ArgumentFault("must not be empty") }
            return .secret(secret)
        case .array(let element, let minimum):
            guard let elements = value.elementsOfTable else { throw .mismatch(self, value) }
            return .array(try Self.check(elements, of: element, minimumCount: minimum))
        case .object(let fields):
            guard let members = value.membersOfTable else { throw .mismatch(self, value) }
            return .object(try Self.check(members, fields))
        case .oneOf(let types):
            guard let type = types.first(where: { $0.takesKind(of: value) }) else { throw .mismatch(self, value) }
            return try type.check(value)
        case .any:
            guard !value.isNull else { throw .mismatch(self, value) }
            return value
        }
    }

    /// Whether values of this kind can be of this type at all.
    private func takesKind(of value: JSONValue) -> Bool {
        switch self {
        case .integer: value.integerValue != nil
        case .string: value.stringValue != nil
        case .boolean: value.boolValue != nil
        case .secret:
            switch value {
            case .secret, .string: true
            default: false
            }
        case .array: value.elementsOfTable != nil
        case .object: value.membersOfTable != nil
        case .oneOf(let types): types.contains { $0.takesKind(of: value) }
        case .any: !value.isNull
        }
    }

    private static func check(_ string: String, minimumLength minimum: Int) throws(ArgumentFault) {
        // One visible ASCII character is enough of a proof for nearly every name, and quick.
        guard minimum > 0 else { return }
        if minimum == 1, let first = string.utf8.first, (0x21..<0x7f).contains(first) { return }
        let count = string.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).count
        guard count >= minimum else {
            throw ArgumentFault(
                minimum == 1 ? "must not be empty" : "must have at least \(minimum) characters, got \(count)")
        }
    }

    private static func check(
        _ elements: [JSONValue], of element: ValueType, minimumCount minimum: Int
    ) throws(ArgumentFault) -> [JSONValue] {
        guard elements.count >= minimum else {
            throw ArgumentFault(
                minimum == 1 ? "must not be empty" : "must have at least \(minimum) elements, got \(elements.count)")
        }
        var checked: [JSONValue] = []
        checked.reserveCapacity(elements.count)
        for (index, item) in elements.enumerated() {
            do { checked.append(try element.check(item)) } catch { throw error.within(index: index) }
        }
        return checked
    }

    private static func check(
        _ members: [String: JSONValue], _ fields: [Field]
    ) throws(ArgumentFault) -> [String: JSONValue] {
        // Before what is missing: a misspelt name is both, and this says more.
        if let name = members.keys.filter({ name in !fields.contains { $0.name == name } }).min() {
            throw .unknown("field", name, among: fields.filter { !$0.isReadOnly }.map(\.name))
        }
        var checked: [String: JSONValue] = [:]
        for field in fields {
            guard let value = members[field.name], !value.isNull else {
                if field.isRequired {
                    throw ArgumentFault.missing(documentation: field.documentation).within(field: field.name)
                }
                continue
            }
            if field.isReadOnly { continue }
            do { checked[field.name] = try field.type.check(value) } catch { throw error.within(field: field.name) }
        }
        return checked
    }
}

extension JSONValue {
    /// The elements, if this can have been an array in Lua: an empty table may be written either way.
    fileprivate var elementsOfTable: [JSONValue]? {
        if case .object(let members) = self, members.isEmpty { return [] }
        return arrayValue
    }

    /// The members, if this can have been a table of names in Lua: an empty table is written as an array.
    var membersOfTable: [String: JSONValue]? {
        if case .array(let elements) = self, elements.isEmpty { return [:] }
        return objectValue
    }
}
