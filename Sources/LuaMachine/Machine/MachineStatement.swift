/// A statement of a session: what a person typed, or what is asked beside it.
public struct MachineStatement: Sendable {
    /// What is done with the statement, and what comes of it.
    ///
    /// The result is always a list of values that are described for display: scalars stand for themselves, whatever else there
    /// is, is an array of a tag and its facts. See `describe` in the prelude.
    public enum Kind: UInt32, Sendable, Hashable {
        /// What was typed. Sets the global `_` to the first value, if there is one; if it fails, or is stopped, the globals are
        /// put back as they were before it. Large values are cut.
        case statement = 0
        /// The same for a value that is wanted whole; it leaves `_` alone, and puts nothing back.
        case whole = 1
        /// A chunk that returns a path of keys from the globals: `return { "u", "role" }`. Its result is a list of one table: the
        /// names in the table at the end of that path with the kinds of their values, or of nothing if there is no table.
        /// Nothing of the script's runs for it.
        case names = 2
    }

    /// What errors call it.
    public var name: String
    /// Lua; an expression as `return …`.
    public var source: [UInt8]
    /// What is done with it.
    public var kind: Kind
    /// What it may use. The log and the result count anew for each statement; memory is what all of the session holds.
    public var limits: MachineLimits

    /// A statement.
    ///
    /// - Parameters:
    ///   - name: see ``name``.
    ///   - source: see ``source``.
    ///   - kind: Default: a statement as it is typed.
    ///   - limits: Default: see ``MachineLimits``.
    public init(name: String, source: [UInt8], kind: Kind = .statement, limits: MachineLimits = MachineLimits()) {
        self.name = name
        self.source = source
        self.kind = kind
        self.limits = limits
    }
}
