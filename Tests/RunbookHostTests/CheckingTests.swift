import LuaMachine
import Operations
import RunbookHost
import Testing

@Suite("Checking a runbook")
struct CheckingTests {
    private static let checker = RunbookChecker(
        catalogue: Catalogue([
            operation("users.get", .read, "users:read"), operation("users.unlock", .idempotent, "users:unlock"),
            operation("users.update", .idempotent, "users:update"), operation("roles.list", .read, "roles:read"),
            operation("roles.get", .read, "roles:read"), operation("twofa.regenerate", .unsafe, "twofa:write"),
        ]),
        preludeCapabilities: [
            "users.each": ["users:read"], "users.patch": ["users:read", "users:update", "users:access"],
            "secrets.reveal": ["secrets:reveal"],
        ])

    private static func operation(_ name: String, _ effect: EffectClass, _ capability: Capability)
        -> Operations.Operation
    {
        Operation(
            name, apiName: name, endpoint: nil, result: .value, effect: effect, capability: capability, summary: "")
    }

    private func findings(_ source: String, needs: [Capability]? = nil) throws -> [Finding] {
        let bytecode = try LuaCompiler.compile(name: "check.lua", source: Array(source.utf8))
        return try Self.checker.check(file: "check.lua", bytecode: bytecode, needs: needs)
    }

    /// Each finding as `line severity code`.
    private func codes(_ source: String, needs: [Capability]? = nil) throws -> [String] {
        try findings(source, needs: needs).map { "\($0.line) \($0.severity.rawValue) \($0.code.rawValue)" }
    }

    private func message(_ source: String, needs: [Capability]? = nil) throws -> String {
        let findings = try findings(source, needs: needs)
        return findings.count == 1 ? findings[0].message : findings.map(\.description).joined(separator: "\n")
    }

    @Test("A good runbook has no findings")
    func clean() throws {
        let source = """
            runbook { title = "x", needs = { "users:read", "users:unlock" } }
            local count, start = 0, os.time()
            parallel(users.each { role = params.role, locked = true }, 8, function(user)
                users.unlock(user.id)
                count = count + 1
                log.info(("unlocked %s"):format(user.login), { login = user.login })
            end)
            print(string.format("%d", count), math.maxinteger, table.concat({}), json.encode(null), start)
            return { unlocked = count }
            """
        #expect(try findings(source, needs: ["users:read", "users:unlock"]) == [])
    }

