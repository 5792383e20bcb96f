internal import Glibc

/// The names of the zones in a folder, to find those a mistyped name may mean.
struct ZoneNames {
    let folder: String
    let names: [String]

    init(folder: String) {
        self.folder = folder
        var names: [String] = []
        Self.add(folder, prefix: "", depth: 0, to: &names)
        self.names = names.sorted()
    }

    /// Adds the names below a folder. Names of zones begin in upper case and have no dot, the other files' do not.
    private static func add(_ folder: String, prefix: String, depth: Int, to names: inout [String]) {
        guard depth < 3, names.count < 10_000, let stream = opendir(folder) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let first = name.utf8.first, (0x41...0x5A).contains(first), !name.utf8.contains(0x2E) else {
                continue
            }
            var status = stat()
            guard stat(folder + "/" + name, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                add(folder + "/" + name, prefix: prefix + name + "/", depth: depth + 1, to: &names)
            } else {
                names.append(prefix + name)
            }
        }
    }

    /// At most three names that are like one that is not there, the likest first.
    func near(_ name: String) -> [String] {
        let wanted = Self.plain(name)
        let scored = names.compactMap { candidate -> (score: Int, name: String)? in
            let plain = Self.plain(candidate)
            if plain == wanted { return (0, candidate) }
            // Only the city was given.
            let city = plain[((plain.lastIndex(of: 0x2F) ?? -1) + 1)...]
            if city.elementsEqual(wanted) { return (1, candidate) }
            let distance = Self.distance(plain, wanted, limit: 2)
            return distance <= 2 && wanted.count > 3 ? (1 + distance, candidate) : nil
        }
        return scored.sorted { ($0.score, $0.name) < ($1.score, $1.name) }.prefix(3).map(\.name)
    }

    /// In lower case, and with underscores for what else may stand between words.
    private static func plain(_ name: String) -> [UInt8] {
        name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 == 0x20 || $0 == 0x2D ? 0x5F : $0 }
    }

    /// How many letters must be changed, added or left out to come from one name to the other; more than the limit if it
    /// is more than that.
    private static func distance(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int {
        guard abs(left.count - right.count) <= limit else { return limit + 1 }
        var row = Array(0...right.count)
        for (i, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let changed = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(changed, min(row[j], diagonal) + 1)
            }
        }
        return row[right.count]
    }
}
