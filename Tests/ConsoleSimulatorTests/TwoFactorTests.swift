import Operations
import Testing

@testable import ConsoleModel
@testable import ConsoleSimulator

@Suite struct TwoFactorTests {
    /// The vectors of RFC 6238, appendix B, cut to six digits.
    @Test(arguments: [
        (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
        (2_000_000_000, "279037"), (20_000_000_000, "353130"),
    ])
    func codesAreThoseOfTheStandard(_ seconds: Int64, _ code: String) {
        let moment = Timestamp(milliseconds: seconds * 1000)
        #expect(OneTimePassword.code(seed: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", at: moment) == code)
    }

    @Test func keyIsAbsentSetAndRegenerated() throws {
        var harness = Harness()
        let id = try harness.create("factor.user")
        let path = "/api/3/users/\(id)/2FA"
        #expect(try harness.send("GET", path).body["key"] == nil)
        #expect(try harness.send("PUT", path, "JBSWY3DPEHPK3PXP").status == 200)
        #expect(try harness.send("GET", path).body["key"] == "JBSWY3DPEHPK3PXP")
        let made = try harness.send("POST", path)
        let key = try #require(made.body["key"]?.stringValue)
        #expect(Base32.decode(key)?.count == 20)
        #expect(try harness.send("GET", path).body["key"] == .string(key))
        #expect(try harness.send("POST", path).body["key"] != .string(key))
        #expect(harness.operations.suffix(3) == ["twofa.set", "twofa.regenerate", "twofa.regenerate"])
        #expect(try harness.send("POST", "/api/3/users/999/2FA").status == 404)
    }

    @Test(arguments: [JSONValue.string(""), "not base32!", "0189", 7, ["token": "JBSWY3DPEHPK3PXP"]])
    func keyThatIsNotBase32IsRefused(_ body: JSONValue) throws {
        var harness = Harness()
        #expect(try harness.send("PUT", "/api/3/users/5/2FA", body).status == 400)
    }

    @Test func loginNeedsTheCodeOfTheMoment() throws {
        var harness = Harness()
        let id = try harness.create("factor.user")
        let me = ("factor.user", "first-Password-1")
        let path = "/api/3/users/\(id)"
        #expect(try harness.send("GET", path, as: me).status == 200)
        let key = try #require(try harness.send("POST", "\(path)/2FA").body["key"]?.stringValue)
        #expect(try harness.send("GET", path, as: me).status == 401)
        let code = try #require(OneTimePassword.code(seed: key, at: harness.moment))
        #expect(try harness.send("GET", path, as: me, token: code).status == 200)
        #expect(try harness.send("GET", path, as: me, token: "x\(code)").status == 401)
        #expect(try harness.send("GET", path, as: ("factor.user", "wrong"), token: code).status == 401)
        harness.moment = Timestamp(milliseconds: harness.moment.milliseconds + 30_000)
        #expect(try harness.send("GET", path, as: me, token: code).status == 200, "clocks differ")
        harness.moment = Timestamp(milliseconds: harness.moment.milliseconds + 60_000)
        #expect(try harness.send("GET", path, as: me, token: code).status == 401)
    }

    @Test func tokenOfTheConfigurationIsAcceptedToo() throws {
        var harness = Harness(settings: .init(acceptedToken: "000111"))
        let id = try harness.create("factor.user")
        _ = try harness.send("POST", "/api/3/users/\(id)/2FA")
        let me = ("factor.user", "first-Password-1")
        #expect(try harness.send("GET", "/api/3/users/\(id)", as: me, token: "000111").status == 200)
        #expect(try harness.send("GET", "/api/3/users/\(id)", as: me, token: "000112").status == 401)
    }

    @Test func directoryUsersHaveNoSecondFactor() throws {
        var harness = Harness()
        let id = try harness.create("directory.user", adding: ["authentication": ["type": "ldap"]])
        _ = try harness.send("POST", "/api/3/users/\(id)/2FA")
        let me = ("directory.user", "first-Password-1")
        #expect(try harness.send("GET", "/api/3/users/\(id)", as: me).status == 200)
    }
}
