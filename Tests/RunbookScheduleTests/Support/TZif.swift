/// Makes files of time zones.
enum TZif {
    /// - Parameters:
    ///   - version: 0 for the first one, else `2`, `3` or `4` of ASCII.
    ///   - footer: the rule for the years to come of the later versions; `nil` to leave it out with its line breaks.
    static func file(
        version: UInt8, changes: [(Int64, UInt8)], kinds: [(Int64, String)], footer: String? = "", leapSeconds: Int = 0
    ) -> [UInt8] {
        let isFirst = version == 0
        var bytes: [UInt8] = []
        if !isFirst {
            bytes = header(version, changes: 0, kinds: 1, characters: 1, leapSeconds: 0) + [0, 0, 0, 0, 0, 0, 0]
        }
        let names = kinds.map { Array($0.1.utf8) + [0] }
        bytes += header(
            version, changes: changes.count, kinds: kinds.count, characters: names.joined().count,
            leapSeconds: leapSeconds)
        for change in changes { bytes += number(change.0, isFirst ? 4 : 8) }
        bytes += changes.map(\.1)
        var name = 0
        for (kind, text) in zip(kinds, names) {
            bytes += number(kind.0, 4) + [0, UInt8(name)]
            name += text.count
        }
        bytes += names.joined()
        for _ in 0..<leapSeconds { bytes += number(78_796_800, isFirst ? 4 : 8) + number(1, 4) }
        if !isFirst, let footer { bytes += Array("\n\(footer)\n".utf8) }
        return bytes
    }

    private static func header(
        _ version: UInt8, changes: Int, kinds: Int, characters: Int, leapSeconds: Int
    ) -> [UInt8] {
        var bytes = Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
        for count in [0, 0, leapSeconds, changes, kinds, characters] { bytes += number(Int64(count), 4) }
        return bytes
    }

    private static func number(_ value: Int64, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: value >> Int64((size - 1 - $0) * 8)) }
    }
}
