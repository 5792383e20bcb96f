internal import Glibc
internal import Synchronization

/// Loads time zones by their IANA names from the system's files, and keeps them. May be shared freely.
public final class TimeZoneCatalogue: Sendable {
    /// Where systems keep the files of time zones.
    public static let usualFolders = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo"]

    private let folders: [String]
    private let zoneVariable: String?
    private let configuration: String
    private let loaded = Mutex<[String: TimeZoneRules]>([:])

    /// Creates a catalogue; no file is read yet.
    ///
    /// - Parameters:
    ///   - folders: where the files are; the first folder that has one of a name is used. Default: `TZDIR` of the
    ///     environment if it is set, else ``usualFolders``.
    ///   - environment: the environment variables. `TZ` names the machine's zone. Default: none.
    ///   - configuration: the folder in which the machine says its zone, as `localtime` or `timezone`. Default: `/etc`.
    public init(folders: [String]? = nil, environment: [String: String] = [:], configuration: String = "/etc") {
        if let folders {
            self.folders = folders
        } else if let folder = environment["TZDIR"], !folder.isEmpty {
            self.folders = [folder]
        } else {
            self.folders = Self.usualFolders
        }
        zoneVariable = environment["TZ"]
        self.configuration = configuration
    }

    /// The zone of a name. It is read once and then kept until ``reload()``.
    ///
    /// - Parameter name: its IANA name, such as `Europe/Berlin`; `UTC` and `Etc/UTC` need no file.
    /// - Throws: ``ScheduleFault`` if there is none, with names that are like it, or if its file is damaged.
    public func zone(named name: String) throws(ScheduleFault) -> TimeZoneRules {
        if let zone = loaded.withLock({ $0[name] }) { return zone }
        guard Self.isZoneName(name) else {
            throw unknown(name)
        }
        for folder in folders {
            guard let bytes = try read(folder + "/" + name, zone: name) else { continue }
            do {
                let zone = TimeZoneRules(name: name, table: try TZifReader.read(bytes))
                loaded.withLock { $0[name] = zone }
                return zone
            } catch {
                throw ScheduleFault(
                    "the time zone \(name) cannot be read from \(folder)/\(name): \(error.problem); install the system's "
                        + "time zones anew (Debian: apt-get install --reinstall tzdata)")
            }
        }
        if name == "UTC" || name == "Etc/UTC" {
            return TimeZoneRules(name: name, sharing: .utc)
        }
        throw unknown(name)
    }

    /// Forgets what it has read, so that renewed files are read again.
    ///
    /// Zones that are in use stay as they are.
    public func reload() {
        loaded.withLock { $0 = [:] }
    }

    /// The name of the machine's zone: what `TZ` says, else what `/etc/localtime` leads to, else what `/etc/timezone`
    /// says; `UTC` if none of them names a zone that can be loaded.
    ///
    /// A `TZ` that is set and names no zone of the catalogue means `UTC`, as it does for the C library.
    public func local() -> String {
        if let zoneVariable { return loadable(zoneVariable) ?? "UTC" }
        return link(configuration + "/localtime").flatMap { loadable($0) }
            ?? firstLine(of: configuration + "/timezone").flatMap { loadable($0) } ?? "UTC"
    }

    /// The name in what `TZ` or a link says, if there is a zone of that name: `:Europe/Berlin`,
    /// `/usr/share/zoneinfo/Europe/Berlin`.
    private func loadable(_ text: String) -> String? {
        var name = text.hasPrefix(":") ? text.dropFirst() : text[...]
        let folder = "zoneinfo/"
        var index = name.startIndex
        while name.contains("/"), index < name.endIndex {
            if name[index...].hasPrefix(folder) {
                name = name[name.index(index, offsetBy: folder.count)...]
                break
            }
            index = name.index(after: index)
        }
        if let known = folders.first(where: { name.hasPrefix($0 + "/") }) { name = name.dropFirst(known.count + 1) }
        if name.hasPrefix("posix/") { name = name.dropFirst(6) }
        guard let zone = try? zone(named: String(name)) else { return nil }
        return zone.name
    }

    /// Whether it may be the name of a zone and of nothing else in or outside the folders.
    ///
    /// `posix/` and `right/` hold the zones once more, the latter with leap seconds; `localtime` and `posixrules` are
    /// what the machine's administrator makes them.
    private static func isZoneName(_ name: String) -> Bool {
        guard (1...64).contains(name.utf8.count), name != "localtime", name != "posixrules" else { return false }
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard let first = parts.first, !first.elementsEqual("posix".utf8), !first.elementsEqual("right".utf8) else {
            return false
        }
        return parts.allSatisfy { part in
            guard let start = part.first, start.isLetter else { return false }
            return part.allSatisfy { $0.isLetter || $0.isDigit || $0 == 0x2B || $0 == 0x2D || $0 == 0x5F }
        }
    }

    private func unknown(_ name: String) -> ScheduleFault {
        let known = folders.lazy.map { ZoneNames(folder: $0) }.first { !$0.names.isEmpty }
        guard let known else {
            return ScheduleFault(
                "there is no time zone \(ScheduleFault.quoted(name)): no zones at all are in "
                    + "\(folders.joined(separator: ", ")); install them (Debian: apt-get install tzdata), or name their "
                    + "folder with TZDIR")
        }
        let near = known.near(name)
        let hint =
            near.isEmpty
            ? "give an IANA name such as Europe/Berlin or UTC; \(known.folder)/zone1970.tab lists them"
            : "did you mean \(near.joined(separator: ", or "))?"
        return ScheduleFault("there is no time zone \(ScheduleFault.quoted(name)); \(hint)")
    }

    /// What is in a file of a zone; `nil` if there is none.
    private func read(_ path: String, zone: String) throws(ScheduleFault) -> [UInt8]? {
        // O_NONBLOCK: a pipe of that name may not stop us.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw Self.unreadable(zone, path, String(cString: strerror(errno)))
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        guard status.st_size <= TZifReader.greatestSize else {
            throw Self.unreadable(zone, path, "it is far too large")
        }
        var bytes: [UInt8] = []
        // One more than there should be, to see the end.
        let capacity = Int(status.st_size) + 1
        while bytes.count < capacity {
            let chunk = [UInt8](unsafeUninitializedCapacity: capacity - bytes.count) { buffer, count in
                count = max(0, Glibc.read(file, buffer.baseAddress, buffer.count))
            }
            if chunk.isEmpty { break }
            bytes += chunk
        }
        return bytes
    }

    private static func unreadable(_ zone: String, _ path: String, _ problem: String) -> ScheduleFault {
        ScheduleFault("the time zone \(zone) cannot be read from \(path): \(problem); make it a readable file")
    }

    private func link(_ path: String) -> String? {
        let target = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            buffer.withMemoryRebound(to: CChar.self) { characters in
                count = characters.baseAddress.map { max(0, readlink(path, $0, characters.count)) } ?? 0
            }
        }
        return target.isEmpty ? nil : String(decoding: target, as: UTF8.self)
    }

    private func firstLine(of path: String) -> String? {
        guard let bytes = try? read(path, zone: "local") else { return nil }
        let line = bytes.prefix { $0 > UInt8(ascii: " ") }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }
}
