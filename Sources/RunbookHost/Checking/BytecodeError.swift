/// Why a compiled chunk could not be read: it is not what Lua 5.4 writes on this machine, or it is damaged.
public struct BytecodeError: Error, Hashable, CustomStringConvertible {
    /// What is wrong.
    public let problem: String
    /// How many bytes from the beginning it was noticed.
    public let offset: Int

    init(_ problem: String, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    /// The sentence for a person.
    public var description: String {
        "The compiled form of the runbook cannot be analysed: \(problem) (at byte \(offset)). "
            + "It must come from the Lua 5.4 library that this program was built with."
    }
}
