import Operations
import Testing

@Suite("Did you mean")
struct NearestNameTests {
    static let names = ["login", "name", "email", "enabled", "passwordResetOnLogin", "id"]

    @Test(
        "finds what was likely meant",
        arguments: [
            ("logn", "login"), ("logins", "login"), ("LOGIN", "login"), ("eamil", "email"), ("enable", "enabled"),
            ("passwordResetOnLogon", "passwordResetOnLogin"), ("password_reset_on_login", "passwordResetOnLogin"),
            ("ID", "id"),
        ])
    func near(typed: String, meant: String) {
        #expect(typed.nearest(among: Self.names) == meant)
    }

    @Test(
        "and nothing where nothing is near",
        arguments: ["", "x", "colour", "zz", "lo", "privileges", String(repeating: "a", count: 100_000)])
    func far(typed: String) {
        #expect(typed.nearest(among: Self.names) == nil)
    }

    @Test("of equally near ones the first in the alphabet")
    func ties() {
        #expect("cat".nearest(among: ["hat", "bat", "rat"]) == "bat")
        #expect("cat".nearest(among: []) == nil)
    }
}
