import LineEditor
import Operations
import RunbookHost
import Testing

@testable import runbook

/// What the Tab key offers at the prompt.
@Suite(.timeLimit(.minutes(2))) struct ReplCompletionTests {
    private static let completer = ReplCompleter(ReplCompletionWorld.sources())

    /// The candidates' texts, each with what is added when it is the only one after a `+`.
    private static func offered(_ text: String, _ completer: ReplCompleter = completer) async -> [String] {
        let (_, found) = await ReplCompletionWorld.complete(text, completer)
        return (found?.candidates ?? []).map { $0.ending.isEmpty ? $0.text : "\($0.text)+\($0.ending)" }
    }

    // MARK: Names

    @Test(arguments: [
        // Members: of the session, with what is known of them.
        ("users.u‸", ["unlock+("]), ("users.e‸", ["each+ { "]),
        ("users.‸", ["each+ { ", "get+(", "mine+(", "unlock+("]),
        ("users.loc‸", ["unlock+("]), ("USERS.u‸", []), ("users.U‸", ["unlock+("]), ("users.e‸ { }", ["each"]),
        ("users.u‸(7)", ["unlock"]), ("users.u‸lock", ["unlock"]),
        // Of a table that the session has not told of: what is known anyway.
        ("roles.‸", ["delete+(", "get+(", "list+()", "update+(", "users+("]), ("twofa.k‸", ["key+("]),
        ("string.up‸", ["upper+("]), ("math.p‸", ["pi"]), ("json.enc‸", ["encode+("]),
        // Fields of the value at hand.
        ("u.ro‸", ["role"]), ("u.role.‸", ["id", "name"]), ("print(u . lo‸)", ["login"]), ("list[1].‸", ["login"]),
        ("u[\"ro‸", ["role+\"]"]), ("u['a‸", ["a b+']", "act+']"]), ("u[\"ro‸\"]", ["role"]), ("u.a‸", ["act+("]),
        ("u.nothing.x‸", []), ("x.y‸", []), ("u[i].x‸", []), ("u[ [[ro‸", ["role"]),
        // Methods.
        ("text:up‸", ["upper+("]), ("text:rep‸", ["rep+("]), ("text:cha‸", []), ("u:a‸", ["act+("]), ("u:lo‸", []),
        // Globals.
        ("us‸", ["users+."]), ("xpan‸", ["xpanse+."]), ("paral‸", ["parallel+("]), ("para‸", ["parallel+(", "params"]),
        ("lis‸", ["list"]), ("pri‸", ["privileges+.", "print+("]), ("loca‸", ["local"]),
        ("_‸", ["_", "_G", "_VERSION"]),
        ("warn‸", []), ("io‸", []), ("print(te‸", ["text"]), ("x = 1 + te‸", ["text"]), ("confi‸", ["confirm+("]),
        ("local function f(alpha)\n  alp‸", ["alpha"]), ("for index = 1, 3 do print(ind‸", ["index"]),
        // Nothing in texts, comments and numbers, and where a new name is made.
        ("print(\"us‸", []), ("-- us‸", []), ("--[[ us‸ ]]", []), ("x = 12‸", []), ("local us‸", []),
        ("function us‸", []),
        ("'us‸'", []), ("x = \"a\"‸", []), ("é‸", []), ("x = \"é\" .. tex‸", ["text"]),
        ("print(\"é\", te‸) -- é", ["text"]),
        ("x = [[\nus‸", []), ("f(\"us‸\", us)", []),
    ]) func namesAndMembers(text: String, candidates: [String]) async {
        let offered = await Self.offered(text)
        #expect(offered == candidates)
    }

    @Test func anEmptyPromptOffersWhatANewcomerLooksFor() async {
        let offered = await Self.offered("‸")
        for name in ["u", "users+.", "roles+.", "parallel+(", "log+.", "sleep+("] {
            #expect(
                offered.contains(name) || offered.contains { $0.hasPrefix(name.split(separator: "+")[0]) }, "\(name)")
        }
        for name in ["string", "pairs", "while", "_G", "io"] {
            #expect(!offered.contains { $0.hasPrefix(name) }, "\(name)")
        }
    }

    @Test func functionsSayHowTheyAreCalledAndWhatTheyDo() async throws {
        let (_, found) = await ReplCompletionWorld.complete("users.unl‸", Self.completer)
        #expect(found?.candidates.first?.detail == "Unlock a user who failed to log in too often  (id)")
        let (_, pages) = await ReplCompletionWorld.complete(
            "users.pag‸", ReplCompleter(ReplCompletionWorld.sources(names: [:])))
        #expect(pages?.candidates.first?.detail == "Read one page of the users  { page, size, sort }")
        let (_, library) = await ReplCompletionWorld.complete("string.up‸", Self.completer)
        #expect(library?.candidates.first?.detail == "In capitals  (s)")
        let (_, fields) = await ReplCompletionWorld.complete("u.lo‸", Self.completer)
        #expect(fields?.candidates.first?.detail == "string")
    }

    @Test func whileNoMachineAnswersTheKnownNamesAreOffered() async {
        let completer = ReplCompleter(ReplCompletionWorld.sources(names: [:]))
        #expect(await Self.offered("users.unl‸", completer) == ["unlock+("])
        #expect(await Self.offered("users.pat‸", completer) == ["patch+("])
        #expect(await Self.offered("pars‸", completer) == [])
        #expect(await Self.offered("privil‸", completer) == ["privileges+."])
    }

    // MARK: Variables of the source itself

    @Test(arguments: [
        ("for user in users.each { locked = true } do user.lo‸", ["login", "locked", "locale"]),
        ("local u2 = users.get(7)\nu2.role.al‸", ["allSites", "allAssetGroups"]),
        ("local u2 = users.get(7)\nu2.role.na‸", ["name"]), ("local n = users.get(7).login\nn.‸", []),
        ("parallel(users.each { locked = true }, 8, function(user)\n  users.unlock(user.i‸", ["id"]),
        ("for _, role in ipairs(roles.list()) do role.pri‸", ["privileges"]),
        ("found = users.find { login = \"jdoe\" } found.em‸", ["email"]),
        ("users.get(7).em‸", ["email"]), ("users.find { login = \"a)\" }.em‸", ["email"]), ("f(7).em‸", []),
        ("function f(user) user.lo‸", []), ("local a, b = users.get(7), 2\nb.‸", []),
        ("for i, user in pairs(t) do user.‸", []), ("local u2 <const> = users.get(7) u2.us‸", []),
    ]) func whatTheSourceTellsOfVariables(text: String, candidates: [String]) async {
        #expect(await Self.offered(text).sorted() == candidates.sorted())
    }

    // MARK: Arguments

    @Test(arguments: [
        ("users.each { lo‸", ["login+ = ", "locked+ = "]), ("users.each { login = \"a\", lo‸", ["locked+ = "]),
        ("users.each {\n  na‸", ["name+ = "]), ("users.find({ rol‸", ["role+ = "]), ("users.page { si‸", ["size+ = "]),
        ("users.create { passwordR‸", ["passwordResetOnLogin+ = "]), ("users.create { id‸", []),
        ("users.create { role = { allS‸", ["allSites+ = "]), ("users.patch(7, { ema‸", ["email+ = "]),
        ("users.patch(7, { role = { sup‸", ["superuser+ = "]), ("users.patch(f(1, 2), { ena‸", ["enabled+ = "]),
        ("users.update(7, { ema‸", ["email+ = "]), ("roles.update(\"x\", { desc‸", ["description+ = "]),
        (
            "users.each { ‸ }",
            [
                "login+ = ", "name+ = ", "email+ = ", "id+ = ", "role+ = ", "locked+ = ", "enabled+ = ", "source+ = ",
            ]
        ), ("users.each { lo‸cked = true }", ["login", "locked"]),
        ("users.each { ['login'] = 'a', log‸", ["log+."]),
        ("runbook { ti‸", ["title+ = "]), ("runbook { limits = { ch‸", ["changes+ = "]),
        ("runbook { params = { role = { req‸", ["required+ = "]), ("json.encode(x, { pr‸", ["pretty+ = "]),
        // Not inside a function's body, nor in another table.
        ("parallel(x, 8, function(a) local b, c = 1, { lo‸", ["log+.", "load+(", "local"]),
        ("x = { lo‸", ["log+.", "load+(", "local"]),
        // Values.
        ("users.each { locked = ‸", ["true", "false"]),
        (
            "users.each { locked = t‸", ["true"]
        ),
        ("users.each { role = \"‸", ["security-manager+\"", "site-admin+\"", "my role \\\"x\\\"+\""]),
        ("users.each { role = 'my‸", ["my role \"x\"+'"]), ("users.each { role = \"si‸\" }", ["site-admin"]),
        ("users.each { role = ‸", ["\"security-manager\"", "\"site-admin\"", "\"my role \\\"x\\\"\""]),
        ("users.each { role = { \"si‸", ["site-admin+\""]), ("users.each { role = secur‸", ["\"security-manager\""]),
        ("users.each { role = \"Mine‸", ["my role \\\"x\\\"+\""]),
        ("users.patch(7, { role = { id = \"si‸", ["site-admin+\""]),
        ("users.patch(7, { role = \"si‸", ["site-admin+\""]), ("users.create { role = { id = \"si‸", ["site-admin+\""]),
        ("users.find { login = \"‸", ["jdoe+\"", "adent+\"", "o'neil+\""]),
        ("users.find { login = 'o‸", ["o\\'neil+'"]),
        ("users.find { login = \"Jane‸", ["jdoe+\""]), ("users.find { name = \"J‸", ["Jane Doe+\""]),
        ("users.find { source = \"ld‸", ["ldap+\""]), ("users.each { source = { \"sa‸", ["saml+\""]),
        ("roles.get(\"si‸", ["site-admin+\""]), ("roles.get \"si‸", ["site-admin+\""]),
        ("roles.get(‸", ["\"security-manager\"", "\"site-admin\"", "\"my role \\\"x\\\"\""]),
        ("users.unlock(‸", ["7", "12", "71"]), ("users.unlock(7‸", ["7", "71"]), ("users.unlock(jd‸", ["7"]),
        ("users.unlock(Art‸", ["12"]), ("users.add_site(1, ‸", []), ("twofa.regenerate(1‸", ["12"]),
        ("users.unlock(u‸", ["u", "users+.", "utf8+.", "until"]),
        ("users.patch(‸, {})", ["7", "12", "71"]), ("users.unlock(7 + 1‸", []), ("users.get(\"7‸", []),
        ("users.create { authentication = { type = \"s‸", ["saml+\""]),
        ("users.create { authentication = { id = ‸", ["3"]),
        ("privileges.users(\"manage-t‸", ["manage-tags+\""]),
        ("roles.update('x', { privileges = { 'manage-s‸", ["manage-sites+'"]),
        ("roles.update('x', { privileges = ‸", []), ("users.page { sort = \"log‸", ["login,ASC+\"", "login,DESC+\""]),
        ("runbook { needs = { \"users:u‸", ["users:unlock+\"", "users:update+\""]),
        ("runbook { needs = { \"users:read\", \"two‸", ["twofa:read+\"", "twofa:write+\""]),
        ("runbook { params = { x = { type = \"b‸", ["boolean+\""]),
        ("runbook { params = { x = { required = ‸", ["true", "false"]),
        ("if user.role.id == \"si‸", ["site-admin+\""]), ("if u.login ~= 'jd‸", ["jdoe+'"]), ("if u.name == \"si‸", []),
        ("users.patch(7, { name = \"si‸", []), ("log.info(\"si‸", []), ("print(role == \"si‸", []),
        ("users.create { login = \"jd‸", []), ("users.each { role = [[si‸", ["site-admin"]),
    ]) func argumentsAndValues(text: String, candidates: [String]) async {
        let offered = await Self.offered(text)
        if candidates.isEmpty, text.hasSuffix("= ‸") || text.hasSuffix(", ‸") {
            // Where no value is known any expression may stand.
            #expect(offered.contains("u") && offered.contains("users+."))
            return
        }
        #expect(offered == candidates)
    }

    @Test func idsSayWhoTheyAre() async {
        let (_, found) = await ReplCompletionWorld.complete("users.unlock(1‸", Self.completer)
        #expect(found?.candidates == [Candidate("12", detail: "adent  Arthur Dent")])
        let (_, roles) = await ReplCompletionWorld.complete("roles.get(sit‸", Self.completer)
        #expect(roles?.candidates == [Candidate("\"site-admin\"", label: "site-admin", detail: "Site Admin")])
    }

    @Test func keysSayWhatTheyMean() async {
        let (_, found) = await ReplCompletionWorld.complete("users.create { log‸", Self.completer)
        #expect(found?.candidates.first?.detail == "required: The login name.  a string")
    }

    // MARK: Commands

    @Test(arguments: [
        (".‸", ["help+ ", "mode+ ", "target+ ", "load+ ", "save+ ", "show+ ", "json+ ", "watch+ ", "quit"]),
        (".mo‸", ["mode+ "]),
        (".q‸", ["quit"]), (".x‸", []), (".mode ‸", ["plan", "live"]), (".mode li‸", ["live"]), (".mod li‸", ["live"]),
        (".mode live ‸", []), (".target ‸", ["lab", "prod"]), (".target  p‸", ["prod"]), (".show r-1‸", ["r-1f"]),
        (".load ‸", ["a.lua", "archive/"]), (".load a‸", ["a.lua", "archive/"]), (".load archive/‸", ["old.lua"]),
        (".load archive/o‸", ["old.lua"]), (".load .h‸", [".hidden.lua"]), (".load missing/‸", []),
        (".load a.lua x‸", []),
        (".load a.t‸", ["a.txt"]), (".save ‸", ["a.lua", "a.txt", "archive/", "b.csv"]), (".help mo‸", ["mode"]),
        (".help users.unl‸", ["unlock"]), (".json u.ro‸", ["role"]), (".watch 5 users.unl‸", ["unlock+("]),
        (".watch 5‸", []),
        (".json users.unlock(jd‸", ["7"]), (".quit ‸", []), ("  .mo‸", ["mode+ "]), (".mo‸ live", ["mode"]),
        (".5‸", []),
    ]) func commandsAndTheirArguments(text: String, candidates: [String]) async {
        let offered = await Self.offered(text)
        #expect(offered == candidates)
    }

    @Test(arguments: [
        ("?users.unl‸", ["unlock"]), ("? users.unl‸", ["unlock"]), ("?xpan‸", ["xpanse+."]), ("?string.up‸", ["upper"]),
        ("??users.‸", ["disable", "each", "enable", "find", "list", "patch"]), ("??paral‸", ["parallel"]),
        ("??roles.‸", []), ("??./x‸", []),
        ("?confi‸", ["confirm"]), ("??a‸", ["a.lua", "archive/"]), ("??archive/ol‸", ["old.lua"]),
        ("?a‸", ["auth_sources+.", "assert"]), ("?users unl‸", []), ("?sec‸", ["secrets+."]),
    ]) func namesAfterQuestionMarks(text: String, candidates: [String]) async {
        let offered = await Self.offered(text)
        #expect(offered == candidates)
    }

    // MARK: Ranges

    @Test(arguments: [
        ("users.unl‸", "unl"), ("é = \"ü\" .. u.ro‸ .. x", "ro"), ("users.each { role = \"se‸\" }", "se"),
        ("  .mode li‸", "li"), (".load archive/o‸", "o"), ("?users.unl‸", "unl"), (".json \"é\" .. te‸", "te"),
        ("users.unlock(jd‸)", "jd"), ("u[\"ro‸", "ro"), ("users.unlock(‸)", ""),
    ]) func theTypedPartIsReplaced(text: String, part: String) async throws {
        let (plain, completions) = await ReplCompletionWorld.complete(text, Self.completer)
        let found = try #require(completions)
        #expect(String(decoding: Array(plain.utf8)[found.range], as: UTF8.self) == part)
        #expect(found.range.upperBound == text.split(separator: "‸", omittingEmptySubsequences: false)[0].utf8.count)
    }

    @Test func aCursorThatIsNoneGetsNoAnswer() async {
        #expect(await Self.completer.complete("é", cursor: 1) == nil)
        #expect(await Self.completer.complete("u", cursor: 2) == nil)
        #expect(await Self.completer.complete("u", cursor: -1) == nil)
    }

    @Test func everyCandidateOfEveryPlaceIsLuaThatLexesAsOnePiece() async throws {
        // Texts of the target cannot break out of the quotes they are put in.
        let hostile = ["a\"b", "a'b", "a\\", "a\nb", "\u{1b}[31m", "]]", "", "é\u{202e}", "\u{0}1"].map {
            TargetName(id: $0, login: $0, name: $0)
        }
        let completer = ReplCompleter(ReplCompletionWorld.sources(load: { _ in hostile }))
        for opening in ["users.find { login = \"", "users.find { login = '"] {
            let (text, completions) = await ReplCompletionWorld.complete(opening + "‸", completer)
            let found = try #require(completions)
            #expect(found.candidates.count == hostile.count - 1)
            for candidate in found.candidates {
                let source = LuaSource(text + candidate.text + candidate.ending + " }")
                let string = try #require(source.tokens.first { $0.kind == .string })
                #expect(string.isClosed && source.tokens.last?.is(.closeBrace) == true)
                #expect(hostile.contains { $0.login == source.value(ofString: string) })
            }
        }
    }

    @Test func aHostileMegabyteGetsItsAnswer() async {
        for piece in [
            "{", "(", "a.", "f(", "users.each{", "local a,", "for a in ", "function(", "\"", "a=", "]", "users.get(",
            ")",
        ] {
            let text = String(repeating: piece, count: (128 << 10) / piece.utf8.count)
            _ = await Self.completer.complete(text, cursor: text.utf8.count)
        }
        let long = String(repeating: "x = 1\n", count: (1 << 20) / 6 - 10) + "users.unl"
        #expect(await Self.completer.complete(long, cursor: long.utf8.count)?.candidates.first?.text == "unlock")
    }

    // MARK: Many names

    @Test func ofManyNamesTheFirstAreShown() async throws {
        let many = (0..<6_000).map { TargetName(id: String($0), login: "user\($0)") }
        let completer = ReplCompleter(ReplCompletionWorld.sources(load: { _ in many }))
        let (_, completions) = await ReplCompletionWorld.complete("users.unlock(‸", completer)
        let found = try #require(completions)
        #expect(found.candidates.count == ReplCompleter.limit)
        #expect(found.candidates.last?.detail.contains("of 5000") == true)
        let (_, few) = await ReplCompletionWorld.complete("users.find { login = \"user499‸", completer)
        #expect(few?.candidates.count == 11)
        #expect(few?.candidates.last?.detail.contains("only the first 5000") == true)
    }
}
