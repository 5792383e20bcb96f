/// Reads what `lua_dump` writes, with debug information: Lua 5.4's `lundump.c`, but trusting nothing. Whatever the bytes
/// are, it ends in a prototype or in an error, in time and memory proportional to their number.
struct BytecodeReader {
    private let bytes: [UInt8]
    private var offset = 0

    /// Functions within functions; Lua's own compiler stops at 200 levels.
    private static let deepest = 200

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The main function of a compiled chunk.
    static func read(_ bytes: [UInt8]) throws(BytecodeError) -> FunctionPrototype {
        var reader = BytecodeReader(bytes)
        try reader.header()
        let upvalues = Int(try reader.byte())
        let main = try reader.function(within: "", depth: 0)
        guard reader.offset == bytes.count else { throw reader.error("there are bytes after its end") }
        guard main.upvalues.count == upvalues else { throw reader.error("its number of upvalues is contradictory") }
        return main
    }

    private mutating func header() throws(BytecodeError) {
        try expect([0x1b, 0x4c, 0x75, 0x61], or: "it does not begin with Lua's signature")
        let version = try byte()
        guard version == 0x54 else {
            throw error("it is of Lua \(version >> 4).\(version & 15), and not of 5.4", back: 1)
        }
        try expect([0], or: "its format is not the official one")
        try expect([0x19, 0x93, 0x0d, 0x0a, 0x1a, 0x0a], or: "it was damaged by a conversion of text")
        try expect([4], or: "its instructions are not of 4 bytes")
        try expect([8], or: "its integers are not of 8 bytes")
        try expect([8], or: "its numbers are not of 8 bytes")
        try expect([0x78, 0x56, 0, 0, 0, 0, 0, 0], or: "its integers are of another byte order")
        // 370.5 as a double.
        try expect([0, 0, 0, 0, 0, 0x28, 0x77, 0x40], or: "its numbers are of another format")
    }

    private mutating func function(within source: String, depth: Int) throws(BytecodeError) -> FunctionPrototype {
        guard depth < Self.deepest else { throw error("its functions are nested too deeply") }
        let source = try string() ?? source
        let lineDefined = try integer()
        _ = try integer()  // the line of its end
        _ = try byte()  // parameters
        _ = try byte()  // whether variadic
        let registerCount = Int(try byte())
        let code = try list(of: 4) { reader throws(BytecodeError) in try reader.instruction() }
        guard !code.isEmpty else { throw error("a function has no instructions") }
        let constants = try list(of: 1) { reader throws(BytecodeError) in try reader.constant() }
        var upvalues = try list(of: 3) { reader throws(BytecodeError) in
            let isInStack = try reader.byte() != 0
            let index = Int(try reader.byte())
            _ = try reader.byte()  // its kind
            return FunctionPrototype.Upvalue(name: "", isInStack: isInStack, index: index)
        }
        let nested = try list(of: 12) { reader throws(BytecodeError) in
            try reader.function(within: source, depth: depth + 1)
        }
        let lines = try lines(from: lineDefined, count: code.count)
        let locals = try list(of: 3) { reader throws(BytecodeError) in
            let name = try reader.string() ?? ""
            let start = try reader.integer()
            let end = try reader.integer()
            guard start <= end else { throw reader.error("a local variable ends before it begins") }
            return FunctionPrototype.Local(name: name, scope: start..<end)
        }
        let names = try list(of: 1) { reader throws(BytecodeError) in try reader.string() ?? "" }
        guard names.count == upvalues.count else { throw error("it was compiled without debug information") }
        for (index, name) in names.enumerated() { upvalues[index].name = name }
        return FunctionPrototype(
            source: source, lineDefined: lineDefined, registerCount: registerCount, code: code, constants: constants,
            upvalues: upvalues, nested: nested, lines: lines, locals: locals)
    }

    private mutating func instruction() throws(BytecodeError) -> Instruction {
        var word: UInt32 = 0
        for shift in 0..<4 { word |= UInt32(try byte()) << (8 * UInt32(shift)) }
        guard let instruction = Instruction(word) else { throw error("an instruction is unknown", back: 4) }
        return instruction
    }

    private mutating func constant() throws(BytecodeError) -> FunctionPrototype.Constant {
        switch try byte() {
        case 0, 1, 17: return .other  // nil, false, true
        case 3, 19:  // integer, number
            try skip(8)
            return .other
        case 4, 20:  // short and long string
            guard let text = try string() else { throw error("a string constant is missing") }
            return .text(text)
        default: throw error("a constant is of an unknown type", back: 1)
        }
    }

    /// The line of each instruction: a difference to the one before, or, where that does not fit a byte, an entry in a
    /// table of absolute lines.
    private mutating func lines(from lineDefined: Int, count: Int) throws(BytecodeError) -> [Int] {
        let differences = try list(of: 1) { reader throws(BytecodeError) in Int8(bitPattern: try reader.byte()) }
        guard differences.count == count else { throw error("it was compiled without debug information") }
        let absolutes = try list(of: 2) { reader throws(BytecodeError) in
            (position: try reader.integer(), line: try reader.integer())
        }
        var remaining = absolutes[...]
        var line = lineDefined
        var lines: [Int] = []
        lines.reserveCapacity(count)
        for difference in differences {
            if difference == Int8.min {
                guard let absolute = remaining.popFirst(), absolute.position == lines.count else {
                    throw error("its table of lines is contradictory")
                }
                line = absolute.line
            } else {
                line += Int(difference)
            }
            lines.append(line)
        }
        return lines
    }

    /// A count and as many elements, each of at least `size` bytes: a count that the rest cannot hold is refused before
    /// anything is reserved.
    private mutating func list<Element>(
        of size: Int, _ element: (inout BytecodeReader) throws(BytecodeError) -> Element
    ) throws(BytecodeError) -> [Element] {
        let count = try integer()
        guard count <= (bytes.count - offset) / size else { throw error("it ends too early") }
        var elements: [Element] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try element(&self)) }
        return elements
    }

    /// A string, or nil for none. What is not UTF-8 is repaired: it can then only be a name that nothing has.
    private mutating func string() throws(BytecodeError) -> String? {
        let size = try integer(limit: Int.max >> 8)
        guard size > 0 else { return nil }
        let start = offset
        try skip(size - 1)
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// Groups of 7 bits, the highest first; the last one is marked. Beyond `limit`, by default C's `int`, is an error.
    private mutating func integer(limit: Int = Int(Int32.max)) throws(BytecodeError) -> Int {
        var value = 0
        while true {
            let next = try byte()
            guard value <= limit >> 7 else { throw error("a number is too large", back: 1) }
            value = value << 7 | Int(next & 0x7f)
            if next & 0x80 != 0 { return value }
        }
    }

    private mutating func byte() throws(BytecodeError) -> UInt8 {
        guard offset < bytes.count else { throw error("it ends too early") }
        defer { offset += 1 }
        return bytes[offset]
    }

    private mutating func skip(_ count: Int) throws(BytecodeError) {
        guard count <= bytes.count - offset else { throw error("it ends too early") }
        offset += count
    }

    private mutating func expect(_ expected: [UInt8], or problem: String) throws(BytecodeError) {
        for wanted in expected {
            guard try byte() == wanted else { throw error(problem, back: 1) }
        }
    }

    private func error(_ problem: String, back: Int = 0) -> BytecodeError { BytecodeError(problem, at: offset - back) }
}
