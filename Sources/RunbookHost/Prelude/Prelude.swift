internal import Operations

/// What a script finds besides its bindings, written in Lua.
enum Prelude {
    /// The chunk that a machine runs before the script, what sessions have beyond it, and what it compiles when a script
    /// wants it, with a page break between two of them: see `rb_machine_prelude`.
    static let source = Array(
        [PackageResources.prelude_lua, PackageResources.session_lua, PackageResources.csv_lua].joined(
            separator: [UInt8(ascii: "\u{c}")]))

    /// The capabilities that the functions written in Lua use, by name: what a check of a runbook must know of them.
    static let capabilities: [String: [Capability]] = [
        "users.each": ["users:read"],
        "users.find": ["users:read"],
        "users.list": ["users:read"],
        "users.patch": ["users:read", "users:update", "users:access"],
        "users.enable": ["users:read", "users:update", "users:access"],
        "users.disable": ["users:read", "users:update", "users:access"],
        "secrets.reveal": ["secrets:reveal"],
    ]
}
