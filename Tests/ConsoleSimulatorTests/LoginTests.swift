import Operations
import Testing

@testable import ConsoleModel
@testable import ConsoleSimulator

@Suite struct LoginTests {
    private func answer(_ harness: inout Harness, authorization: String?) throws -> Harness.Answer {
        var request = SimulatedRequest(method: "GET", target: "/api/3/users/1")
        request.authorization = authorization
        return try harness.answer(request)
    }

    @Test(arguments: [
        nil, "", "Basic", "Basic ", "Basic !!!", "Bearer abc", "Basic " + base64("admin"), "Basic " + base64("admin:"),
        "Basic " + base64("admin:wrong"), "Basic " + base64("nobody:wrong"), "Basic " + base64(":"),
    ])
    func wrongCredentialsAreRefusedWithANumericStatus(_ header: String?) throws {
        var harness = Harness()
        let refused = try answer(&harness, authorization: header)
        #expect(refused.status == 401)
        #expect(refused.body["status"] == 401)
        #expect(refused.message?.isEmpty == false)
        #expect(refused.body["links"]?.arrayValue != nil)
        #expect(refused.reply.challenge?.hasPrefix("Basic") == true)
    }

    @Test func schemeIsReadInAnyCase() throws {
        var harness = Harness()
        let administrator = harness.simulation.administrator
        let credentials = base64("\(administrator.login):\(administrator.password)")
        #expect(try answer(&harness, authorization: "basic \(credentials)").status == 200)
    }

    @Test(arguments: ["/", "/api/3", "/api/3/", "/api/3/users/", "/api/4/users", "/api/3/nothing", "/api/3/users/1/x"])
    func credentialsAreAskedForEverywhere(_ path: String) throws {
        var harness = Harness()
        #expect(try harness.answer(SimulatedRequest(method: "GET", target: path)).status == 401)
        let expected = path == "/api/3/users/" ? 200 : 404
        let answer = try harness.send("GET", path)
        #expect(answer.status == expected)
        #expect(expected == 200 || answer.body["status"] == 404)
    }

    @Test func userWithoutPermissionsSeesOnlyThemselves() throws {
        var harness = Harness()
        let id = try harness.create("plain.user")
        let me = ("plain.user", "first-Password-1")
        for path in ["", "/sites", "/asset_groups", "/2FA", "/privileges"] {
            #expect(try harness.send("GET", "/api/3/users/\(id)\(path)", as: me).status == 200)
            #expect(try harness.send("GET", "/api/3/users/5\(path)", as: me).status == 401)
        }
        for path in ["roles", "roles/user", "privileges", "privileges/manage-tags", "authentication_sources"] {
            #expect(try harness.send("GET", "/api/3/\(path)", as: me).status == 200)
        }
        for path in ["users", "roles/user/users", "privileges/manage-tags/users", "authentication_sources/1/users"] {
            #expect(try harness.send("GET", "/api/3/\(path)", as: me).status == 401)
        }
        #expect(try harness.send("GET", "/_simulator/ledger", as: me).status == 401)
        let before = harness.operations.count
        #expect(try harness.send("POST", "/api/3/users", Harness.newUser("x"), as: me).status == 401)
        #expect(try harness.send("PUT", "/api/3/users/\(id)", Harness.newUser("plain.user"), as: me).status == 401)
        #expect(try harness.send("PUT", "/api/3/users/\(id)/sites/1", as: me).status == 401)
        #expect(try harness.send("POST", "/api/3/users/\(id)/2FA", as: me).status == 401)
        #expect(try harness.send("DELETE", "/api/3/users/\(id)/lock", as: me).status == 401)
        #expect(try harness.send("DELETE", "/api/3/users/5", as: me).status == 401)
        #expect(try harness.send("DELETE", "/api/3/roles/tier-1-support", as: me).status == 401)
        #expect(harness.operations.count == before)
    }

    @Test(arguments: [JSONValue.string("second"), ["password": "second"]])
    func ownPasswordIsChangedAndTheOldOneLapses(_ body: JSONValue) throws {
        var harness = Harness()
        let id = try harness.create("plain.user")
        let path = "/api/3/users/\(id)"
        #expect(try harness.send("GET", path, as: ("plain.user", "first-Password-1")).status == 200)
        #expect(try harness.send("PUT", "\(path)/password", body, as: ("plain.user", "first-Password-1")).status == 200)
        #expect(try harness.send("GET", path, as: ("plain.user", "first-Password-1")).status == 401)
        #expect(try harness.send("GET", path, as: ("plain.user", "second")).status == 200)
        #expect(harness.operations.last == "users.reset_password")
    }

