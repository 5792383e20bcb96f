import Operations
import Testing

@Suite("Binding arguments")
struct ArgumentBindingTests {
    let catalogue = Catalogue.standard
    static let leastUser: JSONValue = [
        "login": "mm", "name": "Mary Major", "password": "Tr0ub4dor", "role": ["id": "user"],
    ]

    @Test("names positional arguments in order")
    func positional() throws {
        #expect(try catalogue.bind("users.add_site", 7, 3) == ["id": 7, "site_id": 3])
        #expect(try catalogue.bind("roles.list") == [:])
    }

    @Test("trailing nils count as absent, nils between do not shift")
    func nils() throws {
        #expect(try catalogue.bind("users.get", 7, nil, nil) == ["id": 7])
        #expect(try catalogue.refusal("users.get", nil).message.hasPrefix("id is missing"))
        #expect(try catalogue.refusal("users.add_site", nil, 3).message.hasPrefix("id is missing"))
        #expect(try catalogue.bind("users.page", nil) == [:])
    }

    @Test("too many arguments are refused, with how many there may be")
    func tooMany() throws {
        #expect(try catalogue.refusal("users.get", 7, 8).message.hasPrefix("users.get takes 1 argument at most, got 2"))
        #expect(try catalogue.refusal("roles.list", 1).message.hasPrefix("roles.list takes no arguments, got 1"))
        #expect(
            try catalogue.refusal("users.page", [:], [:]).message.contains("takes one table of arguments, got 2 values")
        )
    }

    @Test("a refusal says what, that nothing was sent, and how to write it")
    func refusal() throws {
        let error = try catalogue.refusal("users.get", "seven")
        #expect(
            error
                == APIError(
                    .invalidArgument, operation: "users.get",
                    message: "id must be an integer, got a string. Nothing was sent. Write it as users.get(id)."))
        #expect(error.delivery == .notSent)
        #expect(
            try catalogue.refusal("users.get").message
                == "id is missing: The identifier of the user, a whole number such as 7. Nothing was sent. "
                + "Write it as users.get(id).")
    }

    @Test(
        "integers are whole and in range",
        arguments: [
            ("7", "must be an integer, got a string"), (7.5, "must be an integer, got a number"),
            (true, "must be an integer, got a boolean"), ([7], "must be an integer, got an array"),
            (["id": 7], "must be an integer, got an object"),
            (.secret(SecretValue("7")), "must be an integer, got a secret"),
            (-1, "must be from 0 to 2147483647, got -1"),
            (2_147_483_648, "must be from 0 to 2147483647, got 2147483648"),
            (1e300, "must be an integer, got a number"),
        ] as [(JSONValue, String)])
    func integers(value: JSONValue, problem: String) throws {
        #expect(try catalogue.refusal("users.get", value).message.hasPrefix("id \(problem)."))
    }

    @Test("an integral number is an integer, and zero and the largest are identifiers")
    func integralNumbers() throws {
        #expect(try catalogue.bind("users.get", 7.0) == ["id": .integer(7)])
        #expect(try catalogue.bind("users.get", 0) == ["id": 0])
        #expect(try catalogue.bind("users.get", 2_147_483_647) == ["id": 2_147_483_647])
    }

    @Test(
        "string ids are strings that say something",
        arguments: [
            ("", "must not be empty"), (" \n", "must not be empty"), ("\u{2003}", "must not be empty"),
            (7, "must be a string, got an integer"), (.secret(SecretValue("x")), "must be a string, got a secret"),
        ] as [(JSONValue, String)])
    func strings(value: JSONValue, problem: String) throws {
        #expect(try catalogue.refusal("roles.get", value).message.hasPrefix("id \(problem)."))
    }

    @Test("a name may start with white space or be of any script", arguments: [" x", "é", "日本", "\u{1}"])
    func unusualNames(name: String) throws {
        #expect(try catalogue.bind("roles.get", .string(name)) == ["id": .string(name)])
    }

    @Test("named arguments come in one table")
    func named() throws {
        #expect(try catalogue.bind("users.page", ["page": 2, "size": 500]) == ["page": 2, "size": 500])
        #expect(try catalogue.bind("users.page") == [:])
        #expect(try catalogue.bind("users.page", [:]) == [:])
        #expect(try catalogue.bind("users.page", .array([])) == [:], "an empty Lua table is written as an array")
        #expect(try catalogue.bind("users.page", ["page": nil]) == [:])
        #expect(try catalogue.refusal("users.page", 2).message.contains("takes one table of arguments, got an integer"))
        #expect(try catalogue.refusal("users.page", [2]).message.contains("takes one table of arguments, got an array"))
    }

    @Test("a page has 1 to 500 users")
    func pageSize() throws {
        for size: JSONValue in [0, 501, -1] {
            #expect(try catalogue.refusal("users.page", ["size": size]).message.hasPrefix("size must be from 1 to 500"))
        }
        #expect(try catalogue.bind("users.page", ["size": 1]) == ["size": 1])
        #expect(try catalogue.refusal("users.page", ["page": -1]).message.hasPrefix("page must be from 0"))
    }

    @Test("a sort order is a text or a list of texts")
    func sort() throws {
        #expect(try catalogue.bind("users.page", ["sort": "login,DESC"]) == ["sort": "login,DESC"])
        #expect(try catalogue.bind("users.page", ["sort": ["login", "id,DESC"]]) == ["sort": ["login", "id,DESC"]])
        #expect(
            try catalogue.refusal("users.page", ["sort": 3]).message
                .hasPrefix("sort must be a string or an array of strings, got an integer"))
        #expect(
            try catalogue.refusal("users.page", ["sort": ["login", 3]]).message
                .hasPrefix("sort[2] must be a string, got an integer"))
    }

    @Test("an unknown argument is refused, with the one that was meant")
    func unknownArgument() throws {
        #expect(
            try catalogue.refusal("users.page", ["siez": 10]).message
                .hasPrefix("users.page has no argument 'siez'; did you mean 'size'? Nothing was sent."))
        #expect(
            try catalogue.refusal("users.page", ["filter": 10]).message
                .hasPrefix("users.page has no argument 'filter'; it has: page, size, sort."))
    }

    @Test("a positional call's arguments can be given by name too")
    func bindNamed() throws {
        let operation = try #require(catalogue["users.add_site"])
        #expect(try operation.bind(named: ["id": 7, "site_id": 3]) == ["id": 7, "site_id": 3])
        #expect(throws: APIError.self) { try operation.bind(named: ["id": 7, "siteId": 3]) }
    }

    @Test("fields of a user are checked with their place")
    func userFields() throws {
        func refusal(_ change: [String: JSONValue]) throws -> String {
            let user = try #require(Self.leastUser.objectValue).merging(change) { $1 }
            return try catalogue.refusal("users.create", .object(user)).message
        }
        #expect(try refusal(["login": nil]).hasPrefix("user.login is missing: The login name."))
        #expect(try refusal(["login": 7]).hasPrefix("user.login must be a string, got an integer."))
        #expect(try refusal(["enabled": "no"]).hasPrefix("user.enabled must be a boolean, got a string."))
        #expect(try refusal(["role": "user"]).hasPrefix("user.role must be a table, got a string."))
        #expect(try refusal(["role": [:]]).hasPrefix("user.role.id is missing"))
        #expect(try refusal(["role": .array([])]).hasPrefix("user.role.id is missing"))
        #expect(try refusal(["role": ["user"]]).hasPrefix("user.role must be a table, got an array."))
        #expect(
            try refusal(["role": ["id": "user", "allsites": 1]]).contains(
                "user.role has no field 'allsites'; did you mean 'allSites'?"))
        #expect(try refusal(["eamil": "x"]).contains("user has no field 'eamil'; did you mean 'email'?"))
        #expect(try refusal(["authentication": ["id": 1]]).hasPrefix("user.authentication.type is missing"))
    }

    @Test("a misspelt field is named before the one that is missing for it")
    func misspeltRequiredField() throws {
        let user: JSONValue = ["logn": "mm", "name": "Mary Major", "password": "x", "role": ["id": "user"]]
        #expect(try catalogue.refusal("users.create", user).message.contains("did you mean 'login'?"))
    }

    @Test("the fields that an error lists are those that can be written")
    func listedFields() throws {
        let user = try #require(Self.leastUser.objectValue).merging(["colour": "red"]) { $1 }
        let message = try catalogue.refusal("users.create", .object(user)).message
        #expect(
            message.contains(
                "it has: login, name, password, email, enabled, locale, passwordResetOnLogin, authentication, role."))
    }

    @Test("a very long name is neither compared nor quoted in full")
    func longName() throws {
        let message = try catalogue.refusal("users.page", [String(repeating: "x", count: 1_000_000): 1]).message
        #expect(message.count < 300)
    }

    @Test("a user as it was read can be written back; what only the console can say is not sent")
    func readUserCanBeWritten() throws {
        let read: JSONValue = [
            "id": 7, "login": "mm", "name": "Mary Major", "email": "mm@x.org", "enabled": true, "locked": false,
            "links": [["rel": "self", "href": "https://c:3780/api/3/users/7"]],
            "authentication": ["id": 1, "type": "normal", "name": "Builtin", "external": false, "links": []],
            "locale": ["default": "en-US", "reports": "en-US", "links": []],
            "role": [
                "id": "user", "name": "User", "privileges": ["create-reports"], "allSites": true,
                "allAssetGroups": false, "superuser": false,
            ],
        ]
        #expect(
            try catalogue.bind("users.update", 7, read)["user"] == [
                "login": "mm", "name": "Mary Major", "email": "mm@x.org", "enabled": true,
                "authentication": ["id": 1, "type": "normal"], "locale": ["default": "en-US", "reports": "en-US"],
                "role": ["id": "user", "allSites": true, "allAssetGroups": false, "superuser": false],
            ])
    }

    @Test("a new user needs a password, a changed one does not")
    func passwordRequired() throws {
        let user: JSONValue = ["login": "mm", "name": "Mary Major", "role": ["id": "user"]]
        #expect(try catalogue.refusal("users.create", user).message.hasPrefix("user.password is missing"))
        #expect(try catalogue.bind("users.update", 7, user)["user"] == user)
    }

    @Test("a role's name and description are texts or references to texts")
    func roleTexts() throws {
        let reference: JSONValue = ["key": "role.name", "defaultValue": "Auditor", "arguments": [1, "x"]]
        let role: JSONValue = ["id": "auditor", "name": reference, "description": "Reads", "privileges": []]
        #expect(try catalogue.bind("roles.update", "auditor", role)["role"] == role)

        let bad: JSONValue = ["id": "auditor", "name": ["ky": "role.name"], "description": "Reads"]
        #expect(
            try catalogue.refusal("roles.update", "auditor", bad).message.contains(
                "role.name has no field 'ky'; did you mean 'key'?"))
        let worse: JSONValue = ["id": "auditor", "name": true, "description": "Reads"]
        #expect(
            try catalogue.refusal("roles.update", "auditor", worse).message.hasPrefix(
                "role.name must be a string or a table, got a boolean."))
    }

    @Test("lists of ids are lists of ids")
    func idLists() throws {
        #expect(try catalogue.bind("users.set_sites", 7, [1, 2.0])["site_ids"] == [1, 2])
        #expect(try catalogue.bind("users.set_sites", 7, [])["site_ids"] == [])
        #expect(try catalogue.bind("users.set_sites", 7, [:])["site_ids"] == [], "an empty table is a list too")
        #expect(
            try catalogue.refusal("users.set_sites", 7, [1, nil, 3]).message.hasPrefix(
                "site_ids[2] must be an integer, got null."))
        #expect(
            try catalogue.refusal("users.set_sites", 7, 1).message.hasPrefix(
                "site_ids must be an array of integers, got an integer."))
        #expect(
            try catalogue.refusal("users.set_sites", 7, ["a": 1]).message.hasPrefix(
                "site_ids must be an array of integers, got an object."))
    }

    @Test("an own operation may take longer strings, longer lists and any value")
    func ownTypes() throws {
        let operation = Operation(
            "own.op", apiName: "op", endpoint: nil,
            parameters: [
                Parameter("code", .string(minimumLength: 3), in: .body, documentation: "The code."),
                Parameter(
                    "pair", .array(of: .any, minimumCount: 2), in: .body, isRequired: false, documentation: "Two."),
            ],
            result: .value, effect: .read, capability: "own:read", summary: "Do it")
        #expect(try operation.bind(["abc", [1, "x"]]) == ["code": "abc", "pair": [1, "x"]])
        let short = try #require(throws: APIError.self) { try operation.bind([" ab "]) }
        #expect(short.message.hasPrefix("code must have at least 3 characters, got 2."))
        let few = try #require(throws: APIError.self) { try operation.bind(["abc", [1]]) }
        #expect(few.message.hasPrefix("pair must have at least 2 elements, got 1."))
        let null = try #require(throws: APIError.self) { try operation.bind(["abc", [1, nil]]) }
        #expect(null.message.hasPrefix("pair[2] must be a value, got null."))
    }
}