    @Test("An unknown global is an error, with what it may have been meant to be")
    func unknownGlobal() throws {
        #expect(try codes("\nreturn frobnicate()") == ["2 error unknown-global"])
        #expect(
            try message("frobnicate()")
                == "There is no `frobnicate`: declare it with `local`, or correct the name.")
        #expect(try message("parralel({}, 1, print)") == "There is no `parralel`; did you mean `parallel`?")
        #expect(try message("user.get(7)") == "There is no `user`; did you mean `users`?")
        #expect(try message("regenerate(7)") == "There is no `regenerate`; did you mean `twofa.regenerate`?")
        #expect(try message("local x = get") == "There is no `get`; did you mean `roles.get` or `users.get`?")
        #expect(try message("_G.frobnicate()").hasPrefix("There is no `frobnicate`"))
    }

    @Test("A global of the script's own is told once, and may be read")
    func newGlobal() throws {
        #expect(
            try codes("function helper() return count end\ncount = 1\ncount = helper()\ncount = 3") == [
                "1 warning new-global", "2 warning new-global",
            ])
        #expect(
            try message("count = 1")
                == "`count` is assigned as a global: write `local` where it is first assigned.")
    }

    @Test("Replacing what is the host's is a warning, and its own names are not checked")
    func replaced() throws {
        #expect(try codes("print = log.info\nprint('x')") == ["1 warning replaced-global"])
        #expect(try codes("users = {}\nusers.frob()") == ["1 warning replaced-global"])
        #expect(try codes("function users.get() end") == ["1 warning replaced-global"])
        #expect(try codes("function users.frob() end\nusers.frob()") == [])
    }

    @Test("An unknown operation is an error, with the one meant")
    func unknownOperation() throws {
        #expect(try codes("\n\nusers.unlok(7)") == ["3 error unknown-operation"])
        #expect(try message("users.unlok(7)") == "There is no `users.unlok`; did you mean `users.unlock`?")
        #expect(try message("roles.unlock(7)") == "There is no `roles.unlock`; did you mean `users.unlock`?")
        #expect(try message("roles.frobnicate(7)") == "There is no `roles.frobnicate`: there are get, list.")
        #expect(try message("local r = roles\nreturn function() return r.lst() end").contains("`roles.list`"))
    }

    @Test("An unknown member of a library is an error, with what to use instead")
    func unknownMember() throws {
        #expect(try codes("string.foo()") == ["1 error unknown-member"])
        #expect(try message("string.fromat('x')") == "There is no `string.fromat`; did you mean `string.format`?")
        #expect(
            try message("io.open('x')")
                == "There is no `io.open` in a runbook: a runbook has no files; return a result, or write it to the log with log.info."
        )
        #expect(try message("io.read()").contains("a runbook reads no input"))
        #expect(try message("debug.sethook()").contains("the host limits time and memory"))
        #expect(try message("debug.getlocal(1, 1)").contains("a runbook has no debugger"))
        #expect(try message("return package.path").contains("a runbook is one file"))
        #expect(try message("os.exit(1)").contains("use return or error"))
        #expect(try message("os.getenv('HOME')").contains("--param"))
        #expect(try message("require 'x'").contains("one file"))
        #expect(try message("unpack({})").contains("table.unpack"))
    }

    @Test("What is not known is not checked: data, parameters, what a script computes")
    func silent() throws {
        #expect(try codes("local t = {} t.x.y() params.role:upper() return params.anything.at.all, t.get") == [])
        #expect(try codes("local n = ... return string[n], math[n]") == [])
    }

    @Test("A colon in the place of the dot is an error")
    func methodCall() throws {
        #expect(try codes("users:get(7)") == ["1 error method-call"])
        #expect(try message("log:info('x')").contains("write `log.info(…)`"))
        #expect(try codes("users:gett(7)") == ["1 error unknown-operation"])
    }

    @Test("A capability that is used must be declared")
    func undeclared() throws {
        #expect(try codes("\nusers.unlock(7)\nusers.unlock(8)", needs: []) == ["2 error undeclared-capability"])
        #expect(
            try message("users.unlock(7)", needs: [])
                == "`users.unlock` needs the capability `users:unlock`, which the manifest does not declare: "
                + "add \"users:unlock\" to `needs`.")
        #expect(
            try message("users.patch(7, {})", needs: ["users:read"])
                == "`users.patch` needs the capabilities `users:update` and `users:access`, which the manifest does not "
                + "declare: add \"users:update\", \"users:access\" to `needs`.")
        #expect(try codes("local u = users.unlock", needs: []) == ["1 error undeclared-capability"])
        #expect(try codes("secrets.reveal(x)", needs: []).contains("1 error undeclared-capability"))
        #expect(try codes("users.unlock(7)", needs: nil) == [])
    }

    @Test("A capability that is declared must be used, at the manifest's line")
    func unused() throws {
        #expect(
            try codes("\n\nrunbook {}\nusers.get(7)", needs: ["users:read", "roles:read"]) == [
                "3 warning unused-capability"
            ])
        #expect(
            try message("runbook {}", needs: ["roles:read"])
                == "The manifest declares `roles:read`, but nothing in the runbook uses it: remove it from `needs`.")
    }

    @Test(
        "Where a use may be out of sight, no capability is called unused",
        arguments: [
            "for name, get in pairs(roles) do get(1) end", "local r = { api = roles }", "local t = ...; t(roles)",
            "local g = _G", "load(params.code)()",
        ])
    func outOfSight(source: String) throws {
        #expect(try codes(source, needs: ["roles:read"]) == [])
    }

    @Test("A capability that nothing needs is an error, with the one meant")
    func unknownCapability() throws {
        #expect(
            try message("runbook {}\nusers.unlock(1)", needs: ["users:unlock", "users:unlok"])
                == "The manifest declares `users:unlok`, a capability that there is not; did you mean `users:unlock`?")
        #expect(try codes("runbook {}", needs: ["frob:read"]) == ["1 error unknown-capability"])
    }

    @Test("An operation whose name is computed is a warning")
    func computedName() throws {
        #expect(
            try codes("local n = ...\nusers[n](7)", needs: ["users:read", "users:unlock"]) == [
                "2 warning computed-name"
            ])
    }

    @Test("Another environment is a warning")
    func replacedEnvironment() throws {
        #expect(
            try codes("\nlocal _ENV = { print = print }\nprint(frob)", needs: ["roles:read"]) == [
                "2 warning replaced-environment"
            ])
    }

    @Test("A source beyond the limit is a finding, and is not compiled")
    func sourceLimit() async throws {
        let host = try HostHarness().host()
        let limit = RunLimits().source
        // Its syntax error would be the finding if it were compiled.
        let findings = await host.check(
            Runbook(name: "long.lua", source: "x x " + String(repeating: " ", count: limit - 3)))
        #expect(findings.map(\.code) == [.sourceLimit])
        #expect(findings.first?.message.contains("\(limit + 1) bytes") == true, "\(findings)")
        let start = "runbook {}"
        let longest = Runbook(name: "long.lua", source: start + String(repeating: " ", count: limit - start.count))
        #expect(await host.check(longest) == [])
    }

    @Test("A finding reads as editors expect it")
    func description() throws {
        let finding = try #require(try findings("\nusers.unlok(7)").first)
        #expect(
            "\(finding)"
                == "check.lua:2: error: There is no `users.unlok`; did you mean `users.unlock`? [unknown-operation]")
    }
}
