/// Something that a definition file defines.
enum StubItem: Sendable, Hashable {
    /// Another name for a type, with values that an editor offers.
    case alias(name: String, type: String, values: [String], documentation: String)
    /// The fields of a kind of table that a script writes: it gets no others.
    case table(name: String, fields: [StubField], documentation: String)
    /// The fields of a kind of table that a server answers: a script may add its own.
    case reply(name: String, fields: [StubField], documentation: String)
    /// A kind of value of which no field is known.
    case opaque(name: String, documentation: String)
    /// A global table of functions, and the name of its class.
    case library(name: String, className: String, documentation: String)
    /// A global value.
    case value(name: String, type: String, documentation: String)
    /// A function.
    case function(StubFunction)

    /// The lines that define it.
    var lines: [String] {
        switch self {
        case .alias(let name, let type, let values, let documentation):
            StubText.comment(documentation) + ["---@alias \(name)"]
                + (type.isEmpty ? [] : ["---| \(type)"]) + values.map { "---| \"\($0)\"" }
        case .table(let name, let fields, let documentation):
            StubText.comment(documentation) + ["---@class (exact) \(name)"] + fields.map(\.fieldLine)
        case .reply(let name, let fields, let documentation):
            StubText.comment(documentation) + ["---@class \(name)"] + fields.map(\.fieldLine)
        case .opaque(let name, let documentation):
            StubText.comment(documentation) + ["---@class \(name): userdata"]
        case .library(let name, let className, let documentation):
            StubText.comment(documentation) + ["---@class \(className)", "\(name) = {}"]
        case .value(let name, let type, let documentation):
            StubText.comment(documentation) + ["---@type \(type)", "\(name) = nil"]
        case .function(let function):
            function.lines
        }
    }
}
