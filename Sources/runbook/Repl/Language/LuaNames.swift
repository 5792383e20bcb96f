import Operations
import RunbookHost

/// The names that a script finds: what is worth a colour, and what completion falls back on while no machine answers.
struct LuaNames: Sendable, Hashable {
    /// Tables, and what is in them.
    let members: [String: Set<String>]
    /// Globals that are no such tables.
    let globals: Set<String>

    /// The names of the operations, of the functions that the host adds, and of Lua's libraries.
    init(catalogue: Catalogue, known: KnownNames = .standard) {
        var members = known.members.filter { !$0.value.isEmpty }
        var globals = known.globals
        for function in PreludeFunctions.all {
            if let table = function.table {
                members[table, default: []].insert(function.function)
            } else {
                globals.insert(function.name)
            }
        }
        for operation in catalogue.operations { members[operation.table, default: []].insert(operation.function) }
        self.members = members
        self.globals = globals
    }
}
