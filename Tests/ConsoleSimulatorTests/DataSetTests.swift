import Operations
import Testing

@testable import ConsoleModel
@testable import ConsoleSimulator

@Suite struct DataSetTests {
    private func users(_ data: DataSet) -> [User] { data.console.ids.ids.compactMap(data.console.user) }

    private func bytes(seed: UInt64) throws -> [[UInt8]] {
        var harness = Harness(seed: seed, wishes: .init(users: 300))
        let targets = ["/api/3/users?size=500", "/api/3/roles", "/api/3/users/9/2FA", "/api/3/users/30/sites"]
        let console = try targets.map { try harness.send("GET", $0).reply.body }
        return try console + [harness.xpanse("get_users", ["request_data": [:]]).reply.body]
    }

    @Test func sameSeedGivesSameBytes() throws {
        #expect(try bytes(seed: 7) == bytes(seed: 7))
    }

    /// Another toolchain, machine or day must not change what a seed stands for.
    @Test func seedOneStandsForTheSamePeopleForEver() {
        let data = DataSet(seed: 1, wishes: .init(users: 3))
        #expect(users(data).map(\.login) == ["admin", "lara.silva", "lara.garcia", "mila.novak"])
        #expect(data.administrator.password == "yErd5SiLweX2UsiwRkFv")
    }

    @Test func otherSeedGivesOtherData() throws {
        let (one, two) = (try bytes(seed: 1), try bytes(seed: 2))
        #expect(one[0] != two[0])
        #expect(DataSet(seed: 1, wishes: .init()).administrator != DataSet(seed: 2, wishes: .init()).administrator)
    }

    @Test func thereAreAsManyUsersAsWantedBesidesTheAdministrator() {
        for count in [0, 1, 7, 123] {
            let data = DataSet(seed: 1, wishes: .init(users: count))
            #expect(data.console.ids.ids == Array(1...Int32(count + 1)))
            #expect(Set(users(data).map(\.login)).count == count + 1)
        }
    }

    @Test func everyRoleHasUsers() {
        let data = DataSet(seed: 3, wishes: .init(users: 7))
        #expect(Set(users(data).dropFirst().map(\.role)) == Set(data.console.roleIDs))
    }

    @Test(arguments: [(50, 0.1), (1, 0.1), (2000, 0.1), (333, 0.25), (20, 1.0)])
    func wantedShareOfEachRoleIsLocked(_ count: Int, _ fraction: Double) {
        let data = DataSet(seed: 5, wishes: .init(users: count, lockedFraction: fraction))
        let people = users(data).dropFirst()
        let locked = people.filter(\.isLocked)
        #expect(locked.count == max(1, Int((Double(count) * fraction).rounded())))
        #expect(locked.contains { $0.isEnabled })
        #expect(locked.count < 2 || locked.contains { !$0.isEnabled })
        for role in data.console.roleIDs {
            let members = people.filter { $0.role == role }
            let share = Double(members.count) * fraction
            #expect(abs(Double(members.filter(\.isLocked).count) - share) < 1)
        }
    }

    @Test func nobodyIsLockedIfNobodyShouldBe() {
        #expect(users(DataSet(seed: 5, wishes: .init(users: 100, lockedFraction: 0))).allSatisfy { !$0.isLocked })
    }

    @Test(arguments: ["security-manager", "Site Admin Custom", "global-admin"])
    func exactlyTheWantedNumberIsLockedInOneRole(_ role: String) {
        let wishes = DataSet.Wishes(users: 2000, lockedInRole: .init(role: role, count: 200))
        let locked = users(DataSet(seed: 1, wishes: wishes)).filter { $0.role == role && $0.isLocked }
        #expect(locked.count == 200)
        #expect(locked.allSatisfy { $0.isEnabled })
    }

    @Test func whatWasReadCanBeWrittenBack() throws {
        let wishes = DataSet.Wishes(users: 400, lockedInRole: .init(role: "global-admin", count: 50))
        var harness = Harness(wishes: wishes)
        for id in 1...401 {
            let read = try harness.send("GET", "/api/3/users/\(id)")
            let written = try harness.send("PUT", "/api/3/users/\(id)", read.body)
            try #require(written.status == 200, "user \(id): \(written.body)")
            #expect(try harness.send("GET", "/api/3/users/\(id)").body["role"] == read.body["role"])
        }
    }

    @Test func someUsersHaveWhatClientsTripOver() {
        let odd = users(DataSet(seed: 1, wishes: .init(users: 2000)))
        #expect(odd.contains { $0.email == nil && !$0.flags.contains(.writesNull) })
        #expect(odd.contains { $0.email == nil && $0.flags.contains(.writesNull) })
        #expect(odd.contains { $0.source == AuthenticationSource.newer.id })
        #expect(odd.prefix(11).allSatisfy { $0.email != nil && $0.locale != nil && $0.source < 6 })
        #expect(odd.filter { $0.email == nil || $0.locale == nil || $0.source == 6 }.count < 80)
    }

    @Test func oddUsersCanBeLeftOut() {
        let data = DataSet(seed: 1, wishes: .init(users: 2000, oddities: false))
        #expect(users(data).allSatisfy { $0.email != nil && $0.locale != nil })
        #expect(data.console.sources.map(\.type) == ["admin", "normal", "ldap", "kerberos", "saml"])
    }

    @Test func bothSystemsCanBeJoinedOnTheEmail() {
        let data = DataSet(seed: 1, wishes: .init(users: 50))
        let console = Set(users(data).compactMap(\.email))
        let xpanse = Set(data.xpanse.users.map(\.email))
        #expect(console.isSubset(of: xpanse))
        #expect(xpanse.subtracting(console).count == 3)
    }

    @Test func rolesAreTheBuiltInOnesAndTwoMore() {
        let console = DataSet(seed: 1, wishes: .init()).console
        let builtIn = console.roleIDs.filter { console.roles[$0]?.isBuiltIn == true }
        #expect(builtIn == ["global-admin", "security-manager", "site-admin", "system-admin", "user"])
        #expect(console.roleIDs.count == 7)
        #expect(console.roleIDs.contains("Site Admin Custom"))
        #expect(Privilege.specified.count == 35)
        for role in console.roles.values { #expect(Set(role.privileges).isSubset(of: Set(Privilege.all))) }
    }
}
