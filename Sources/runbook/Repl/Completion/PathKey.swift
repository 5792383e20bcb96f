import Operations

/// One step of a path from a global to what is inside it.
enum PathKey: Sendable, Hashable {
    /// A global, or a field by its name.
    case name(String)
    /// A field by its number.
    case index(Int64)
}

extension PathKey {
    /// The step as a session takes it.
    var json: JSONValue {
        switch self {
        case .name(let name): .string(name)
        case .index(let index): .integer(index)
        }
    }
}
