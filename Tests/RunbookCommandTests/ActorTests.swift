import Glibc
import Testing

@testable import runbook

@Suite("Who a run is said to be of") struct ActorTests {
    private let user: String

    init() throws { user = String(cString: try #require(getpwuid(geteuid())).pointee.pw_name) }

    @Test("is the user whose rights the program has")
    func own() {
        #expect(Actor.name(environment: [:]) == user)
        #expect(Actor.name(environment: ["USER": "somebody", "LOGNAME": "else", "SUDO_USER": ""]) == user)
    }

    @Test("is named with whom sudo made that user, whichever it is")
    func sudo() {
        #expect(Actor.name(environment: ["SUDO_USER": "ada"]) == "ada as \(user)")
        #expect(Actor.name(environment: ["SUDO_USER": user]) == user)
    }
}
