import Operations

/// What a script finds besides the operations: the functions that the host adds in Lua, and two values.
enum PreludeFunctions {
    /// All of them, by table and in the order in which they are explained best.
    static let all: [PreludeFunction] = users + control + logging + values + tables + secrets

    /// The one called `name`.
    static func named(_ name: String) -> PreludeFunction? { all.first { $0.name == name } }

    /// The conditions of `users.each` and `users.find`.
    private static let filters: [PreludeFunction.Parameter] = [
        .init("login", "string|string[]", isOptional: true, "The login name."),
        .init("name", "string|string[]", isOptional: true, "The full name."),
        .init("email", "string|string[]", isOptional: true, "The email address."),
        .init("id", "integer|integer[]", isOptional: true, "The identifier, a whole number such as 7."),
        .init("role", "string|string[]", isOptional: true, "The identifier of the role, such as security-manager."),
        .init("locked", "boolean", isOptional: true, "Whether the account is locked."),
        .init("enabled", "boolean", isOptional: true, "Whether the account may log in."),
        .init(
            "source", "string|string[]", isOptional: true,
            "The type of the authentication source: normal, admin, ldap, kerberos, saml."),
    ]

    /// The `id` of a user.
    private static let userID = PreludeFunction.Parameter(
        "id", "integer", "The identifier of the user, a whole number such as 7.")

    /// The fields of a user that `users.patch` changes.
    private static let userChanges: [PreludeFunction.Parameter] = [
        .init("login", "string", isOptional: true, "The login name."),
        .init("name", "string", isOptional: true, "The full name."),
        .init("email", "string", isOptional: true, "The email address; null clears it."),
        .init("enabled", "boolean", isOptional: true, "Whether the account may log in."),
        .init(
            "locked", "boolean", isOptional: true,
            "Whether the account is locked; the console ignores it: see users.unlock."),
        .init("password", "Secret|string", isOptional: true, "A new password, best a secret."),
        .init(
            "passwordResetOnLogin", "boolean", isOptional: true,
            "Whether the password must be changed at the next login."),
        .init(
            "role", "string|table", isOptional: true, "The identifier of the role, or what of the role changes.",
            fields: [
                .init("id", "string", isOptional: true, "The identifier of the role, such as security-manager."),
                .init("allSites", "boolean", isOptional: true, "Whether all sites are accessible."),
                .init("allAssetGroups", "boolean", isOptional: true, "Whether all asset groups are accessible."),
                .init("superuser", "boolean", isOptional: true, "Whether the user is a superuser."),
            ]),
        .init(
            "authentication", "table", isOptional: true, "What checks the password.",
            fields: [
                .init("type", "string", isOptional: true, "normal, admin, ldap, kerberos or saml."),
                .init("id", "integer", isOptional: true, "The identifier of the authentication source."),
            ]),
        .init(
            "locale", "table", isOptional: true, "The languages of the console and of reports.",
            fields: [
                .init("default", "string", isOptional: true, "The language to use, a BCP 47 tag such as en-US."),
                .init("reports", "string", isOptional: true, "The language of reports, a BCP 47 tag."),
            ]),
    ]

