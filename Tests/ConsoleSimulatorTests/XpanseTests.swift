import Operations
import Testing

@testable import ConsoleModel
@testable import ConsoleSimulator

@Suite struct XpanseTests {
    private static func change(_ emails: [JSONValue], _ role: JSONValue) -> JSONValue {
        ["request_data": ["user_emails": .array(emails), "role_name": role]]
    }

    private func role(of email: String, _ harness: inout Harness) throws -> JSONValue? {
        let users = try harness.xpanse("get_users", ["request_data": [:]]).body["reply"]?.arrayValue
        return users?.first { $0["user_email"] == .string(email) }?["role_name"]
    }

    @Test func countIsThatOfTheUsersThatChanged() throws {
        var harness = Harness()
        let emails = harness.simulation.xpanse.users.filter { $0.role != "Viewer" }.dropFirst().prefix(3).map(\.email)
        let body = Self.change(emails.map { .string($0) }, "Viewer")
        #expect(try harness.xpanse("set_user_role/", body).body == ["reply": ["update_count": 3]])
        #expect(try harness.xpanse("set_user_role", body).body == ["reply": ["update_count": 0]])
        #expect(try role(of: emails[0], &harness) == "Viewer")
        let doubled = Self.change([.string(emails[0]), .string(emails[0].uppercased())], "Responder")
        #expect(try harness.xpanse("set_user_role", doubled).body["reply"]?["update_count"] == 1)
        #expect(harness.operations == ["xpanse.set_role", "xpanse.set_role", "xpanse.set_role"])
    }

    @Test func emptyRoleTakesTheRoleAway() throws {
        var harness = Harness()
        let email = try #require(harness.simulation.xpanse.users.dropFirst().first { $0.role != nil }?.email)
        let body = Self.change([.string(email)], "")
        #expect(try harness.xpanse("set_user_role", body).body["reply"]?["update_count"] == 1)
        #expect(try role(of: email, &harness) == .null)
        #expect(harness.operations == ["xpanse.remove_role"])
    }

    @Test func olderPagesWriteTheCountAsText() throws {
        var harness = Harness(settings: .init(writesCountsAsText: true))
        let email = try #require(harness.simulation.xpanse.users.last?.email)
        let answer = try harness.xpanse("set_user_role", Self.change([.string(email)], "Investigator"))
        #expect(answer.body["reply"]?["update_count"]?.stringValue != nil)
    }

    @Test func unknownNamesFailTheWholeCall() throws {
        var harness = Harness()
        let email = try #require(harness.simulation.xpanse.users.last?.email)
        let before = harness.simulation.xpanse.users
        let role = try harness.xpanse("set_user_role", Self.change([.string(email)], "Nobody"))
        #expect(role.status == 500)
        #expect(role.body["reply"]?["err_code"] == 500)
        #expect(role.body["reply"]?["err_extra"] == "Role 'Nobody' was not found")
        let user = try harness.xpanse("set_user_role", Self.change([.string(email), "who@example.com"], "Viewer"))
        #expect(user.status == 500)
        #expect(user.body["reply"]?["err_extra"] == "User 'who@example.com' was not found")
        #expect(harness.simulation.xpanse.users == before)
    }

    @Test func accountAdministratorCannotBeGiven() throws {
        var harness = Harness()
        let email = try #require(harness.simulation.xpanse.users.last?.email)
        let answer = try harness.xpanse("set_user_role", Self.change([.string(email)], "Account Admin"))
        #expect(answer.status == 403)
        #expect(answer.body["reply"]?["err_code"] == 403)
    }

    @Test(arguments: [
        JSONValue.object([:]), [], ["request_data": []], ["request_data": [:]],
        ["request_data": ["user_emails": ["a@b"]]], ["request_data": ["role_name": "Viewer"]],
        ["request_data": ["user_emails": "a@b", "role_name": "Viewer"]],
        ["request_data": ["user_emails": [1], "role_name": "Viewer"]],
        ["request_data": ["user_emails": [], "role_name": "Viewer"]],
        ["request_data": ["user_emails": ["a@b"], "role_name": 7]],
        ["request_data": ["user_emails": ["a@b"], "role_name": nil]],
    ])
    func wrongShapeIsUnprocessable(_ body: JSONValue) throws {
        var harness = Harness()
        let answer = try harness.xpanse("set_user_role", body)
        #expect(answer.status == 422)
        #expect(answer.body.objectValue?.keys.sorted() == ["code", "errors", "message", "status"])
        #expect(answer.body["code"] == 422)
        #expect(answer.body["errors"]?["json"]?["request_data"] != nil)
    }

    @Test func textThatIsNotJSONIsABadRequest() throws {
        var harness = Harness()
        let answer = try harness.xpanse("set_user_role", nil)
        #expect(answer.status == 400)
        #expect(answer.body["reply"]?["err_code"] == 400)
    }