    @Test func passwordOfAnotherIsNotEvenTheAdministratorsToReset() throws {
        var harness = Harness()
        let id = try harness.create("plain.user")
        #expect(try harness.send("PUT", "/api/3/users/\(id)/password", "second").status == 401)
        let me = ("plain.user", "first-Password-1")
        #expect(try harness.send("PUT", "/api/3/users/1/password", "second", as: me).status == 401)
        #expect(try harness.send("PUT", "/api/3/users/999/password", "second").status == 404)
        for body: JSONValue in ["", 7, ["secret": "x"], []] {
            #expect(try harness.send("PUT", "/api/3/users/1/password", body).status == 400)
        }
    }

    @Test func administratorChangesThePasswordOfAnotherByUpdating() throws {
        var harness = Harness()
        let id = try harness.create("plain.user")
        let me = ("plain.user", "first-Password-1")
        #expect(try harness.send("GET", "/api/3/users/\(id)", as: me).status == 200)
        let edit = Harness.newUser("plain.user", adding: ["password": "third"])
        #expect(try harness.send("PUT", "/api/3/users/\(id)", edit).status == 200)
        #expect(try harness.send("GET", "/api/3/users/\(id)", as: me).status == 401)
        #expect(try harness.send("GET", "/api/3/users/\(id)", as: ("plain.user", "third")).status == 200)
    }

    @Test func disabledAndLockedUsersCannotLogIn() throws {
        var harness = Harness()
        let id = try harness.create("off.user")
        let me = ("off.user", "first-Password-1")
        #expect(try harness.send("GET", "/api/3/users/\(id)", as: me).status == 200)
        let off = Harness.newUser("off.user", adding: ["enabled": false])
        #expect(try harness.send("PUT", "/api/3/users/\(id)", off).status == 200)
        #expect(try harness.send("GET", "/api/3/users/\(id)", as: me).status == 401)

        let locked = try harness.firstUser { $0.isLocked && $0.isEnabled && $0.seed == nil && $0.source < 5 }
        let credentials = (locked.login, ConsoleSimulator.password(login: locked.login))
        #expect(try harness.send("GET", "/api/3/users/\(locked.id)", as: credentials).status == 401)
        #expect(try harness.send("DELETE", "/api/3/users/\(locked.id)/lock").status == 200)
        #expect(try harness.send("GET", "/api/3/users/\(locked.id)", as: credentials).status == 200)
    }

    @Test func singleSignOnHasNoPassword() throws {
        var harness = Harness(wishes: .init(users: 200))
        let user = try harness.firstUser { $0.source == 5 && $0.isEnabled && !$0.isLocked }
        let credentials = (user.login, ConsoleSimulator.password(login: user.login))
        #expect(try harness.send("GET", "/api/3/users/\(user.id)", as: credentials).status == 401)
    }

    @Test(arguments: [
        ("GET", "/api/3/users/x", 400), ("GET", "/api/3/users/99999999999", 400), ("GET", "/api/3/users/-1", 404),
    ])
    func idThatIsNoneIsRefused(_ method: String, _ path: String, _ status: Int) throws {
        var harness = Harness()
        #expect(try harness.send(method, path).status == status)
    }

    @Test(arguments: [
        ("POST", "/api/3/users/5", "GET, PUT, DELETE"), ("GET", "/api/3/users/5/lock", "DELETE"),
        ("PATCH", "/api/3/users", "GET, POST"), ("POST", "/api/3/roles", "GET"),
        ("DELETE", "/api/3/users/5/2FA", "GET, POST, PUT"),
        ("GET", "/api/3/users/5/sites/1", "PUT, DELETE"), ("POST", "/_simulator/ledger", "GET"),
    ])
    func otherMethodsAreNotAllowed(_ method: String, _ path: String, _ allowed: String) throws {
        var harness = Harness()
        let answer = try harness.send(method, path)
        #expect(answer.status == 405)
        #expect(answer.reply.allow == allowed)
        #expect(answer.body["status"] == 405)
    }
}
