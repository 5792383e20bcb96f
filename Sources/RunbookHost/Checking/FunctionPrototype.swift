/// One function of a compiled chunk, as Lua's `Proto`.
struct FunctionPrototype {
    /// A constant, where a name can be one; others keep their place.
    enum Constant: Hashable {
        case text(String)
        case other
    }

    /// A variable of an enclosing function.
    struct Upvalue: Hashable {
        /// Its name in the source, empty if unknown.
        var name: String
        /// Whether it is a register of the function around this one; else it is an upvalue of that.
        let isInStack: Bool
        /// The register or the upvalue.
        let index: Int
    }

    /// A local variable and the instructions among which it lives.
    struct Local: Hashable {
        let name: String
        let scope: Range<Int>
    }

    /// What errors call the file, with Lua's leading `@`.
    let source: String
    /// The line of `function`; 0 for the chunk itself.
    let lineDefined: Int
    /// How many registers it uses.
    let registerCount: Int
    let code: [Instruction]
    let constants: [Constant]
    let upvalues: [Upvalue]
    let nested: [FunctionPrototype]
    /// The source's line of each instruction.
    let lines: [Int]
    let locals: [Local]

    /// The string constant at `index`, if there is one.
    func text(_ index: Int) -> String? {
        guard constants.indices.contains(index), case .text(let text) = constants[index] else { return nil }
        return text
    }
}
