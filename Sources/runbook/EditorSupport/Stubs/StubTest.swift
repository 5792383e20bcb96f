/// What definition files say of test files: the function `test`, and the tables that a case is written in.
enum StubTest {
    private static let call = StubField(
        name: "[integer]", type: "any", documentation: "The operation, and then the arguments that matter.")

    static var items: [StubItem] {
        TestKey.Table.allCases.map { table in
            .table(
                name: className(table),
                fields: (table == .refusal ? [call] : [])
                    + TestKey.all.filter { $0.table == table }.map { key in
                        StubField(
                            name: key.name, type: type(of: key), isOptional: !key.isRequired,
                            documentation: key.text)
                    }, documentation: documentation(table))
        } + [
            .function(
                StubFunction(
                    name: "test", summary: "Adds a test case; in files that end in _test.lua, and nowhere else.",
                    paragraphs: ["The runbook beside the file is run against both systems in memory, and looked at."],
                    example: """
                        test "unlocks who is locked" {
                          given = { users = { { login = "ada", locked = true } } },
                          changes = { { "users.unlock" } },
                        }
                        """,
                    parameters: [StubField(name: "name", type: "string", documentation: "What the case shows.")],
                    results: [
                        StubField(
                            name: "", type: "fun(case: \(className(.test)))", documentation: "Takes the case's table.")
                    ]))
        ]
    }

    /// `RunbookTestUser`
    private static func className(_ table: TestKey.Table) -> String {
        switch table {
        case .test: "RunbookTest"
        case .refusal: "RunbookTestRefusal"
        case .given: "RunbookTestGiven"
        case .simulated: "RunbookTestSimulated"
        case .user: "RunbookTestUser"
        case .locale: "RunbookTestLocale"
        case .role: "RunbookTestRole"
        case .xpanse: "RunbookTestXpanse"
        case .xpanseUser: "RunbookTestXpanseUser"
        case .xpanseName: "RunbookTestXpanseName"
        case .after: "RunbookTestAfter"
        case .run: "RunbookTestRun"
        }
    }

    private static func documentation(_ table: TestKey.Table) -> String {
        switch table {
        case .test: "A case of a test file."
        case .run: "A run that has ended, for a case's check."
        default: "\(table.rawValue) in a test file."
        }
    }

    /// A type of LuaCATS.
    private static func type(of key: TestKey) -> String {
        switch (key.table, key.name) {
        case (.test, "given"): className(.given)
        case (.test, "after"): className(.after)
        case (.test, "refuse"): className(.refusal) + "[]"
        case (.test, "check"): "fun(run: \(className(.run)))"
        case (.given, "users"): className(.user) + "[]"
        case (.given, "roles"): className(.role) + "[]"
        case (.given, "xpanse"): className(.xpanse)
        case (.given, "simulated"): className(.simulated)
        case (.user, "locale"): className(.locale)
        case (.xpanse, "users"): className(.xpanseUser) + "[]"
        case (.xpanse, "roles"), (.xpanse, "groups"): "(string|\(className(.xpanseName)))[]"
        default: types[key.value] ?? "string"
        }
    }

    /// What the reference says in words; all else is a text of which it names the values.
    private static let types = [
        "a table": "table", "a list": "table[]", "a list of tables": "table[]", "a list of strings": "string[]",
        "a list of integers": "integer[]", "a boolean": "boolean", "an integer": "integer", "a number": "number",
        "any value": "any", "a function": "function", "a string or a table": "string|table",
    ]
}
