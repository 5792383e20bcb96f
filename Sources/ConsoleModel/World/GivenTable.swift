package import Operations

/// A table that a test is given, such as a world's description, read member by member; an unknown one is a fault that names the
/// likely one.
package struct GivenTable: Sendable {
    /// Where it stands, in what was given; empty if it is all of that.
    package let place: String
    /// What it has.
    package let members: [String: JSONValue]

    /// Reads a table of Lua.
    ///
    /// - Parameters:
    ///   - title: what it is called where it is wrong itself. Default: its place.
    ///   - known: the members that there may be; `nil` for any.
    package init(
        _ value: JSONValue, _ place: String, called title: String? = nil, known: [String]?
    ) throws(GivenFault) {
        guard let members = value.tableMembers else {
            throw GivenFault(title ?? place, "must be a table, not \(value.kindName)")
        }
        for name in members.keys.sorted() {
            guard let known, !known.contains(name) else { continue }
            let advice =
                name.nearest(among: known).map { "did you mean '\($0)'?" }
                ?? "there are: \(known.joined(separator: ", "))"
            throw GivenFault(title ?? place, "has no field '\(name)'; \(advice)")
        }
        self.place = place
        self.members = members
    }

    /// Whether the member was given, also as `null`.
    package func has(_ name: String) -> Bool { members[name] != nil }

    /// The member, if it was given and is not `null`.
    package func value(_ name: String) -> JSONValue? {
        guard let value = members[name], !value.isNull else { return nil }
        return value
    }

    /// A string; `nil` if it was not given.
    package func string(_ name: String) throws(GivenFault) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.stringValue else { throw mismatch(name, "a string", value) }
        return text
    }

    /// A string that must be given, and not be empty.
    package func required(_ name: String) throws(GivenFault) -> String {
        guard let text = try string(name), !text.isEmpty else { throw fault(name, "is missing") }
        return text
    }

    /// True or false; `nil` if it was not given.
    package func boolean(_ name: String) throws(GivenFault) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let boolean = value.boolValue else { throw mismatch(name, "true or false", value) }
        return boolean
    }

    /// An integer in a range; `nil` if it was not given.
    package func integer(_ name: String, in range: ClosedRange<Int64>) throws(GivenFault) -> Int64? {
        guard let value = value(name) else { return nil }
        guard let number = value.integerValue else { throw mismatch(name, "an integer", value) }
        guard range.contains(number) else {
            throw fault(name, "must be from \(range.lowerBound) to \(range.upperBound), not \(number)")
        }
        return number
    }

    /// A list of strings; `nil` if it was not given.
    package func strings(_ name: String) throws(GivenFault) -> [String]? {
        guard let list = try list(name) else { return nil }
        var texts: [String] = []
        for value in list {
            guard let text = value.stringValue else { throw mismatch(name, "a list of strings", value) }
            texts.append(text)
        }
        return texts
    }

    /// A list; `nil` if it was not given.
    package func list(_ name: String) throws(GivenFault) -> [JSONValue]? {
        guard let value = value(name) else { return nil }
        guard let list = value.listElements else { throw mismatch(name, "a list", value) }
        return list
    }

    /// What a member is called in what was given.
    package func path(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

    /// What is wrong with a member.
    package func fault(_ name: String, _ problem: String) -> GivenFault { GivenFault(path(name), problem) }

    private func mismatch(_ name: String, _ wanted: String, _ value: JSONValue) -> GivenFault {
        fault(name, "must be \(wanted), not \(value.kindName)")
    }
}

extension JSONValue {
    /// The members of a Lua table; an empty one is written as an array.
    fileprivate var tableMembers: [String: JSONValue]? { arrayValue?.isEmpty == true ? [:] : objectValue }

    /// The elements of a Lua table.
    fileprivate var listElements: [JSONValue]? { objectValue?.isEmpty == true ? [] : arrayValue }
}
