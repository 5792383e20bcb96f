/// Every use of a global in a script, found in its bytecode without running it.
///
/// Locals that hold a global table (`local u = users`), also as seen from functions within, are followed; what goes through a
/// call or a table is not.
public struct GlobalUsage: Sendable, Hashable {
    /// Where globals and members of global tables are named, in the order of the lines.
    public let accesses: [GlobalAccess]
    /// The lines that put another table in the place of the globals: `_ENV = …`, `local _ENV = …`. Names behind them may
    /// mean anything, and those under a local `_ENV` are not in ``accesses``.
    public let environmentChanges: [Int]

    /// The usage of a compiled script.
    ///
    /// - Parameter bytecode: What Lua 5.4 compiles a source to, with debug information.
    /// - Throws: ``BytecodeError`` for anything else; no bytes are too broken for that.
    public init(bytecode: [UInt8]) throws(BytecodeError) {
        let main = try BytecodeReader.read(bytecode)
        var analysis = UsageAnalysis()
        analysis.run(main)
        accesses = analysis.sortedAccesses()
        environmentChanges = Set(analysis.environmentChanges).sorted()
    }
}
