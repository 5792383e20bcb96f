import LuaMachine
import RunbookHost
import Testing

@Suite("Globals that a script uses")
struct GlobalUsageTests {
    private func usage(_ source: String) throws -> GlobalUsage {
        try GlobalUsage(bytecode: try LuaCompiler.compile(name: "usage.lua", source: Array(source.utf8)))
    }

    /// Each access as `line kind name`.
    private func accesses(_ source: String) throws -> [String] {
        try usage(source).accesses.map { "\($0.line) \($0.kind) \($0.name)" }
    }

    @Test("Reads of globals and of their members have their line")
    func reads() throws {
        #expect(
            try accesses("local x = users\nx = users.unlock(7) + foo.bar.baz.deep.deeper\n") == [
                "1 read users", "2 read users", "2 read users.unlock", "2 read foo", "2 read foo.bar",
                "2 read foo.bar.baz", "2 read foo.bar.baz.deep",
            ])
    }

    @Test("Assignments, functions among them, are writes")
    func writes() throws {
        #expect(
            try accesses("a = 1\nfunction b() end\nusers.x = 2\nfunction users.y() end\nlocal c = 3; c = 4") == [
                "1 write a", "2 write b", "3 read users", "3 write users.x", "4 read users", "4 write users.y",
            ])
    }

    @Test("A call with a colon is a method")
    func methods() throws {
        #expect(try accesses("users:get(7)") == ["1 read users", "1 method users.get"])
        #expect(try accesses("local s = 'x'; return s:upper(), ('y'):lower()") == [])
    }

    @Test("_G and _ENV are other names for the globals")
    func environment() throws {
        #expect(
            try accesses("_G.a = _ENV.b; return _G.users.get, _ENV.roles.list") == [
                "1 read _G", "1 read b", "1 write a", "1 read _G", "1 read users", "1 read users.get", "1 read roles",
                "1 read roles.list",
            ])
        #expect(try accesses("local e = _ENV; return e.users.get") == ["1 read users", "1 read users.get"])
    }

    @Test("A name in brackets counts if it is written out")
    func brackets() throws {
        #expect(
            try accesses("return users['get'], _G['x']") == [
                "1 read users", "1 read users.get", "1 read _G", "1 read x",
            ])
        #expect(
            try accesses("local n = ...; return users[n], _G[n], users[1]") == [
                "1 read users", "1 computed users", "1 read _G", "1 computed ", "1 read users",
            ])
        #expect(try accesses("local n = ...; users[n] = 1") == ["1 read users", "1 computed users"])
    }

    @Test("A name too long for a short constant is still a name")
    func longNames() throws {
        let name = String(repeating: "n", count: 60)
        #expect(
            try accesses("\(name)(); \(name) = users.\(name)") == [
                "1 read \(name)", "1 read users", "1 read users.\(name)", "1 write \(name)",
            ])
    }

    @Test("Names behind the 256th constant are found")
    func manyConstants() throws {
        let fillers = (0..<300).map { "f('c\($0)')" }.joined(separator: "\n")
        let found = try accesses("local f = function() end\n\(fillers)\nusers.unlock(7)\nnew = users:get()")
        #expect(
            found == [
                "302 read users", "302 read users.unlock", "303 read users", "303 method users.get", "303 write new",
            ])
    }

    @Test("Functions within see the globals, and locals that hold one")
    func nested() throws {
        #expect(
            try accesses(
                "local u, g = users, users.get\nreturn function()\n  return function() u.unlock(g(7)) end\nend")
                == ["1 read users", "1 read users", "1 read users.get", "3 read users.unlock"])
    }

    @Test("A local that is assigned to again is not followed")
    func reassigned() throws {
        #expect(try accesses("local u = users\nu = {}\nu.x()\nlocal f = function() u.y() end") == ["1 read users"])
        #expect(
            try accesses("local u = users\nlocal f = function() u = {} end\nf()\nu.x()\nreturn function() u.y() end")
                == ["1 read users"])
        #expect(
            try accesses("local u = users\nif f() then u = roles end\nu.x()\n") == [
                "1 read users", "2 read f", "2 read roles",
            ])
    }

    @Test("A register that was another's before is followed")
    func reusedRegister() throws {
        #expect(
            try accesses("do local n = 0; local f = function() n = n + 1 end end\nusers.unlock(7)") == [
                "2 read users", "2 read users.unlock",
            ])
    }

    @Test("Locals are followed through branches and loops")
    func controlFlow() throws {
        let source = """
            local u = users
            for i = 1, 3 do
                if i == 2 then u.get(i) else u.unlock(i) end
            end
            for _, x in ipairs({}) do while x do u.delete(x) end end
            repeat local v = u until v.page()
            """
        #expect(
            try accesses(source) == [
                "1 read users", "3 read users.get", "3 read users.unlock", "5 read ipairs", "5 read users.delete",
                "6 read users.page",
            ])
    }

    @Test("What either side of `or` gives is not taken for one of them")
    func alternatives() throws {
        #expect(
            try accesses("local u = users or roles\nu.get()") == ["1 read users", "1 read roles"])
    }

    @Test("Code that is never reached is looked at")
    func unreachable() throws {
        #expect(try accesses("do return end\nusers.get(7)") == ["2 read users", "2 read users.get"])
    }

    @Test("A value that is passed on is told from one whose members are read")
    func followed() throws {
        let found = try usage("local u = users\nu.get(7)\nfor k in pairs(roles) do end\nreturn _G").accesses
        #expect(found.filter(\.isFollowed).map(\.name) == ["users"])
        let across = try usage("local u = users\nif f() then u.get(7) end\nreturn function() end").accesses
        #expect(across.filter(\.isFollowed).map(\.name) == ["users"])
        let within = try usage("local u = users\nreturn function() return u.get(7) end").accesses
        #expect(within.filter(\.isFollowed).map(\.name) == ["users"])
    }

    @Test("Another table in the place of the globals is noticed")
    func environmentChanges() throws {
        #expect(try usage("x()\n_ENV = {}").environmentChanges == [2])
        #expect(try usage("\nlocal _ENV = {}\nx()").environmentChanges == [2])
        #expect(try usage("\nlocal function f()\n_ENV = {} end").environmentChanges == [3])
        #expect(try usage("return function(_ENV) return x end").environmentChanges == [1])
        #expect(try usage("local e = _ENV").environmentChanges == [])
    }
}
