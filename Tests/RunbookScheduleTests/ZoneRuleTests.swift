import Testing

@testable import RunbookSchedule

/// The rules for the years to come, as `TZ` strings.
@Suite struct ZoneRuleTests {
    /// A rule, a year, and when it changes the clocks in it; worked out by hand.
    private static let rules: [(rule: String, year: Int, begins: String, ends: String)] = [
        ("CET-1CEST,M3.5.0,M10.5.0/3", 2026, "2026-03-29T01:00Z", "2026-10-25T01:00Z"),
        ("EST5EDT,M3.2.0,M11.1.0", 2026, "2026-03-08T07:00Z", "2026-11-01T06:00Z"),
        ("EST5EDT4,M3.2.0/2:00:00,M11.1.0/2", 2026, "2026-03-08T07:00Z", "2026-11-01T06:00Z"),
        // Before midnight, local time: the Saturday before the last Sunday (-1 hour).
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2026, "2026-03-29T01:00Z", "2026-10-25T01:00Z"),
        // 50 hours after the fourth Thursday: Saturday at 2.
        ("EET-2EEST,M3.4.4/50,M10.4.4/50", 2026, "2026-03-28T00:00Z", "2026-10-23T23:00Z"),
        // Ireland's winter time is the saving, an hour less.
        ("IST-1GMT0,M10.5.0,M3.5.0/1", 2026, "2026-10-25T01:00Z", "2026-03-29T01:00Z"),
        ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2026, "2026-10-03T15:30Z", "2026-04-04T15:00Z"),
        ("<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45", 2026, "2026-09-26T14:00Z", "2026-04-04T14:00Z"),
        // J60 is March 1 in every year, 59 is February 29 in leap years.
        ("AAA0BBB,J60,J300/3", 2027, "2027-03-01T02:00Z", "2027-10-27T02:00Z"),
        ("AAA0BBB,J60,J300/3", 2028, "2028-03-01T02:00Z", "2028-10-27T02:00Z"),
        ("AAA0BBB,J59/0,J365/3", 2028, "2028-02-28T00:00Z", "2028-12-31T02:00Z"),
        ("AAA0BBB,59,299/3", 2027, "2027-03-01T02:00Z", "2027-10-27T02:00Z"),
        ("AAA0BBB,59,299/3", 2028, "2028-02-29T02:00Z", "2028-10-26T02:00Z"),
        ("AAA0BBB,0/0,365/0", 2028, "2028-01-01T00:00Z", "2028-12-30T23:00Z"),
        ("AAA+0:30:15BBB,M2.5.0,M12.1.6/167", 2032, "2032-02-29T02:30:15Z", "2032-12-10T22:30:15Z"),
        ("AAA0BBB,M1.1.1/-167,M5.4.0/0", 2024, "2023-12-25T01:00Z", "2024-05-25T23:00Z"),
    ]

    @Test(arguments: rules.indices)
    func aRuleChangesTheClocksWhenItSays(_ index: Int) throws {
        let row = Self.rules[index]
        let rule = try POSIXRuleReader.read(Array(row.rule.utf8))
        let (begins, ends) = (try Self.full(row.begins), try Self.full(row.ends))
        let changes = rule.changes(in: row.year)
        #expect(changes.map(\.instant) == changes.map(\.instant).sorted())
        #expect(changes.first { $0.isSaving }.map { InstantText.utc($0.instant) } == begins, "\(row)")
        #expect(changes.first { !$0.isSaving }.map { InstantText.utc($0.instant) } == ends, "\(row)")
    }

    private static func full(_ text: String) throws -> String {
        InstantText.utc(try InstantText.read(text, zone: .utc))
    }

    @Test func namesAndOffsetsAreReadInAllForms() throws {
        func kind(_ text: String) throws -> ZoneKind { try POSIXRuleReader.read(Array(text.utf8)).standard }
        #expect(try kind("UTC0") == ZoneKind(offset: 0, abbreviation: "UTC"))
        #expect(try kind("<+0330>-3:30") == ZoneKind(offset: 12_600, abbreviation: "+0330"))
        #expect(try kind("<-00>0") == ZoneKind(offset: 0, abbreviation: "-00"))
        #expect(try kind("LMT+0:53:28") == ZoneKind(offset: -3_208, abbreviation: "LMT"))
        #expect(try kind("AAA-24:59:59") == ZoneKind(offset: 89_999, abbreviation: "AAA"))
        let saving = try POSIXRuleReader.read(Array("NST3:30NDT,M3.2.0,M11.1.0".utf8)).saving
        #expect(saving?.kind == ZoneKind(offset: -9_000, abbreviation: "NDT"))
    }

    @Test(arguments: [
        "", "C", "CE-1", "CET", "CET-", "CET25", "CET-1:60", "CET-1:0:60", "<CET-1", "<C ET>-1", "CET-1CEST",
        "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5,M10.5.0", "CET-1CEST,J0,J365", "CET-1CEST,J366,J1",
        "CET-1CEST,366,1", "CET-1CEST,M3.5.0/168,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-1 ", "CET--1",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ0", "CET99999999999999999999", "\u{E4}\u{F6}\u{FC}0",
    ])
    func whatIsNoRuleIsRefused(_ text: String) {
        #expect(throws: TZifFault.self) { try POSIXRuleReader.read(Array(text.utf8)) }
    }

    /// Such a rule says, in words a reader must accept, that summer time never ends.
    @Test func savingAllTheYearIsNoChange() throws {
        let table = ZoneTable(
            changes: [], kinds: [ZoneKind(offset: -10_800, abbreviation: "XXX")],
            rule: try POSIXRuleReader.read(Array("XXX3EDT4,0/0,J365/23".utf8)))
        for year in 2_000...2_030 {
            let newYear = CivilDate(year: year, month: 1, day: 1).days * 86_400
            for hour in -30..<30 {
                #expect(table.kind(at: newYear + Int64(hour) * 3_600) == ZoneKind(offset: -14_400, abbreviation: "EDT"))
            }
        }
    }
}
