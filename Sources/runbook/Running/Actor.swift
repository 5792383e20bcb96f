import Glibc

/// Who runs the program.
enum Actor {
    /// The login name of the user whose rights the program has, and of the one who became that user by `sudo`: an account
    /// that several people share, as a daemon's, tells nobody who it was. Whoever has an account can say anything there, but
    /// not be another than that account.
    static func name(environment: [String: String]) -> String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4096)
        let isFound = getpwuid_r(geteuid(), &entry, &buffer, buffer.count, &found) == 0 && found != nil
        let name = isFound ? String(cString: entry.pw_name) : "uid \(geteuid())"
        guard let before = environment["SUDO_USER"], !before.isEmpty, before != name else { return name }
        return "\(before) as \(name)"
    }
}
