import Operations

/// What lua-language-server must be told of runbooks: the content of `.luarc.json` in the folder that an editor opens.
struct EditorConfiguration {
    /// Where the definition files are, from that folder; `nil` if they are in it, and so found by themselves.
    let library: String?

    /// The settings by their names.
    var settings: JSONValue {
        var members: [String: JSONValue] = [
            "runtime.version": "Lua 5.4",
            // A runbook has none of these; of `os` it has what the definition files say.
            "runtime.builtin": ["io": "disable", "debug": "disable", "package": "disable", "os": "disable"],
            "workspace.checkThirdParty": false,
        ]
        if let library { members["workspace.library"] = [.string(library)] }
        return .object(members)
    }

    /// The whole file.
    var text: String { settings.prettyText + "\n" }
}
