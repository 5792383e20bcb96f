extension RunbookHost {
    /// The Lua source of what a script finds besides its bindings: for people who want to read how a function works.
    public static let preludeSource = String(decoding: Prelude.source, as: UTF8.self)
}
