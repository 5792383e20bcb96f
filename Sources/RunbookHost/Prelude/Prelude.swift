internal import Operations

/// What a script finds besides its bindings, written in Lua.
enum Prelude {
    /// The chunk that a machine runs before the script.
    static let source: [UInt8] = PackageResources.prelude_lua

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