    @Test func readsAnswerRolesAndGroupsByName() throws {
        var harness = Harness()
        let names: JSONValue = ["request_data": ["role_names": ["Viewer", "Responder"]]]
        let roles = try #require(try harness.xpanse("get_roles/", names).body["reply"]?.arrayValue)
        #expect(roles.map { $0.arrayValue?.first?["pretty_name"] } == ["Viewer", "Responder"])
        let viewers = harness.simulation.xpanse.users.filter { $0.role == "Viewer" }.map { JSONValue.string($0.email) }
        #expect(roles[0].arrayValue?.first?["users"] == .array(viewers))
        let groups = try harness.xpanse("get_user_group", ["request_data": ["group_names": ["Night Shift"]]])
        #expect(groups.body["reply"]?.arrayValue?.first?["group_name"] == "Night Shift")
        #expect(try harness.xpanse("get_roles", ["request_data": ["role_names": ["Viewer", "X"]]]).status == 500)
        #expect(try harness.xpanse("get_roles", ["request_data": [:]]).status == 422)
        #expect(try harness.xpanse("get_user_group", ["request_data": ["group_names": ["X"]]]).status == 500)
        #expect(try harness.xpanse("get_nothing", ["request_data": [:]]).status == 404)
        #expect(harness.operations.isEmpty)
    }

    // MARK: Keys

    private static let users = "/public_api/v1/rbac/get_users"

    private func signed(
        _ harness: Harness, kind: XpanseKeys.Kind = .advanced, offset: Int64 = 0, nonce: String? = nil,
        key: String? = nil
    ) -> SimulatedRequest {
        var request = SimulatedRequest(method: "POST", target: Self.users)
        let nonce = nonce ?? String(repeating: "aB3", count: 21) + "x"
        let timestamp = String(harness.moment.milliseconds + offset)
        request.body = JSONValue.object(["request_data": [:]]).bytes()
        request.nonce = nonce
        request.timestamp = timestamp
        request.xpanseKeyID = harness.simulation.xpanseKeys[kind].id
        request.authorization = XpanseKeys.signature(
            key: key ?? harness.simulation.xpanseKeys[kind].key, nonce: nonce, timestamp: timestamp)
        return request
    }

    @Test func signatureIsTheDocumentedHash() {
        // printf 'key%064d1700000000000' 0 | sha256sum
        let signature = XpanseKeys.signature(
            key: "key", nonce: String(repeating: "0", count: 64), timestamp: "1700000000000")
        #expect(signature == "f7c88d64035bbf5bf31bd6acbcd6c504f0b7fce5e0fc15a99c503021f51f131a")
    }

    @Test func signedRequestIsAnsweredAndItsNonceMayComeAgain() throws {
        var harness = Harness()
        for _ in 1...2 { #expect(try harness.answer(signed(harness)).status == 200) }
        for offset: Int64 in [-899_000, 899_000] {
            #expect(try harness.answer(signed(harness, offset: offset)).status == 200)
        }
    }

    @Test func wrongSignatureIsRefusedWithABody() throws {
        var harness = Harness()
        var lacking = signed(harness)
        lacking.nonce = nil
        let requests = [
            signed(harness, offset: -901_000), signed(harness, offset: 901_000), signed(harness, nonce: "short"),
            signed(harness, nonce: String(repeating: "-", count: 64)), signed(harness, key: "wrong"), lacking,
        ]
        for request in requests {
            let answer = try harness.answer(request)
            #expect(answer.status == 401)
            #expect(
                answer.body == [
                    "reply": ["err_code": 401, "err_msg": "Public API request unauthorized", "err_extra": nil]
                ])
            #expect(answer.reply.challenge == nil)
        }
    }

    @Test func wrongStandardKeyIsRefusedWithoutABody() throws {
        var harness = Harness()
        var request = SimulatedRequest(method: "POST", target: Self.users)
        #expect(try harness.answer(request).reply == SimulatedReply(status: 401))
        request.xpanseKeyID = harness.simulation.xpanseKeys[.standard].id
        request.authorization = "wrong"
        #expect(try harness.answer(request).reply == SimulatedReply(status: 401))
        request.xpanseKeyID = "77"
        request.authorization = harness.simulation.xpanseKeys[.standard].key
        #expect(try harness.answer(request).reply == SimulatedReply(status: 401))
    }

    @Test func keysWithoutLicenceOrPermissionAreTold() throws {
        var harness = Harness()
        let unlicensed = try harness.xpanse("get_users", ["request_data": [:]], key: .unlicensed)
        #expect(unlicensed.status == 402)
        #expect(unlicensed.body["reply"]?["err_code"] == 402)
        let unprivileged = try harness.xpanse("get_users", ["request_data": [:]], key: .unprivileged)
        #expect(unprivileged.status == 403)
        #expect(unprivileged.body["reply"]?["err_code"] == 403)
    }
}