    private static let users: [PreludeFunction] = [
        PreludeFunction(
            name: "users.each", kind: .function, signature: "users.each { [conditions] }",
            parameters: [
                .init(
                    "filter", "table", isOptional: true,
                    "What the users must meet, all of it; of a list of values any one will do.", fields: filters)
            ],
            returns: [.init(type: "fun(): User?", documentation: "an iterator for a for loop or parallel")],
            summary: "Walk all users that meet the conditions",
            documentation: """
                Answers an iterator over the users in the order of their ids. The console cannot filter: all pages are \
                read, 500 users at a time, the next one while the script works on the one before. Without conditions \
                it walks everybody. Users who are deleted meanwhile do not make it pass over others.
                """,
            capabilities: ["users:read"],
            example: """
                for user in users.each { locked = true, enabled = true } do
                    print(user.id, user.login)
                end
                """),
        PreludeFunction(
            name: "users.find", kind: .function, signature: "users.find { conditions }",
            parameters: [
                .init(
                    "filter", "table", "What the user must meet, all of it; of a list of values any one will do.",
                    fields: filters)
            ],
            returns: [.init(type: "User?", documentation: "the first user that meets the conditions, or nil")],
            summary: "Find the first user that meets the conditions",
            documentation: """
                Reads pages of users until one fits, so a user near the end of a large console takes a while. If you \
                know the id, users.get is one call.
                """,
            capabilities: ["users:read"],
            example: """
                local user = users.find { login = "jdoe" }
                if user then print(user.id, user.name) end
                """),
        PreludeFunction(
            name: "users.list", kind: .function, signature: "users.list { [conditions] }",
            parameters: [
                .init(
                    "filter", "table", isOptional: true,
                    "What the users must meet, all of it; of a list of values any one will do.", fields: filters)
            ],
            returns: [.init(type: "User[]", documentation: "the users in the order of their ids")],
            summary: "List all users that meet the conditions",
            documentation: """
                Reads all pages and keeps what fits. For more users than fit into memory, or to work on the first ones \
                while others are read, use users.each.
                """,
            capabilities: ["users:read"],
            example: "return users.list { role = \"security-manager\", locked = true }"),
        PreludeFunction(
            name: "users.patch", kind: .function, signature: "users.patch(id, changes)",
            parameters: [
                userID,
                .init(
                    "changes", "table", "The fields to change; null clears one, and what is not named stays.",
                    fields: userChanges),
            ],
            returns: [.init(type: "boolean", documentation: "whether anything was changed")],
            summary: "Change some fields of a user and keep the rest",
            documentation: """
                The console's own update replaces everything and drops the access to single sites and asset groups. \
                This reads the user and that access, writes the whole user, and restores the access: two to six \
                calls, of which up to three are changes. If nothing differs, nothing is sent.
                """,
            capabilities: ["users:access", "users:read", "users:update"],
            example: "users.patch(7, { role = \"security-manager\", email = \"jdoe@example.com\" })"),
        PreludeFunction(
            name: "users.enable", kind: .function, signature: "users.enable(id)", parameters: [userID],
            returns: [.init(type: "boolean", documentation: "whether anything was changed")],
            summary: "Let a user log in again",
            documentation: """
                The same as users.patch(id, { enabled = true }). A locked account stays locked: see users.unlock.
                """,
            capabilities: ["users:access", "users:read", "users:update"],
            example: "users.enable(7)"),
        PreludeFunction(
            name: "users.disable", kind: .function, signature: "users.disable(id)", parameters: [userID],
            returns: [.init(type: "boolean", documentation: "whether anything was changed")],
            summary: "Keep a user from logging in, and keep the account",
            documentation: "The same as users.patch(id, { enabled = false }). users.enable takes it back.",
            capabilities: ["users:access", "users:read", "users:update"],
            example: "users.disable(7)"),
    ]

    private static let control: [PreludeFunction] = [
        PreludeFunction(
            name: "runbook", kind: .function, signature: "runbook { title, doc, params, needs, limits }",
            parameters: [
                .init(
                    "manifest", "table", "What the runbook declares of itself.",
                    fields: [
                        .init("title", "string", isOptional: true, "One line: what it does."),
                        .init("doc", "string", isOptional: true, "More of it."),
                        .init(
                            "params", "table<string, table>", isOptional: true,
                            "The parameters by name, each { type, required, default, choices, pattern, doc }."),
                        .init(
                            "needs", "string[]", isOptional: true,
                            "The capabilities it asks for, such as users:read; other calls are denied."),
                        .init(
                            "limits", "table", isOptional: true, "What it may use; it can only lower the operator's.",
                            fields: limits),
                    ])
            ],
            returns: [],
            summary: "Declare title, parameters, capabilities and limits",
            documentation: """
                Must come first in a runbook's file: calls before it are refused, and params is known only after it. \
                A session of the REPL needs none; .record writes one from the calls that were made.
                """,
            capabilities: [],
            example: """
                runbook {
                    title  = "Unlock every locked user in a role",
                    params = { role = { type = "string", default = "security-manager", doc = "role id" } },
                    needs  = { "users:read", "users:unlock" },
                    limits = { changes = 200, time = "5m" },
                }
                """),
        PreludeFunction(
            name: "params", kind: .value, signature: "params", parameters: [],
            returns: [.init(type: "table<string, any>", documentation: "the parameters by name")],
            summary: "The values of the declared parameters",
            documentation: """
                Known after runbook { … }. A parameter that was not given and has no default is nil; one of the type \
                secret is a secret.
                """,
            capabilities: [],
            example: """
                runbook { params = { role = { type = "string", default = "security-manager" } } }
                print(params.role)
                """),
        PreludeFunction(
            name: "parallel", kind: .function, signature: "parallel(items, width, work)",
            parameters: [
                .init("items", "any[]|fun(): any", "A list, or an iterator such as users.each { … }."),
                .init("width", "integer", "How many items are worked on at once, from 1 to 1000."),
                .init(
                    "work", "fun(item: any, index: integer): any", "Called for every item; may make calls, and wait."),
            ],
            returns: [
                .init(type: "any[]", documentation: "the results that are not nil, in the order of the items")
            ],
            summary: "Work on many items at once",
            documentation: """
                Up to `width` items wait for their calls at the same time; Lua itself runs one at a time. After a \
                failure no further item is begun, those under way are waited for, then the first failure is raised: \
                use pcall inside work to go on. 8 to 16 suits most consoles.
                """,
            capabilities: [],
            example: """
                parallel(users.each { locked = true, enabled = true }, 8, function(user)
                    users.unlock(user.id)
                end)
                """),
        PreludeFunction(
            name: "sleep", kind: .function, signature: "sleep(seconds)",
            parameters: [.init("seconds", "number", "How long, 0 or more; fractions are allowed.")],
            returns: [], summary: "Wait",
            documentation: """
                The time counts against the run's limit. In plan mode nothing is waited for. Tasks of parallel go on \
                meanwhile.
                """,
            capabilities: [], example: "sleep(0.5)"),
        PreludeFunction(
            name: "confirm", kind: .function, signature: "confirm(question)",
            parameters: [.init("question", "string", "The question, to be answered with yes or no.")],
            returns: [.init(type: "boolean", documentation: "whether the answer was yes")],
            summary: "Ask a person a yes-or-no question",
            documentation: """
                In plan mode the answer is yes, so that the plan shows what a yes leads to. Where nobody can be asked \
                it raises an error of the kind denied, unless the run was started with --yes.
                """,
            capabilities: [],
            example: """
                if confirm("Unlock all of them?") then print("yes") end
                """),
    ]

