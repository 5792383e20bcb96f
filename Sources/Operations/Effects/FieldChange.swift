/// One field before and after a change.
public struct FieldChange: Sendable, Hashable {
    /// The field: `enabled`, `role.id`, `sites`; for Xpanse the address of the user whose role it is.
    public let field: String
    /// The value before; `null` if there is none, or if nothing can read it.
    public let before: JSONValue
    /// The value after; `null` if there is none. Secrets read `‹secret›`.
    public let after: JSONValue

    /// A field that changes.
    public init(field: String, before: JSONValue, after: JSONValue) {
        self.field = field
        self.before = before
        self.after = after
    }

    /// `{"field":…,"before":…,"after":…}`.
    public var json: JSONValue { ["field": .string(field), "before": before, "after": after] }
}
