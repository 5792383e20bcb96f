import Glibc
import Testing

@testable import RunbookSchedule

/// Reading the system's files of time zones.
@Suite struct ZoneFileTests {
    private static let folder = "/usr/share/zoneinfo/"

    /// Every zone of the catalogue's own list, near our days.
    @Test func allZonesAreReadAsTheCLibraryReadsThem() throws {
        let list = String(decoding: try TestFile.contents(Self.folder + "zone1970.tab"), as: UTF8.self)
        let names = list.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
            line.split(separator: "\t").dropFirst(2).first.map(String.init)
        }
        #expect(names.count > 250)
        try Self.compare(names, from: 2_019, to: 2_042)
    }

    /// From before there were zones to long after the last change that is written down.
    @Test func strangeZonesAreReadAsTheCLibraryReadsThem() throws {
        try Self.compare(
            OracleZones.names + ["America/Juneau", "Asia/Manila", "Europe/Amsterdam", "Africa/El_Aaiun", "EST5EDT"],
            from: 1_850, to: 2_150)
    }

    private static func compare(_ names: [String], from: Int, to: Int) throws {
        let catalogue = TimeZoneCatalogue()
        let start = try #require(OracleCalendar.shared.number(year: from, month: 1, day: 2))
        let end = try #require(OracleCalendar.shared.number(year: to - 1, month: 12, day: 30))
        var count = 0
        for (name, dump) in try ZoneDump.read(names, from: from, to: to) {
            let zone = try catalogue.zone(named: name)
            var expected: [Int64] = []
            for change in dump.changes {
                let before = (Int64(zone.offset(at: change.at - 1)), zone.abbreviation(at: change.at - 1))
                let after = (Int64(zone.offset(at: change.at)), zone.abbreviation(at: change.at))
                guard before == (change.before, change.abbreviationBefore),
                    after == (change.after, change.abbreviationAfter)
                else {
                    Issue.record("\(name) at \(change.at): \(before), \(after) instead of \(change)")
                    continue
                }
                count += 1
                if change.before != change.after { expected.append(change.at) }
            }
            // And there are no others.
            var found: [Int64] = []
            var segment = zone.segment(at: Int64(start) * 86_400)
            while segment.end < Int64(end) * 86_400 {
                let next = zone.segment(at: segment.end)
                if next.offset != segment.offset { found.append(segment.end) }
                segment = next
            }
            let window = Int64(start) * 86_400..<Int64(end) * 86_400
            #expect(found == expected.filter(window.contains), "\(name)")
        }
        #expect(count > 1_000)
    }

    /// The table of the rule is written out for 400 years; after them it is used again.
    @Test(arguments: [
        ("Europe/Berlin", "CEST", "CET"), ("America/New_York", "EDT", "EST"), ("Europe/Dublin", "IST", "GMT"),
    ])
    func theRuleHoldsInFarYears(_ name: String, _ summer: String, _ winter: String) throws {
        let zone = try TimeZoneCatalogue().zone(named: name)
        for year in [2_099, 2_400, 2_437, 2_438, 2_500, 3_000, 9_999] {
            let january = CivilDate(year: year, month: 1, day: 15).days * 86_400
            let july = CivilDate(year: year, month: 7, day: 15).days * 86_400
            #expect(zone.abbreviation(at: january) == winter)
            #expect(zone.abbreviation(at: july) == summer)
            #expect(zone.offset(at: july) == zone.offset(at: january) + 3_600)
            let segment = zone.segment(at: july)
            #expect(zone.offset(at: segment.start) == zone.offset(at: july))
            #expect(zone.offset(at: segment.start - 1) == zone.offset(at: january))
            #expect(zone.offset(at: segment.end - 1) == zone.offset(at: july))
            #expect(zone.offset(at: segment.end) == zone.offset(at: january))
            #expect(zone.segment(at: segment.end).start == segment.end)
            // It repeats itself to the second.
            let later = zone.segment(at: july + CivilDate.secondsOfCycle)
            #expect(later.start - segment.start == CivilDate.secondsOfCycle)
            #expect(later.end - segment.end == CivilDate.secondsOfCycle)
        }
        #expect(zone.offset(at: .max) == zone.offset(at: 1 << 60))
        #expect(zone.offset(at: .min) == zone.offset(at: -(1 << 60)))
    }

    @Test func aFileOfVersion1IsRead() throws {
        let table = try TZifReader.read(
            TZif.file(version: 0, changes: [(0, 1), (1_000, 0)], kinds: [(3_600, "CET"), (7_200, "CEST")]))
        #expect(table.kind(at: -1) == ZoneKind(offset: 3_600, abbreviation: "CET"))
        #expect(table.kind(at: 0) == ZoneKind(offset: 7_200, abbreviation: "CEST"))
        #expect(table.kind(at: 999).offset == 7_200)
        #expect(table.kind(at: 1_000).offset == 3_600)
        #expect(table.segment(at: 1 << 50).end == .max)
    }

    @Test(arguments: [UInt8(ascii: "2"), UInt8(ascii: "3"), UInt8(ascii: "4")])
    func laterVersionsAreReadWithTheirRule(_ version: UInt8) throws {
        let table = try TZifReader.read(
            TZif.file(
                version: version, changes: [(1 << 33, 1)], kinds: [(3_600, "CET"), (3_600, "MEZ")],
                footer: "CET-1CEST,M3.5.0,M10.5.0/3"))
        #expect(table.kind(at: 0).abbreviation == "CET")
        #expect(table.kind(at: 1 << 33).abbreviation == "MEZ")
        // July 2300.
        #expect(table.kind(at: 10_430_000_000).abbreviation == "CEST")
    }

    @Test func aFileWithoutARuleKeepsItsLastTime() throws {
        let table = try TZifReader.read(
            TZif.file(version: 0x32, changes: [(5, 1)], kinds: [(0, "UTC"), (-3_600, "-01")], footer: ""))
        #expect(table.kind(at: 1 << 50) == ZoneKind(offset: -3_600, abbreviation: "-01"))
        #expect(table.segment(at: 5).end == .max)
    }

    @Test func aRuleAloneIsEnough() throws {
        let fixed = try TZifReader.read(
            TZif.file(version: 0x32, changes: [], kinds: [(0, "UTC")], footer: "<+0330>-3:30"))
        #expect(fixed.kind(at: 0) == ZoneKind(offset: 12_600, abbreviation: "+0330"))
        let changing = try TZifReader.read(
            TZif.file(version: 0x32, changes: [], kinds: [(-18_000, "EST")], footer: "EST5EDT,M3.2.0,M11.1.0"))
        // 2026-03-08T07:00:00Z and 2026-11-01T06:00:00Z.
        #expect(changing.segment(at: 1_780_000_000).start == 1_772_953_200)
        #expect(changing.segment(at: 1_780_000_000).end == 1_793_512_800)
        #expect(changing.kind(at: 1_780_000_000).abbreviation == "EDT")
        #expect(changing.kind(at: -60_000_000_000 + 15_552_000).offset != 0)
    }

    /// What is wrong, and what is said of it.
    private static let damaged: [(bytes: [UInt8], problem: String)] = [
        ([], "ends too early"),
        (Array("TZif2".utf8), "ends too early"),
        (Array("something else that is longer than a header of such a file is".utf8), "no file of a time zone"),
        (TZif.file(version: 0x31, changes: [], kinds: [(0, "UTC")]), "version"),
        (TZif.file(version: 0, changes: [], kinds: []), "says no time"),
        (TZif.file(version: 0, changes: [(1, 0), (1, 0)], kinds: [(0, "UTC")]), "out of order"),
        (TZif.file(version: 0, changes: [(1, 1)], kinds: [(0, "UTC")]), "leads nowhere"),
        (TZif.file(version: 0, changes: [], kinds: [(100_000, "UTC")]), "greater than a day"),
        (TZif.file(version: 0, changes: [], kinds: [(-90_000, "UTC")]), "greater than a day"),
        (TZif.file(version: 0, changes: [], kinds: [(0, "U\u{7}C")]), "no text"),
        (TZif.file(version: 0, changes: [], kinds: [(0, "UTC")], leapSeconds: 1), "leap seconds"),
        (TZif.file(version: 0x32, changes: [(.max, 0)], kinds: [(0, "UTC")], footer: ""), "out of reach"),
        (TZif.file(version: 0x32, changes: [], kinds: [(0, "UTC")], footer: nil), "ends too early"),
        (TZif.file(version: 0x32, changes: [], kinds: [(0, "UTC")], footer: "UTC"), "no number"),
        ([UInt8](repeating: 0, count: 1_048_577), "too large"),
    ]

    @Test(arguments: damaged.indices)
    func aDamagedFileIsRefused(_ index: Int) {
        let (bytes, problem) = Self.damaged[index]
        let fault = #expect(throws: TZifFault.self) { try TZifReader.read(bytes) }
        #expect(fault?.problem.contains(problem) == true, "\(fault?.problem ?? "")")
    }

    /// Cut off, or with some bits turned: an error or a zone that answers, and never a crash.
    @Test(arguments: ["Europe/Berlin", "Asia/Gaza", "Etc/UTC", "Africa/Casablanca"])
    func aFileInPiecesDoesNoHarm(_ name: String) throws {
        let bytes = try TestFile.contents(Self.folder + name)
        for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 150)) {
            #expect(throws: TZifFault.self) { try TZifReader.read(Array(bytes[..<count])) }
        }
        var random = SeededRandom(seed: 7)
        var read = 0
        for round in 0..<600 {
            var broken = bytes
            // The headers and the rule are where it matters most.
            let places = [0..<44, max(0, bytes.count - 60)..<bytes.count, 0..<bytes.count]
            for _ in 0...round % 4 {
                let place = Int.random(in: places[round % 3], using: &random)
                broken[place] ^=
                    round % 2 == 0 ? 1 << UInt8.random(in: 0..<8, using: &random) : random.next() & 255 == 0 ? 0 : 0xFF
            }
            guard let table = try? TZifReader.read(broken) else { continue }
            read += 1
            let zone = TimeZoneRules(name: name, table: table)
            for instant in [Int64.min, -(1 << 40), 0, 1_800_000_000, 1 << 40, .max] {
                #expect(abs(zone.offset(at: instant)) < 26 * 3_600)
            }
            #expect(zone.firstInstant(reaching: 1_800_000_000) < 1_800_000_000 + 26 * 3_600)
            #expect(zone.latestLocal(upTo: 1_800_000_000) > 1_800_000_000 - 26 * 3_600)
        }
        #expect(read > 0)
    }
}
