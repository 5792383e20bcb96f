import RunbookHost

@testable import runbook

/// Values as statements typed in a session answer them.
enum ReplValueSamples {
    private static let roles = [
        ("global-admin", "Global Administrator"), ("security-manager", "Security Manager"),
        ("site-admin", "Site Administrator"), ("user", "User"), ("custom-soc-tier-1", "SOC Tier 1"),
    ]
    private static let people = [
        ("arivera", "Ana Rivera"), ("blindqvist", "Bo Lindqvist"), ("charlotte.f", "Charlotte Featherstonehaugh"),
        ("dvolkov", "Dmitri Волков"), ("lixl", "李小龙"), ("eoneil", "Emma O'Neil"), ("flefevre", "François Lefèvre"),
        ("gus", "Gus"),
    ]
    static let privileges = [
        "all-permissions", "approve-vulnerability-exceptions", "close-tickets", "configure-global-settings",
        "create-report", "create-tickets", "delete-vulnerability-exceptions", "manage-asset-group-access",
        "manage-report-access", "manage-site-access", "manage-tags", "view-asset-group-assets",
    ]

    static func string(_ text: String) -> ShownValue { .string(text, bytes: text.utf8.count) }

    static func list(_ elements: [ShownValue]) -> ShownValue { .list(elements, count: elements.count) }

    static func strings(_ texts: some Sequence<String>) -> ShownValue { list(texts.map { string($0) }) }

    /// A table with its keys in the order in which the machine tells them.
    static func object(_ fields: [String: ShownValue]) -> ShownValue {
        let entries = fields.sorted { $0.key < $1.key }.map {
            ShownValue.Entry(key: string($0.key), value: $0.value)
        }
        return .table(entries, count: entries.count)
    }

    /// A console's user.
    static func user(_ number: Int) -> ShownValue {
        let (login, name) = people[number % people.count]
        let (role, roleName) = roles[number % roles.count]
        let isExternal = number % 4 == 3
        var fields: [String: ShownValue] = [
            "authentication": object([
                "external": .bool(isExternal), "id": .integer(isExternal ? 2 : 1),
                "name": string(isExternal ? "Corp LDAP" : "Builtin Users"),
                "type": string(isExternal ? "ldap" : "normal"),
            ]),
            "enabled": .bool(number % 6 != 4), "id": .integer(Int64(number * 7 + 1)), "locked": .bool(number % 4 == 1),
            "login": string(login), "name": string(name),
            "role": object([
                "allAssetGroups": .bool(false), "allSites": .bool(number % 3 == 0), "id": string(role),
                "name": string(roleName), "privileges": strings(privileges.prefix(3 + number % 9)),
                "superuser": .bool(number % 5 == 0),
            ]),
        ]
        if !isExternal {
            fields["email"] = string(login + "@example.org")
            fields["locale"] = object(["default": string("en-US"), "reports": string("en-US")])
        }
        return object(fields)
    }

    static let role = object([
        "description": string(
            """
            Perform all operations of a site on all sites and assets that this person may see, and manage what others \
            may do there; cannot change global settings.
            """),
        "id": string("site-admin"), "name": string("Site Administrator"), "privileges": strings(privileges),
    ])

    /// What a person may come to see, with the statement that showed it.
    static let all: [(statement: String, values: [ShownValue])] = [
        ("users.find { }", [list((0..<8).map(user))]),
        ("users.get(8)", [user(1)]),
        ("roles.get('site-admin')", [role]),
        ("users.privileges(8)", [strings(privileges)]),
        ("users.sites(8)", [list([.integer(1), .integer(12), .integer(345)])]),
        ("ids", [list((1...40).map { .integer($0 * 37) })]),
        (
            "pcall(users.get, 99)",
            [
                .bool(false),
                object([
                    "kind": string("not_found"),
                    "message": string("no user with the id 99: look for it with users.find"),
                    "operation": string("users.get"), "status": .integer(404),
                ]),
            ]
        ),
        (
            "{ unlocked = unlocked, failed = { } }",
            [object(["count": .integer(2), "failed": list([]), "unlocked": strings(["arivera", "blindqvist"])])]
        ),
        (
            "{ count = #locked, locked = locked }",
            [object(["count": .integer(12), "locked": list((0..<12).map(user))])]
        ),
        (
            "by_role",
            [object(["site-admin": user(2), "user": user(3)])]
        ),
        (
            "the first of many",
            [.list((0..<3).map(user), count: 3_512)]
        ),
        (
            "all kinds of things",
            [
                .list(
                    [
                        string("a"), .integer(7), string("7"), object(["id": .integer(1), "x": string("a, b")]),
                        .nothing,
                        .null, .secret, .opaque("function users.get"), .cycle, .omitted(count: 12), string(""),
                        string(" x"), string("two\nlines"), .float("1.5"), .bytes("\\xff", bytes: 1), list([]),
                    ], count: 1_234)
            ]
        ),
        (
            "one after the other",
            [
                .nothing, .null, .bool(true), .integer(-7), .float("inf"), string("as it is"), string("two\nlines"),
                .secret,
                .opaque("function users.get"), .bytes("\\xff\\x00a", bytes: 3),
                .string("the beginning", bytes: 10_485_760),
                list([]), .table([], count: 0), .cycle, .omitted(count: 1),
            ]
        ),
        (
            "fields of all kinds",
            [
                .table(
                    [
                        .init(key: .integer(1), value: string("one")), .init(key: string("7"), value: string("7")),
                        .init(key: string("a\u{1b}b"), value: .null), .init(key: .bool(true), value: .float("0.5")),
                        .init(key: string("key"), value: .secret),
                        .init(key: string("run"), value: .opaque("function repl:3")),
                        .init(key: string("source"), value: string("local a = 1\n\nreturn a\n")),
                        .init(key: string("parent"), value: .cycle),
                        .init(key: string("deep"), value: .omitted(count: 3)),
                        .init(key: string("rows"), value: .list([user(0)], count: 20)),
                    ], count: 12)
            ]
        ),
        ("nothing", []),
    ]
}
