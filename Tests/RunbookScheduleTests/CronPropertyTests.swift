import Testing

@testable import RunbookSchedule

/// The library's rules against another implementation, in zones read by the C library.
@Suite struct CronPropertyTests {
    /// Together with the zones, more than 100,000.
    private static let casesOfAZone = 2_500
    private static let timesOfAnExpression = 10

    @Test(arguments: Array(OracleZones.names.enumerated()))
    func theNextFiringIsThatOfAnotherImplementation(_ place: Int, _ name: String) throws {
        let zone = try TimeZoneCatalogue().zone(named: name)
        let dump = try #require(try ZoneDump.read([name], from: 1_962, to: 2_120)[name])
        try #require(!dump.changes.isEmpty)
        var random = RandomCron(seed: UInt64(place) + 1)
        var differences: [String] = []
        var fired = 0
        for _ in 0..<Self.casesOfAZone / Self.timesOfAnExpression {
            let text = random.expression()
            let oracle = OracleCron(text)
            guard let expression = try? CronExpression(text) else {
                // No day comes more seldom than once in 40 years.
                let days = OracleCalendar.shared.days.drop { $0.year < 1_980 }.prefix { $0.year < 2_020 }
                if days.contains(where: oracle.matches) { differences.append("refused: \(text)") }
                continue
            }
            for _ in 0..<Self.timesOfAnExpression {
                let after = Self.time(&random, dump)
                let expected = oracle.next(after: after, dump)
                let found = expression.next(after: after, in: zone)
                // Beyond the changes that are known, the oracle knows nothing.
                if found == expected || expected == nil && found ?? .max > 4_700_000_000 {
                    fired += expected == nil ? 0 : 1
                } else {
                    differences.append(
                        "'\(text)' in \(name) after \(after) (\(InstantText.local(after, in: zone))): "
                            + "\(found.map { InstantText.local($0, in: zone) } ?? "never") instead of "
                            + "\(expected.map { InstantText.local($0, in: zone) } ?? "never")")
                }
            }
        }
        #expect(differences.isEmpty, "\(differences.count), such as \(differences.prefix(3).joined(separator: "; "))")
        #expect(fired > Self.casesOfAZone * 9 / 10)
    }

    /// Mostly near a change of the clocks, sometimes in its very second, from 1962 to 2095.
    private static func time(_ random: inout RandomCron, _ dump: ZoneDump) -> Int64 {
        guard random.chance(75) else { return random.number(-250_000_000...3_950_000_000) }
        let changes = dump.changes.prefix { $0.at < 3_950_000_000 }
        let change = changes[Int(random.number(0...Int64(changes.count - 1)))]
        if random.chance(20) { return change.at + random.number(-2...1) }
        if random.chance(30) { return change.at + random.number(-8...8) * 1_800 }
        return change.at + random.number(-200_000...90_000)
    }
}
