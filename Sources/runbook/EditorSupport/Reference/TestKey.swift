/// A key of what a test file says.
struct TestKey: Sendable, Hashable {
    /// The table that it stands in.
    enum Table: String, Sendable, CaseIterable {
        case test = "A case"
        case refusal = "An element of refuse"
        case given = "given"
        case simulated = "given.simulated"
        case user = "A user of given.users"
        case locale = "locale of a user"
        case role = "A role of given.roles"
        case xpanse = "given.xpanse"
        case xpanseUser = "A user of given.xpanse.users"
        case xpanseName = "A role or a group of given.xpanse"
        case after = "after"
        case run = "What check gets"
    }

    let table: Table
    let name: String
    /// What its value is.
    let value: String
    /// What it means, and what holds without it.
    let text: String

    /// Whether it must be there.
    let isRequired: Bool

    private init(_ table: Table, _ name: String, _ value: String, _ text: String, isRequired: Bool = false) {
        self.table = table
        self.name = name
        self.value = value
        self.text = isRequired ? text + " Required." : text
        self.isRequired = isRequired
    }

    /// All keys, table by table.
    static let all = before + expectations + extras + users + others

    private static let before = [
        TestKey(.test, "given", "a table", "Both systems before. Default: nobody but the administrator, admin."),
        TestKey(
            .test, "params", "a table", "The parameters by name. A secret is plain text here; a file is { name, text }."
        ),
        TestKey(
            .test, "confirm", "a boolean", "The answer to every question. Without it a question fails the case."),
        TestKey(
            .test, "now", "a string", "When the run begins: \"2026-11-22T10:00:00Z\". Default: 2026-01-01T00:00:00Z."),
        TestKey(.test, "target", "console, xpanse or both", "Which systems the target has. Default: both."),
        TestKey(
            .test, "refuse", "a list",
            "The calls that the server refuses, such as { \"users.unlock\", 7, status = 500 }."),
        TestKey(
            .refusal, "status", "an integer", "The HTTP status that it answers, from 300 to 599.", isRequired: true),
        TestKey(.refusal, "message", "a string", "What it says."),
        TestKey(.refusal, "times", "an integer", "How often; then the call is carried out. Default: always."),
    ]

    private static let expectations = [
        TestKey(.test, "status", "a string", "How the run must end: a status of a run. Default: succeeded."),
        TestKey(.test, "error", "a string", "A part of the error's message; with a status other than succeeded."),
        TestKey(
            .test, "changes", "a list",
            "What the server must have carried out, in order: { OPERATION, ARGUMENT… }. Trailing arguments may be left out, "
                + "and of a table only some fields be given. An empty list: nothing. Default: it is not looked at."),
        TestKey(.test, "unordered", "a boolean", "Whether the order of changes does not matter. Default: false."),
        TestKey(
            .test, "result", "any value", "The whole result; secrets read as ‹secret›. Default: it is not looked at."),
        TestKey(.test, "result_has", "a table", "A part of the result."),
        TestKey(
            .test, "log", "a list of strings",
            "What must occur in log lines, each a message with its fields as key=value."),
        TestKey(.test, "after", "a table", "A part of both systems afterwards."),
        TestKey(
            .test, "check", "a function",
            "Looks at all else, and fails the case by error, by assert, or by returning false."),
    ]

    private static let extras = [
        TestKey(
            .test, "plan", "a string", "Why it is not tested that what is planned is what is applied. Default: it is."),
        TestKey(
            .test, "again", "a string or a table",
            "Why it is not tested that a second run changes nothing; or what it must come to, by the keys status, error, "
                + "changes, unordered, result, result_has, log and after. Default: it is tested."),
        TestKey(
            .test, "kill", "a string",
            "Why it is not tested that a run which is killed and resumed does everything once. Default: it is."),
    ]

