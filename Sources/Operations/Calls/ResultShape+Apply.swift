extension ResultShape {
    /// What a script, or a person at the command line, gets of a reply's body.
    ///
    /// Survives what real servers send: an absent member, `null` for a list, a count as text.
    ///
    /// - Parameters:
    ///   - body: the parsed body; `null` for an empty one.
    ///   - keepingLinks: whether `links` stay. Default: `false`.
    /// - Returns: the value and, for ``page``, the page object.
    public func apply(to body: JSONValue, keepingLinks: Bool = false) -> (value: JSONValue, page: JSONValue?) {
        func clean(_ value: JSONValue) -> JSONValue { keepingLinks ? value : value.droppingLinks }
        let resources = JSONValue.array(body["resources"]?.arrayValue ?? [])
        switch self {
        case .nothing: return (keepingLinks ? body : .null, nil)
        case .object: return (clean(body), nil)
        case .value: return (body, nil)
        case .resources: return (clean(resources), nil)
        case .page: return (clean(resources), clean(.object(body["page"]?.objectValue ?? [:])))
        case .member(let name): return (clean(body[name] ?? .null), nil)
        case .secretMember(let name): return (body[name]?.sealed ?? .null, nil)
        case .replyCount(let name): return (body["reply"]?[name]?.count ?? .null, nil)
        case .replyList:
            return (.array((body["reply"]?.arrayValue ?? []).flatMap { $0.arrayValue ?? [$0] }), nil)
        }
    }
}

extension JSONValue {
    /// This value without any object's `links`, at every level.
    fileprivate var droppingLinks: JSONValue {
        switch self {
        case .array(let elements): return .array(elements.map(\.droppingLinks))
        case .object(var members):
            members["links"] = nil
            return .object(members.mapValues(\.droppingLinks))
        default: return self
        }
    }

    /// This string or number as a secret; `nil` for anything else and for an empty string.
    fileprivate var sealed: JSONValue? {
        switch self {
        case .secret: self
        case .string(let text): text.isEmpty ? nil : .secret(SecretValue(text))
        case .integer, .number: .secret(SecretValue(text))
        default: nil
        }
    }

    /// This number, or the number that this text spells.
    fileprivate var count: JSONValue? {
        (integerValue ?? stringValue.flatMap { Int64($0) }).map { .integer($0) }
    }
}
