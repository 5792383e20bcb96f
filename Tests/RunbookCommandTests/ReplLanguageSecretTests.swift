import Operations
import Testing

@testable import runbook

/// What of what is typed is not kept in the history.
struct ReplLanguageSecretTests {
    private static let secrets = SecretLines(catalogue: .standard)

    @Test(arguments: [
        // Where an operation takes a secret.
        "users.reset_password(7, \"hunter2\")", "twofa.set(7, 'JBSWY3DP')", "twofa.set(7, [[JBSWY3DP]])",
        "users.reset_password(7, \"hun\" .. \"ter2\")", "users.reset_password(f(1, 2), (\"hunter2\"))",
        "users.reset_password(7, 12345678)", "pcall(users.reset_password, 7, \"hunter2\")",
        "local r = users.reset_password\nr(7, \"hunter2\")", "users[\"reset_password\"](7, \"hunter2\")",
        "local p = \"hunter2\"\nusers.reset_password(7, p)", "p = \"hunter2\" users.reset_password(7, p .. 1)",
        "users . reset_password -- why\n (7, \"hunter2\")", "for _, u in ipairs(l) do twofa.set(u, \"JBSW\") end",
        // Under a name that stands for a secret.
        "users.patch(7, { password = \"hunter2\" })", "users.create { login = \"a\", [\"password\"] = \"hunter2\" }",
        "u.password = \"hunter2\"", "password = \"hunter2\"", "local myPassword <const> = [==[hunter2]==]",
        "local a, token = 1, \"abc\"", "t = { role = \"a\", secret = { \"x\" } }", "seed = \"JBSWY3DP\"", "key = 'k'",
        "t.apiKey = \"x\"", "API_KEY = \"x\"", "x = { ['api-key'] = \"x\" }", "password = cond and \"a\" or \"b\"",
        "if u.password == \"hunter2\" then print(1) end", "p = params.password or \"hunter2\"",
        "set_password(\"hunter2\")",
        "token \"abc\"", "password = 12345678", "local pin = 1234", "x[\"pass\\x77ord\"] = \"hunter2\"",
        "u[\"password\"] = \"hunter2\"", "password\n=\n\"hunter2\"", "password = --[[ the ]] \"hunter2\"",
        // As text.
        "-- password: hunter2", "x = 1 -- token=abc", "json.decode('{\"password\": \"hunter2\"}')",
        "print(\"https://admin:hunter2@console\")", "h = \"Bearer abcdefgh\"", "x = \"?api_key=abc\"",
        "k = [[-----BEGIN RSA PRIVATE KEY-----]]", "k = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc'",
        // Mistyped.
        "users.reset_password(7, \"hunter2", "users.reset_pasword(7, \"hunter2\")", "pasword = \"hunter2\"",
        "password = hunter2!", "users.reset_password 7 hunter2", "users.patch(7, { password = \"hunter2\"",
        "twofa.st(7, \"JBSW\")",
        "users.patch(7, { passowrd = \"hunter2\" })", "password: hunter2", "{\"password\": \"hunter2\"}",
        "export CONSOLE_PASSWORD=hunter2",
        "curl -H 'X-API-Key: abcdef' https://console",
        // Commands.
        ".load f.lua password=hunter2", ".load f.lua role=a api_key=x", ".json users.create { password = \"hunter2\" }",
        ".watch 5 users.reset_password(7, \"hunter2\")", ".load f.lua password=\"my own\"", ".secret pw=hunter2",
        ".load f.lua newPassword=12345678", "?password=hunter2", "=users.reset_password(7, \"hunter2\")",
    ]) func linesWithSecretsAreFound(text: String) {
        #expect(Self.secrets.isSecret(text))
    }

    @Test(arguments: [
        "users.reset_password(7, secrets.generate(24))", "users.reset_password(users.find { login = \"jdoe\" }.id, p)",
        "users.patch(7, { password = secrets.generate(24), role = \"security-manager\" })", "twofa.regenerate(7)",
        "print(twofa.key(7))", "local password = secrets.generate(24)\nprint(\"done\")",
        "password = params[\"password\"]",
        "users.each { login = \"jdoe\" }", "for key, value in pairs(t) do print(key, \"is\", value) end",
        "math.randomseed(42)",
        "seed = 42", "key = 3", "x = \"password\"", "print(\"the password: \")", "monkey = \"x\"", "tokens = {}",
        "password = \"\"",
        "needs = { \"users:password\", \"twofa:write\" }", "users.create(u)", "u.passwordResetOnLogin = true",
        "log.info(\"unlocked\", { login = user.login })", "users.unlock(7)",
        "xpanse.set_role({ \"a@b.c\" }, \"Viewer\")",
        "print(\"https://console:3780/api\")", "users.get 7", "x = ", "for i = 1, 3 do", "if x the",
        "f(function(password) end)",
        ".load f.lua password=env:CONSOLE_PASSWORD", ".load f.lua password=file:/run/secrets/pw role=a",
        ".secret password",
        ".load f.lua password=-", ".load 'a b.lua'", ".help users.reset_password", "?users.reset_password",
        ".mode live",
        "-- change the password of jdoe", "users.patch(7, { login = \"token\" })", "",
        "if password == nil then print(\"none\") end", "t = { password, \"x\" }", "return { unlocked = unlocked }",
    ]) func linesWithoutSecretsAreKept(text: String) {
        #expect(!Self.secrets.isSecret(text))
    }

    @Test func operationsOfAnEmbeddingProgramAreKnownToo() {
        let operation = Operation(
            "vault.put", apiName: "put", endpoint: nil,
            parameters: [
                Parameter("path", .name, in: .body, documentation: ""),
                Parameter("value", .oneOf([.integer(0...9), .secret]), in: .body, documentation: ""),
                Parameter(
                    "meta", .object([Field("badge", .secret, documentation: "")]), in: .body, documentation: ""),
            ], result: .nothing, effect: .unsafe, capability: "vault:write", summary: "")
        let secrets = SecretLines(catalogue: Catalogue([operation]))
        #expect(secrets.isSecret("vault.put(\"a\", \"x\", {})"))
        #expect(secrets.isSecret("vault.put(\"a\", s, { badge = \"x\" })"))
        #expect(!secrets.isSecret("vault.put(\"a\", s, { label = \"x\" })"))
        #expect(!SecretLines.isSecret("badge = \"x\"", catalogue: .standard))
    }

    @Test func hostileTextsTakeTimeInProportion() {
        let size = 64 << 10
        for piece in [
            "password={", "password=", "a,", "users.reset_password(", "users.reset_password ", "x={password={", "\"",
            "key=\"\" ",
            "p=\"\"", "password.", "password..", "://a", "eyJ", "-----BEGIN ", "a=b,", "password,", "[\"password\"]",
            "token ", "f(",
        ] {
            _ = Self.secrets.isSecret(String(repeating: piece, count: size / piece.utf8.count))
        }
        let long = String(repeating: "x = 1\n", count: size)
        #expect(!Self.secrets.isSecret(long))
        #expect(Self.secrets.isSecret(long + "password = \"hunter2\""))
        // What is longer than a source may be is not kept at all.
        #expect(Self.secrets.isSecret(long + long + long))
        #expect(Self.secrets.isSecret(String(repeating: "x", count: SecretLines.longest + 1)))
    }
}
