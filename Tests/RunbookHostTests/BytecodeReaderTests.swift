import LuaMachine
import Testing

@testable import RunbookHost

@Suite("Reading bytecode")
struct BytecodeReaderTests {
    /// A bit of everything: constants of all types, nested functions, upvalues, loops, jumps, long strings, distant lines.
    private static let sample =
        """
        local a <const>, b, c = 1, 2.5, "a string that is longer than the forty bytes Lua interns"
        local function outer(x, ...)
            local up = x
            return function(y) up = up + y; return users.get(up), true, nil end
        end

        """
        + String(repeating: "\n", count: 300)
            + """
            for i = 1, 10 do if i % 2 == 0 then goto next end print(i) ::next:: end
            for k, v in pairs(t) do log.info(k .. v, { 1, 2, 3 }) end
            while a < b do b = b - 1 end
            return c, outer
            """

    private static func compile(_ source: String) throws -> [UInt8] {
        try LuaCompiler.compile(name: "sample.lua", source: Array(source.utf8))
    }

    @Test("A chunk's functions, constants, locals and upvalues are read")
    func structure() throws {
        let main = try BytecodeReader.read(try Self.compile(Self.sample))
        #expect(main.source == "@sample.lua")
        #expect(main.lineDefined == 0)
        #expect(main.upvalues == [.init(name: "_ENV", isInStack: true, index: 0)])
        #expect(main.locals.map(\.name).prefix(4) == ["a", "b", "c", "outer"])
        #expect(main.constants.contains(.text("a string that is longer than the forty bytes Lua interns")))
        let outer = try #require(main.nested.first)
        #expect(outer.lineDefined == 2)
        #expect(outer.source == "@sample.lua")
        let inner = try #require(outer.nested.first)
        #expect(inner.upvalues.map(\.name) == ["up", "_ENV"])
        #expect(inner.upvalues.map(\.isInStack) == [true, false])
        #expect(main.lines.count == main.code.count)
        #expect(main.lines.last == 309)
    }

    @Test(
        "Every instruction's line is right, however far apart the lines are",
        arguments: [1, 50, 126, 127, 128, 129, 1000])
    func lines(gap: Int) throws {
        let source = "f()" + String(repeating: "\n", count: gap) + "g()" + String(repeating: "\n", count: gap) + "h()"
        let usage = try GlobalUsage(bytecode: try Self.compile(source))
        #expect(usage.accesses.map(\.name) == ["f", "g", "h"])
        #expect(usage.accesses.map(\.line) == [1, 1 + gap, 1 + 2 * gap])
    }

    @Test("Many instructions on one line keep their line")
    func longLine() throws {
        let usage = try GlobalUsage(bytecode: try Self.compile("\n" + String(repeating: "f() ", count: 400)))
        #expect(usage.accesses.count == 400)
        #expect(usage.accesses.allSatisfy { $0.line == 2 })
    }

    @Test("What ends too early is refused, wherever it ends")
    func truncated() throws {
        let bytes = try Self.compile(Self.sample)
        for count in bytes.indices {
            #expect(throws: BytecodeError.self) { try BytecodeReader.read(Array(bytes.prefix(count))) }
        }
        #expect(throws: BytecodeError.self) { try BytecodeReader.read(bytes + [0]) }
    }

    @Test("Damaged bytes end in an error or in something, never in a crash", arguments: [0x00, 0x01, 0x7f, 0x80, 0xff])
    func damaged(by pattern: UInt8) throws {
        let bytes = try Self.compile(Self.sample)
        var refused = 0
        for index in bytes.indices where bytes[index] != pattern {
            var damaged = bytes
            damaged[index] = pattern
            do {
                _ = try GlobalUsage(bytecode: damaged)
            } catch {
                refused += 1
                #expect((0...bytes.count).contains(error.offset))
            }
        }
        #expect(refused > 40)
    }

    @Test(
        "What is not Lua 5.4's is refused by name",
        arguments: [
            (0, 0x00, "Lua's signature"), (4, 0x53, "Lua 5.3"), (5, 1, "not the official one"),
            (6, 0x20, "damaged"), (12, 8, "4 bytes"), (13, 4, "integers are not of 8"), (14, 4, "numbers are not of 8"),
            (15, 0x00, "byte order"), (29, 0x00, "another format"),
        ] as [(Int, UInt8, String)])
    func foreign(offset: Int, byte: UInt8, problem: String) throws {
        var bytes = try Self.compile("return 1")
        bytes[offset] = byte
        let error = try #require(throws: BytecodeError.self) { try BytecodeReader.read(bytes) }
        #expect(error.problem.contains(problem))
        #expect(error.offset == offset)
    }

    @Test("A source text is not bytecode")
    func sourceText() {
        #expect(throws: BytecodeError.self) { try GlobalUsage(bytecode: Array("return 1".utf8)) }
        #expect(throws: BytecodeError.self) { try GlobalUsage(bytecode: []) }
    }
}
