internal import Operations

/// The members of a stored object, read strictly: what is missing, or is not what it should be, makes the whole unreadable.
struct StoredMembers {
    /// A member is missing or is not what it should be.
    struct Fault: Error {}

    private let members: [String: JSONValue]

    /// The members of an object.
    ///
    /// - Throws: ``Fault`` if it is none.
    init(_ json: JSONValue) throws(Fault) {
        guard case .object(let members) = json else { throw Fault() }
        self.members = members
    }

    /// A member that is always there.
    ///
    /// - Parameter read: reads it; `nil` if it is not what it should be.
    func value<T>(_ name: String, _ read: (JSONValue) -> T?) throws(Fault) -> T {
        guard let member = members[name], let value = read(member) else { throw Fault() }
        return value
    }

    /// A member that is left out if there is nothing to say.
    ///
    /// - Parameter read: reads it; `nil` if it is not what it should be.
    func optional<T>(_ name: String, _ read: (JSONValue) -> T?) throws(Fault) -> T? {
        guard let member = members[name] else { return nil }
        guard let value = read(member) else { throw Fault() }
        return value
    }

    /// A text that is always there.
    func text(_ name: String) throws(Fault) -> String { try value(name, \.stringValue) }

    /// An integer that is always there.
    func integer(_ name: String) throws(Fault) -> Int64 { try value(name, \.integerValue) }

    /// A count that is always there.
    func count(_ name: String) throws(Fault) -> Int { try value(name) { $0.integerValue.flatMap { Int(exactly: $0) } } }

    /// A truth that is always there.
    func truth(_ name: String) throws(Fault) -> Bool { try value(name, \.boolValue) }

    /// A list that is always there.
    ///
    /// - Parameter read: reads an element; `nil` if it is not what it should be.
    func list<T>(_ name: String, _ read: (JSONValue) -> T?) throws(Fault) -> [T] {
        let elements = try value(name, \.arrayValue)
        let values = elements.compactMap(read)
        guard values.count == elements.count else { throw Fault() }
        return values
    }

    /// One of several words that is always there.
    func word<T: RawRepresentable<String>>(_ name: String) throws(Fault) -> T {
        try value(name) { $0.stringValue.flatMap(T.init(rawValue:)) }
    }
}