    private static let users = [
        TestKey(.given, "users", "a list of tables", "The console's users, besides admin, whose id is 1."),
        TestKey(.given, "roles", "a list of tables", "Roles besides those that every console has, and two of its own."),
        TestKey(.given, "xpanse", "a table", "What there is at Cortex Xpanse. Default: nobody but the administrator."),
        TestKey(.given, "simulated", "a table", "The simulator's own data instead of all this."),
        TestKey(.simulated, "users", "an integer", "How many users the console has."),
        TestKey(.simulated, "xpanse_users", "an integer", "How many users Cortex Xpanse has."),
        TestKey(.simulated, "seed", "an integer", "The seed: the same one makes the same data. Default: 1."),
        TestKey(.simulated, "locked_fraction", "a number", "How many of the users are locked, from 0 to 1."),
        TestKey(
            .simulated, "locked_in_role", "a table", "How many of a role are locked: { [\"tier-1-support\"] = 5 }."),
        TestKey(.simulated, "oddities", "a boolean", "Whether some users are odd, as real ones are."),
        TestKey(.user, "id", "an integer", "The identifier. Default: one more than the highest before, from 2."),
        TestKey(.user, "login", "a string", "The login name.", isRequired: true),
        TestKey(.user, "name", "a string", "The full name. Default: the login."),
        TestKey(.user, "email", "a string", "The email address; null for none. Default: LOGIN@example.com."),
        TestKey(.user, "role", "a string", "The role's identifier. Default: user. What it needs is given with it."),
        TestKey(.user, "enabled", "a boolean", "Whether the account may log in. Default: true."),
        TestKey(.user, "locked", "a boolean", "Whether the account is locked. Default: false."),
        TestKey(.user, "sites", "a list of integers", "The single sites, from 1 to 5. Default: none."),
        TestKey(.user, "asset_groups", "a list of integers", "The single asset groups, from 1 to 5. Default: none."),
        TestKey(.user, "all_sites", "a boolean", "Whether all sites are accessible. Default: as the role needs."),
        TestKey(
            .user, "all_asset_groups", "a boolean",
            "Whether all asset groups are accessible. Default: as the role needs."),
        TestKey(.user, "superuser", "a boolean", "Whether the user is a superuser. Default: as the role needs."),
        TestKey(.user, "source", "normal, admin, ldap, kerberos or saml", "What checks the password. Default: normal."),
        TestKey(.user, "seed", "a string", "The two-factor seed, in base32. Default: none."),
        TestKey(.user, "locale", "a table", "The languages."),
        TestKey(.user, "password", "a string", "The password, for what compares it."),
        TestKey(.locale, "default", "a string", "The language of the console."),
        TestKey(.locale, "reports", "a string", "The language of reports."),
        TestKey(.role, "id", "a string", "The identifier; not that of a built-in role.", isRequired: true),
        TestKey(.role, "name", "a string", "The name. Default: the identifier."),
        TestKey(.role, "description", "a string", "What it is for. Default: nothing."),
        TestKey(.role, "privileges", "a list of strings", "What it grants. Default: nothing."),
    ]

    private static let others = [
        TestKey(.xpanse, "users", "a list of tables", "The users, besides admin@example.com."),
        TestKey(.xpanse, "roles", "a list", "Roles besides those that every tenant has, as names or tables."),
        TestKey(.xpanse, "groups", "a list", "Groups besides two that are always there, as names or tables."),
        TestKey(.xpanseUser, "email", "a string", "The email address.", isRequired: true),
        TestKey(.xpanseUser, "role", "a string", "The name of the role. Default: none."),
        TestKey(.xpanseUser, "first_name", "a string", "The first name."),
        TestKey(.xpanseUser, "last_name", "a string", "The last name."),
        TestKey(.xpanseUser, "groups", "a list of strings", "The names of the groups."),
        TestKey(.xpanseUser, "last_login", "an integer", "The last login, milliseconds since 1970. Default: never."),
        TestKey(.xpanseUser, "type", "a string", "The type. Default: CSP."),
        TestKey(.xpanseName, "name", "a string", "The name.", isRequired: true),
        TestKey(.xpanseName, "description", "a string", "What it is for."),
        TestKey(.xpanseName, "permissions", "a list of strings", "Of a role: what it grants."),
        TestKey(
            .after, "users", "a table",
            "Users by login, each with some of a user's fields; false is one who is not there."),
        TestKey(.after, "roles", "a table", "Roles by identifier, in the same way."),
        TestKey(.after, "xpanse", "a table", "Users of Cortex Xpanse by email address, in the same way."),
        TestKey(.run, "result", "any value", "The result."),
        TestKey(.run, "changes", "a list", "The changes that the server has carried out."),
        TestKey(.run, "log", "a list of strings", "The log lines."),
        TestKey(.run, "status", "a string", "How the run ended."),
        TestKey(.run, "error", "a string", "The error's message, if there is one."),
    ]
}
