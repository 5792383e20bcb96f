/// One account of the console, kept small: there may be a million.
struct User: Sendable, Hashable {
    /// What is true or false of an account.
    struct Flags: OptionSet, Sendable, Hashable {
        let rawValue: UInt8
        static let enabled = Flags(rawValue: 1)
        static let locked = Flags(rawValue: 2)
        static let allSites = Flags(rawValue: 4)
        static let allAssetGroups = Flags(rawValue: 8)
        static let superuser = Flags(rawValue: 16)
        static let passwordResetOnLogin = Flags(rawValue: 32)
        /// Writes absent fields as `null`, as some consoles do.
        static let writesNull = Flags(rawValue: 64)
    }

    /// The languages of a user, as BCP 47 tags.
    struct Locale: Sendable, Hashable {
        var language: String
        var reports: String
        static let standard = Locale(language: "en-US", reports: "en-US")
    }

    let id: Int32
    var flags: Flags
    /// Counts changes of what a login depends on, so that remembered logins lapse.
    var generation: UInt32 = 0
    var source: Int32
    var role: String
    var login: String
    var name: String
    var email: String?
    var sites: [Int32] = []
    var assetGroups: [Int32] = []
    var locale: Locale? = .standard
    /// `nil` for the accounts of the data set: see ``DataSet/password(login:)``.
    var password: String?
    /// The seed of the second factor, in base32.
    var seed: String?

    var isEnabled: Bool { flags.contains(.enabled) }
    var isLocked: Bool { flags.contains(.locked) }
    var isGlobalAdministrator: Bool { role == Role.globalAdministrator || flags.contains(.superuser) }
}
