/// How values are shown.
enum ValueForm: Sendable, CaseIterable {
    /// What suits the value: a list of objects as a table, one object field by field, a scalar as itself.
    case natural
    /// Rows and columns, also for one object or a list of scalars.
    case table
    /// Every field of everything, one a line; nothing is left out but what the machine left out.
    case expanded
    /// JSON, indented.
    case json
}
