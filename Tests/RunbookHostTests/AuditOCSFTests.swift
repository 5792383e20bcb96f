import Operations
import RunbookHost
import Testing

@Suite("The audit log in the words of OCSF")
struct AuditOCSFTests {
    private let mapping = OCSFMapping()

    /// The events of a line.
    private func events(_ kind: AuditEvent.Kind, _ members: [String: JSONValue]) throws -> [JSONValue] {
        let line = AuditLine(
            AuditEvent(kind, unixMilliseconds: 1_700_000_000_123, Self.common.merging(members) { $1 }), after: nil)
        return try #require(mapping.events(of: line))
    }

    private static let common: [String: JSONValue] = [
        "host": "watch", "pid": 4711, "version": "0.1.0", "actor": "ada", "origin": "command", "run": "r1",
        "runbook": "unlock.lua", "sha256": "ab", "mode": "run", "target_system": "prod",
    ]

    /// A call of an operation on user 7.
    private static func call(_ operation: String, _ members: [String: JSONValue] = [:]) -> [String: JSONValue] {
        [
            "operation": .string(operation), "call": 12, "outcome": "done", "status": 200, "target_type": "user",
            "target_id": "7", "target_name": "ada", "arguments": ["id": 7],
        ].merging(members) { $1 }
    }

    @Test("has all that every event must have")
    func requiredAttributes() throws {
        var all: [JSONValue] = []
        for kind in AuditEvent.Kind.allCases { all += try events(kind, Self.call("users.unlock")) }
        #expect(all.count == AuditEvent.Kind.allCases.count + 1)
        for event in all {
            let kind = try #require(event["class_uid"]?.integerValue)
            let activity = try #require(event["activity_id"]?.integerValue)
            #expect(event["type_uid"]?.integerValue == kind * 100 + activity)
            #expect(event["category_uid"]?.integerValue == kind / 1000)
            #expect(event["time"] == 1_700_000_000_123)
            #expect([1, 2, 3].contains(event["severity_id"]?.integerValue))
            #expect([0, 1, 2, 99].contains(event["status_id"]?.integerValue))
            for name in ["class_name", "category_name", "activity_name", "type_name", "severity", "status"] {
                #expect(event[name]?.stringValue?.isEmpty == false, "\(name) of class \(kind)")
            }
            let metadata = try #require(event["metadata"])
            #expect(metadata["version"] == "1.3.0" && metadata["sequence"] == 1)
            #expect(metadata["product"] == ["name": "runbook", "vendor_name": "runbook", "version": "0.1.0"])
            #expect(metadata["correlation_uid"] == "r1")
            #expect(event["actor"]?["user"] == ["name": "ada"])
            switch kind {
            case 6003:
                #expect(event["api"]?["operation"] == "users.unlock")
                #expect(event["src_endpoint"]?["hostname"] == "watch")
            case 6002: #expect(event["app"] == ["name": "unlock.lua", "vendor_name": "runbook", "uid": "ab"])
            case 3001: #expect(event["user"] == ["uid": "7", "name": "ada"])
            default: #expect(kind == 0)
            }
        }
        let identities = Set(all.compactMap { $0["metadata"]?["uid"]?.stringValue })
        #expect(identities.count == all.count)
    }

    @Test(
        "says what a request did",
        arguments: [
            ("users.get", 2, "GET"), ("users.create", 1, "POST"), ("users.update", 3, "PUT"),
            ("users.delete", 4, "DELETE"),
            ("twofa.regenerate", 3, "POST"), ("xpanse.users", 2, "POST"), ("xpanse.set_role", 3, "POST"),
        ])
    func activity(operation: String, id: Int64, method: String) throws {
        let event = try #require(try events(.call, Self.call(operation)).first)
        #expect(event["class_uid"] == 6003)
        #expect(event["activity_id"]?.integerValue == id)
        #expect(event["http_request"]?["http_method"]?.stringValue == method)
        #expect(event["api"]?["request"] == ["uid": "r1/12"])
        #expect(event["api"]?["response"] == ["code": 200])
        #expect(event["resources"] == [["uid": "7", "name": "ada", "type": "user"]])
        #expect(event["dst_endpoint"] == ["name": "prod"])
    }

    @Test("has an activity for every operation of the catalogue")
    func everyOperation() throws {
        for operation in Catalogue.standard.operations {
            let events = try events(.call, Self.call(operation.name))
            #expect([1, 2, 3, 4].contains(events[0]["activity_id"]?.integerValue), "\(operation.name)")
            let isOfUser = operation.effect.isChange && operation.table != "roles"
            #expect(events.count == (isOfUser ? 2 : 1), "\(operation.name)")
        }
        let question = try events(.call, Self.call("confirm"))
        #expect(question.count == 1 && question[0]["activity_id"] == 99 && question[0]["activity_name"] == "confirm")
    }

    @Test(
        "says of an account what was changed",
        arguments: [
            ("users.create", [:], 1, "Create"), ("users.delete", [:], 6, "Delete"), ("users.unlock", [:], 99, "Unlock"),
            ("users.reset_password", [:], 3, "Password Change"), ("twofa.regenerate", [:], 10, "MFA Factor Enable"),
            ("users.update", [:], 99, "Update"), ("users.update", ["after": ["enabled": true]], 2, "Enable"),
            ("users.update", ["after": ["enabled": false]], 5, "Disable"),
            ("users.update", ["arguments": ["id": 7, "user": ["password": "‹secret›"]]], 4, "Password Reset"),
        ] as [(String, [String: JSONValue], Int64, String)])
    func accountChange(operation: String, members: [String: JSONValue], id: Int64, name: String) throws {
        let events = try events(.call, Self.call(operation, members))
        try #require(events.count == 2)
        #expect(events[1]["class_uid"] == 3001)
        #expect(events[1]["activity_id"]?.integerValue == id && events[1]["activity_name"]?.stringValue == name)
        #expect(events[1]["metadata"]?["sequence"] == events[0]["metadata"]?["sequence"])
        #expect(events[1].objectValue?.keys.contains("unmapped") == false)
    }

