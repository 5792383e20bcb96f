/// Makes users one after the other.
struct People: Sendable {
    /// A role, and how many of a hundred users have it.
    private static let shares: [(role: String, share: Int)] = [
        ("user", 40), ("security-manager", 20), ("tier-1-support", 14), ("site-admin", 10), ("Site Admin Custom", 8),
        ("system-admin", 5), (Role.globalAdministrator, 3),
    ]

    private var random: SplitMix64
    private var count = 0
    private var isTaken = [Bool](repeating: false, count: PersonNames.first.count * PersonNames.last.count)
    private let roles = Dictionary(uniqueKeysWithValues: (Role.builtIn + Role.custom).map { ($0.id, $0) })

    init(random: SplitMix64) { self.random = random }

    /// The next user. Each role has one of the first seven; the first ten have nothing odd.
    mutating func user(id: Int32, isOdd wantsOddities: Bool) -> User {
        let first = random.next(below: PersonNames.first.count)
        let last = random.next(below: PersonNames.last.count)
        let pair = first * PersonNames.last.count + last
        let base = "\(PersonNames.first[first].login).\(PersonNames.last[last].login)"
        let login = isTaken[pair] ? "\(base)\(id)" : base
        isTaken[pair] = true
        defer { count += 1 }

        let roleID = count < Self.shares.count ? Self.shares[count].role : drawRole()
        var user = User(
            id: id, flags: [], source: AuthenticationSource.normal, role: roleID, login: login,
            name: "\(PersonNames.first[first].text) \(PersonNames.last[last].text)", email: "\(login)@example.com")
        if !random.chance(0.08) { user.flags.insert(.enabled) }
        if random.chance(0.3) { user.flags.insert(.allSites) } else { user.sites = drawAccess() }
        if random.chance(0.3) { user.flags.insert(.allAssetGroups) } else { user.assetGroups = drawAccess() }
        let sourceDraw = random.next(below: 100)
        if roleID == Role.globalAdministrator {
            user.source = AuthenticationSource.administrators
        } else if sourceDraw >= 60 {
            user.source = sourceDraw < 80 ? 3 : sourceDraw < 90 ? 4 : 5
        }
        let seed = random.text(32, of: Alphabet.base32)
        if random.chance(0.25), user.source <= AuthenticationSource.normal { user.seed = seed }
        if let role = roles[roleID] { Self.grantWhatRoleNeeds(role, to: &user) }

        let oddity = random.next(below: 200)
        if wantsOddities, count >= 10 { Self.makeOdd(&user, oddity) }
        return user
    }

    /// Keeps the console's own constraints, so that what was read can be written back.
    static func grantWhatRoleNeeds(_ role: Role, to user: inout User) {
        if role.needsAllSites {
            user.flags.insert(.allSites)
            user.sites = []
        }
        if role.needsAllAssetGroups {
            user.flags.insert(.allAssetGroups)
            user.assetGroups = []
        }
        if role.needsSuperuser { user.flags.insert(.superuser) } else { user.flags.remove(.superuser) }
    }

    /// What real consoles hold and clients trip over, in two users of a hundred: no email, `null` for absent fields,
    /// an authentication type that the specification does not list.
    private static func makeOdd(_ user: inout User, _ draw: Int) {
        switch draw {
        case 0: user.email = nil
        case 1:
            user.email = nil
            user.locale = nil
            user.flags.insert(.writesNull)
        case 2:
            user.locale = nil
            user.flags.insert(.writesNull)
        case 3 where user.role != Role.globalAdministrator:
            user.source = AuthenticationSource.newer.id
            user.seed = nil
        default: break
        }
    }

    private mutating func drawRole() -> String {
        var draw = random.next(below: 100)
        for (role, share) in Self.shares {
            draw -= share
            if draw < 0 { return role }
        }
        return "user"
    }

    private mutating func drawAccess() -> [Int32] { (1...5).filter { _ in random.chance(0.4) } }
}
