/// What is wrong with an argument, and where in it.
///
/// The place is put together while the fault travels outwards, so that a call without fault pays nothing for it.
struct ArgumentFault: Error {
    /// Where, seen from the argument: `.role.id`, `[2]`, or nothing for the argument itself.
    private(set) var path = ""
    /// The rest of the sentence that starts with the place: `must be an integer, got a string`.
    let problem: String

    init(_ problem: String) { self.problem = problem }

    /// This fault, seen from the array around it. Lua counts from 1.
    func within(index: Int) -> ArgumentFault { within("[\(index + 1)]") }

    /// This fault, seen from the object around it.
    func within(field name: String) -> ArgumentFault { within(".\(name)") }

    private func within(_ step: String) -> ArgumentFault {
        var outer = self
        outer.path = step + path
        return outer
    }

    /// A value of the wrong kind.
    static func mismatch(_ type: ValueType, _ value: JSONValue) -> ArgumentFault {
        ArgumentFault("must be \(type.description), got \(value.kindName)")
    }

    /// A value that must be there and is not.
    static func missing(documentation: String) -> ArgumentFault {
        let text = documentation.hasSuffix(".") ? String(documentation.dropLast()) : documentation
        return ArgumentFault(text.isEmpty ? "is missing" : "is missing: \(text)")
    }

    /// A name that there is not, with the one that was likely meant.
    ///
    /// - Parameter kind: "argument" or "field".
    static func unknown(_ kind: String, _ name: String, among known: [String]) -> ArgumentFault {
        let quoted = "has no \(kind) '\(name.prefix(64))'"
        if let near = name.nearest(among: known) { return ArgumentFault("\(quoted); did you mean '\(near)'?") }
        return ArgumentFault(known.isEmpty ? quoted : "\(quoted); it has: \(known.joined(separator: ", "))")
    }
}