    @Test(
        "says of a user's rights what was granted and taken",
        arguments: [
            ("users.add_site", ["id": 7, "site_id": 3], 1, ["site_id=3"]),
            ("users.set_sites", ["id": 7, "sites": [3, 4]], 1, ["sites=3", "sites=4"]),
            ("users.remove_asset_group", ["id": 7, "asset_group_id": 9], 2, ["asset_group_id=9"]),
            ("users.remove_all_sites", ["id": 7], 2, ["remove_all_sites"]),
            ("xpanse.set_role", ["emails": ["a@example.com"], "role": "Viewer"], 1, ["role=Viewer"]),
        ] as [(String, JSONValue, Int64, [String])])
    func accessChange(operation: String, arguments: JSONValue, id: Int64, privileges: [String]) throws {
        let events = try events(.call, Self.call(operation, ["arguments": arguments]))
        try #require(events.count == 2)
        #expect(events[1]["class_uid"] == 3005 && events[1]["activity_id"]?.integerValue == id)
        #expect(events[1]["privileges"]?.arrayValue?.compactMap(\.stringValue) == privileges)
        #expect(events[1]["user"] == ["uid": "7", "name": "ada"])
    }

    @Test(
        "says how it ended",
        arguments: [
            ("done", 1, 1), ("failed", 2, 2), ("unknown", 0, 3), ("planned", 99, 1), ("not_sent", 99, 1),
        ])
    func status(outcome: String, status: Int64, severity: Int64) throws {
        let members: [String: JSONValue] = ["outcome": .string(outcome), "error": "conflict"]
        let events = try events(.call, Self.call("users.unlock", members))
        // Of what was not sent no account has changed.
        #expect(events.count == (["planned", "not_sent"].contains(outcome) ? 1 : 2))
        for event in events {
            #expect(event["status_id"]?.integerValue == status && event["severity_id"]?.integerValue == severity)
            #expect(event["status_detail"] == "conflict" && event["status_code"] == "200")
        }
    }

    @Test("tells the beginning and the end of a run")
    func lifecycle() throws {
        let began = try events(.runBegan, [:])[0]
        #expect(began["class_uid"] == 6002 && began["activity_name"] == "Start" && began["status_id"] == 0)
        #expect(try events(.runResumed, [:])[0]["activity_name"] == "Restart")
        let refused = try events(.runRefused, ["outcome": "stopped"])[0]
        #expect(refused["activity_name"] == "Restart" && refused["status_id"] == 2)
        let error: JSONValue = ["kind": "limit", "message": "too many calls"]
        let ended = try events(.runEnded, ["outcome": "stopped", "error": error, "duration_ms": 812])[0]
        #expect(ended["activity_name"] == "Stop" && ended["status_id"] == 2 && ended["duration"] == 812)
        #expect(ended["status_detail"] == "too many calls")
    }

    @Test(
        "finds the user in the arguments where the line does not name one",
        arguments: [
            ("users.unlock", ["id": 7], ["uid": "7"]), ("users.create", ["user": ["login": "eve"]], ["name": "eve"]),
            ("users.update", ["id": 7, "user": ["login": "ada"]], ["uid": "7", "name": "ada"]),
            (
                "xpanse.remove_role", ["emails": ["a@example.com", "b@example.com"]],
                ["name": "a@example.com, b@example.com"]
            ),
        ] as [(String, JSONValue, JSONValue)])
    func userOfTheArguments(operation: String, arguments: JSONValue, user: JSONValue) throws {
        let members: [String: JSONValue] = [
            "operation": .string(operation), "outcome": "done", "arguments": arguments,
        ]
        let events = try events(.call, members)
        #expect(events.last?["user"] == user && events.count == 2)
        #expect(events[0]["resources"]?.arrayValue?.first?["type"] == "user")
    }

    @Test("loses nothing that the line says")
    func unmapped() throws {
        let members = Self.call(
            "users.unlock", ["digest": "00ff", "capability": "users:unlock", "before": ["locked": true], "line": 4])
        let unmapped = try #require(try events(.call, members)[0]["unmapped"])
        #expect(unmapped["digest"] == "00ff" && unmapped["capability"] == "users:unlock" && unmapped["line"] == 4)
        #expect(unmapped["before"] == ["locked": true] && unmapped["arguments"] == ["id": 7])
        #expect(unmapped["previous"]?.stringValue == AuditLine.start)
    }

    @Test("knows operations of an embedding program, and refuses what is no line")
    func others() throws {
        let own = Operation(
            "door.open", apiName: "open", endpoint: nil, result: .nothing, effect: .unsafe, capability: "door:open",
            summary: "Open the door")
        let mapping = OCSFMapping(catalogue: Catalogue.standard.adding([own]))
        let line = AuditLine(
            AuditEvent(.call, unixMilliseconds: 1, ["operation": "door.open", "outcome": "done"]), after: nil)
        let events = try #require(mapping.events(of: line))
        #expect(events.count == 1 && events[0]["activity_id"] == 99)
        #expect(events[0]["actor"] == ["app_name": "runbook"])
        #expect(mapping.events(of: AuditLine(sequence: 1, hash: "", text: Array("{}".utf8))) == nil)
        #expect(mapping.events(of: AuditLine(sequence: 1, hash: "", text: [])) == nil)
    }
}
