/// A field of a class, an argument of a function, or what a function answers, in a definition file.
struct StubField: Sendable, Hashable {
    /// The name; empty for what a function answers.
    var name: String
    /// The type as LuaCATS writes it.
    var type: String
    /// Whether it may be left out. Default: it may not.
    var isOptional = false
    /// What it means, on one line.
    var documentation: String

    /// The name, and the mark of what may be left out.
    private var markedName: String { isOptional && name != "..." ? name + "?" : name }

    /// As a field of a class.
    var fieldLine: String { "---@field \(markedName) \(type) \(documentation)" }

    /// As an argument of a function.
    var parameterLine: String { "---@param \(markedName) \(type) \(documentation)" }

    /// As what a function answers. Without the sign the first word would be taken for a name.
    var returnLine: String { "---@return \(isOptional ? type + "?" : type) # \(documentation)" }
}