    private static let limits: [PreludeFunction.Parameter] = [
        .init("time", "string|integer", isOptional: true, "Wall time, such as \"5m\", or seconds."),
        .init("changes", "integer", isOptional: true, "Calls that change something."),
        .init("calls", "integer", isOptional: true, "Calls."),
        .init("memory", "string|integer", isOptional: true, "Memory, such as \"64MB\", or bytes."),
        .init("log", "string|integer", isOptional: true, "Log lines, such as \"1MB\", or bytes."),
        .init("result", "string|integer", isOptional: true, "The result, such as \"1MB\", or bytes."),
        .init("tasks", "integer", isOptional: true, "Tasks alive at once: the main one and those of parallel."),
        .init("source", "string|integer", isOptional: true, "One source text, such as \"1MB\", or bytes."),
    ]

    private static let logging: [PreludeFunction] =
        [
            PreludeFunction(
                name: "print", kind: .function, signature: "print(...)",
                parameters: [.init("...", "any", isOptional: true, "What to write; tabs stand between.")],
                returns: [], summary: "Write a line to the log",
                documentation: "In a runbook it logs at info; in a session of the REPL the text is shown as it is.",
                capabilities: [], example: "print(\"locked:\", 3)")
        ]
        + [
            ("debug", "what helps to find a fault; hidden unless asked for", "page read"),
            ("info", "what happens", "unlocked"),
            ("warn", "what somebody should look at", "no such user"),
            ("error", "what went wrong; the run goes on", "could not unlock"),
        ].map { level, meaning, message in
            PreludeFunction(
                name: "log.\(level)", kind: .function, signature: "log.\(level)(message, [fields])",
                parameters: [
                    .init("message", "any", "The line."),
                    .init("fields", "table", isOptional: true, "Facts by name, which programs can search for."),
                ],
                returns: [], summary: "Write a line to the log at the level \(level)",
                documentation: "For \(meaning). Secrets are masked.",
                capabilities: [], example: "log.\(level)(\"\(message)\", { login = \"jdoe\" })")
        }

    private static let values: [PreludeFunction] = [
        PreludeFunction(
            name: "null", kind: .value, signature: "null", parameters: [],
            returns: [.init(type: "userdata", documentation: "the constant")],
            summary: "JSON's null",
            documentation: """
                Stands for null in what is sent, and clears a field in users.patch. In replies null reads as nil: the \
                field is absent.
                """,
            capabilities: [], example: "users.patch(7, { email = null })"),
        PreludeFunction(
            name: "json.encode", kind: .function, signature: "json.encode(value, [options])",
            parameters: [
                .init("value", "any", "What to write; nil is written as null."),
                .init(
                    "options", "table", isOptional: true, "How to write it.",
                    fields: [.init("pretty", "boolean", isOptional: true, "Whether it is indented. Default: false.")]),
            ],
            returns: [.init(type: "string", documentation: "the JSON")],
            summary: "Write a value as JSON",
            documentation: """
                Refuses functions, secrets, cycles, NaN and inf, strings that are not UTF-8, and more than 64 levels, \
                and says where they stand. An empty table is written as []: see json.array.
                """,
            capabilities: [], example: "print(json.encode({ id = 7, tags = { \"a\", \"b\" } }, { pretty = true }))"),
        PreludeFunction(
            name: "json.decode", kind: .function, signature: "json.decode(text)",
            parameters: [.init("text", "string", "The JSON.")],
            returns: [.init(type: "any", documentation: "the value")],
            summary: "Read JSON",
            documentation: "null reads as nil: the member is absent. Raises an error with the offset of a mistake.",
            capabilities: [], example: "print(json.decode('{\"id\": 7}').id)"),
        PreludeFunction(
            name: "json.array", kind: .function, signature: "json.array(list)",
            parameters: [.init("list", "any[]", "The list.")],
            returns: [.init(type: "any[]", documentation: "the same list")],
            summary: "Mark a table as a list",
            documentation: "So that it is written as [ ] whatever it holds, also when it is empty.",
            capabilities: [], example: "print(json.encode(json.array {}))"),
    ]

