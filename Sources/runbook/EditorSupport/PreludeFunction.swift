import Operations

/// A function or a value that a script finds besides the operations, as help pages and editors describe it.
struct PreludeFunction: Sendable, Hashable {
    /// One argument, or one field of a table argument.
    struct Parameter: Sendable, Hashable {
        /// The name; `...` for any number of arguments.
        let name: String
        /// The type as LuaCATS writes it: `integer`, `string|string[]`, `fun(item: any, index: integer): any`. The classes
        /// besides Lua's own types are `User` (a user as `users.get` answers it) and `Secret`.
        let type: String
        /// Whether it may be left out.
        let isOptional: Bool
        /// What it means, in one sentence.
        let documentation: String
        /// The fields, of a table with fixed ones.
        let fields: [Parameter]
        /// The only texts it may be, if there are only these.
        let choices: [String]

        /// A parameter. Default: required, without fields, any value of its type.
        init(
            _ name: String, _ type: String, isOptional: Bool = false, _ documentation: String, fields: [Parameter] = [],
            choices: [String] = []
        ) {
            self.name = name
            self.type = type
            self.isOptional = isOptional
            self.documentation = documentation
            self.fields = fields
            self.choices = choices
        }
    }

    /// What it answers.
    struct Result: Sendable, Hashable {
        /// The type, as of a parameter.
        let type: String
        /// What it is, in a few words.
        let documentation: String
    }

    /// What is called, or read.
    enum Kind: Sendable, Hashable {
        case function
        case value
    }

    /// The name as a script writes it: `users.each`, `sleep`.
    let name: String
    /// Whether it is a function. Default: it is.
    let kind: Kind
    /// How a call is written, optional arguments in brackets: `json.encode(value, [options])`.
    let signature: String
    /// The arguments in order.
    let parameters: [Parameter]
    /// What it answers; empty if nothing.
    let returns: [Result]
    /// One line: what it does, in the imperative.
    let summary: String
    /// What a person must know to use it.
    let documentation: String
    /// The rights it needs: none for most.
    let capabilities: [Capability]
    /// A few lines of Lua that run as they are.
    let example: String

    /// The table it lives in, such as `users`; `nil` for a global.
    var table: String? {
        name.firstIndex(of: ".").map { String(name[..<$0]) }
    }

    /// The last part of its name: `each` of `users.each`.
    var function: String {
        name.firstIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? name
    }
}
