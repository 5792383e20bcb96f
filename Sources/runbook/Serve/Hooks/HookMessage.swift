import Operations

/// What a hook is told.
struct HookMessage: Sendable {
    /// The event's id, the same each time that it is told: a receiver that gets it twice knows it by that. Letters,
    /// digits, `-` and `_`.
    let id: String
    /// What happened, such as `failed`.
    let event: String
    /// The schedule's name.
    let schedule: String
    /// What receivers get, as JSON.
    let body: JSONValue
}