    private static let tables: [PreludeFunction] = [
        PreludeFunction(
            name: "csv.decode", kind: .function, signature: "csv.decode(text, [options])",
            parameters: [
                .init("text", "string", "The CSV, such as the text of a file parameter."),
                .init(
                    "options", "table", isOptional: true, "How to read it.",
                    fields: [
                        .init(
                            "columns", "string[]", isOptional: true,
                            "Columns that must be there; others may be, too. Default: none."),
                        .init(
                            "header", "boolean", isOptional: true,
                            "Whether the first line names the columns. Default: true."),
                        .init("separator", "string", isOptional: true, "What stands between cells. Default: a comma."),
                    ]),
            ],
            returns: [
                .init(type: "table<string, string>[]", documentation: "the records, by the names of the columns"),
                .init(type: "integer[]", documentation: "the line on which each record begins"),
            ],
            summary: "Read a table from CSV",
            documentation: """
                As RFC 4180 has it: cells in quotes hold separators, line ends and doubled quotes. Every value is a \
                string, an empty cell the empty one; empty lines are passed over. With header = false each record is a \
                list. Raises an error with the line of a mistake: a quote that is not closed, a row with more or fewer \
                cells than the header, a column that is missing or there twice.
                """,
            capabilities: [],
            example: "for _, person in ipairs(csv.decode(\"login,name\\nada,Ada\\n\")) do print(person.login) end"),
        PreludeFunction(
            name: "csv.encode", kind: .function, signature: "csv.encode(rows, [options])",
            parameters: [
                .init("rows", "table[]", "Records by the names of the columns, or lists."),
                .init(
                    "options", "table", isOptional: true, "How to write it.",
                    fields: [
                        .init(
                            "columns", "string[]", isOptional: true,
                            "The columns in their order. Default: all names that occur, sorted."),
                        .init(
                            "header", "boolean", isOptional: true,
                            "Whether the first line names the columns. Default: true."),
                        .init("separator", "string", isOptional: true, "What stands between cells. Default: a comma."),
                        .init(
                            "spreadsheet", "boolean", isOptional: true,
                            "Whether a quote is put before what a spreadsheet would take for a formula. Default: false."
                        ),
                    ]),
            ],
            returns: [.init(type: "string", documentation: "the CSV, with a line feed after each line")],
            summary: "Write a table as CSV",
            documentation: """
                Cells are strings, numbers, booleans, nothing, or lists of these, which are joined with semicolons; \
                anything else is an error that names its row and column. Names of users come from others: give \
                spreadsheet = true if people open the file in a spreadsheet.
                """,
            capabilities: [],
            example: "print(csv.encode({ { login = \"ada\", sites = { 1, 2 } } }))"),
    ]

    private static let secrets: [PreludeFunction] = [
        PreludeFunction(
            name: "secrets.generate", kind: .function, signature: "secrets.generate([length])",
            parameters: [
                .init("length", "integer", isOptional: true, "How many characters, from 8 to 256. Default: 24.")
            ],
            returns: [.init(type: "Secret", documentation: "a new secret")],
            summary: "Make a random password",
            documentation: """
                Letters, digits and signs, at least one of each kind, none that look alike. The script never sees it: \
                it prints as ‹secret›, and can be passed wherever a password is due.
                """,
            capabilities: [],
            example: """
                local password = secrets.generate(32)
                users.patch(7, { password = password, passwordResetOnLogin = true })
                """),
        PreludeFunction(
            name: "secrets.reveal", kind: .function, signature: "secrets.reveal(secret)",
            parameters: [.init("secret", "Secret", "The secret.")],
            returns: [.init(type: "string", documentation: "its text")],
            summary: "Read the text of a secret",
            documentation: """
                Needs a capability that operators seldom grant, and the log says that it happened. Nothing that the \
                script does with the text is masked afterwards unless the host knows it: pass secrets on as they are \
                wherever that will do.
                """,
            capabilities: ["secrets:reveal"],
            example: "print(#secrets.reveal(secrets.generate(16)))"),
    ]
}
