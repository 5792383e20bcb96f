import Glibc
import Testing

@testable import RunbookSchedule

/// Zones by their names.
@Suite final class ZoneCatalogueTests: Sendable {
    private let folder: String

    init() throws {
        var template = Array("/tmp/zones-XXXXXX".utf8CString)
        _ = try #require(mkdtemp(&template))
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try #require(mkdir(folder + "/Test", 0o755) == 0)
    }

    deinit {
        for file in ["Test/Zone", "Test/Damaged", "Test/Near", "localtime", "timezone"] { unlink(folder + "/" + file) }
        for folder in ["/Test/Folder", "/Test", ""] { rmdir(self.folder + folder) }
    }

    private func write(_ bytes: [UInt8], to name: String) throws {
        let file = try #require(fopen(folder + "/" + name, "w"))
        defer { fclose(file) }
        try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    }

    private static func zone(hours: Int64) -> [UInt8] {
        TZif.file(version: 0x32, changes: [], kinds: [(hours * 3_600, "TST")], footer: "TST\(-hours)")
    }

    @Test func aZoneIsFoundByItsName() throws {
        let catalogue = TimeZoneCatalogue()
        for name in [
            "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "America/Port-au-Prince", "EST5EDT",
        ] {
            let zone = try catalogue.zone(named: name)
            #expect(zone.name == name)
            #expect(zone.description == name)
            #expect(try catalogue.zone(named: name) == zone)
        }
        #expect(try catalogue.zone(named: "Etc/GMT+5").offset(at: 0) == -18_000)
    }

    @Test func zonesAreEqualByNameAndRules() throws {
        let (one, other) = (TimeZoneCatalogue(), TimeZoneCatalogue())
        let berlin = try one.zone(named: "Europe/Berlin")
        #expect(try other.zone(named: "Europe/Berlin") == berlin)
        #expect(Set([berlin, try other.zone(named: "Europe/Berlin"), .utc]).count == 2)
        #expect(try one.zone(named: "Europe/Paris") != berlin)
    }

    @Test func utcNeedsNoFile() throws {
        let catalogue = TimeZoneCatalogue(folders: [folder])
        #expect(try catalogue.zone(named: "UTC") == .utc)
        #expect(try catalogue.zone(named: "Etc/UTC").offset(at: 0) == 0)
        #expect(TimeZoneRules.utc.abbreviation(at: 1_790_000_000) == "UTC")
    }

    @Test(arguments: [
        "", "/etc/localtime", "../../etc/passwd", "Europe/../../../etc/passwd", "Europe//Berlin", "Europe/", "/",
        "posix/Europe/Berlin", "right/Europe/Berlin", "posixrules", "localtime", "./UTC", ".", "Europe/Berlin\0",
        "Europe/Ber lin", "-", "Europe/-Berlin", String(repeating: "A", count: 65), "zone.tab", "tzdata.zi", "Europe",
        "leapseconds",
    ])
    func whatIsNoNameOfAZoneIsRefused(_ name: String) {
        let fault = #expect(throws: ScheduleFault.self) { try TimeZoneCatalogue().zone(named: name) }
        #expect(fault?.message.contains { $0.isNewline || $0 == "\0" } == false)
    }

    @Test(arguments: [
        ("Europe/Berlim", "Europe/Berlin"), ("europe/berlin", "Europe/Berlin"), ("Berlin", "Europe/Berlin"),
        ("America/New York", "America/New_York"), ("new_york", "America/New_York"), ("Asia/Calcuta", "Asia/Calcutta"),
        ("Utc", "UTC"), ("lord howe", "Australia/Lord_Howe"),
    ])
    func aMistypedNameIsAnsweredWithNamesLikeIt(_ name: String, _ near: String) {
        let fault = #expect(throws: ScheduleFault.self) { try TimeZoneCatalogue().zone(named: name) }
        #expect(
            fault?.message.hasPrefix("there is no time zone '\(name)'; did you mean \(near)") == true,
            "\(fault?.message ?? "")")
    }

    @Test func whereNothingIsNearTheFaultSaysWhatANameIs() {
        let fault = #expect(throws: ScheduleFault.self) { try TimeZoneCatalogue().zone(named: "Mars/Olympus_Mons") }
        #expect(fault?.message.contains("such as Europe/Berlin") == true)
        let none = #expect(throws: ScheduleFault.self) {
            try TimeZoneCatalogue(folders: [self.folder + "/none"]).zone(named: "Europe/Berlin")
        }
        #expect(none?.message.contains("\(folder)/none") == true)
        #expect(none?.message.contains("TZDIR") == true)
    }

    @Test func aDamagedFileIsAFault() throws {
        try write(Array(Self.zone(hours: 1).dropLast(4)), to: "Test/Damaged")
        let catalogue = TimeZoneCatalogue(folders: [folder])
        let fault = #expect(throws: ScheduleFault.self) { try catalogue.zone(named: "Test/Damaged") }
        #expect(fault?.message.contains("\(folder)/Test/Damaged") == true)
        #expect(fault?.message.contains("ends too early") == true)
        try #require(mkdir(folder + "/Test/Folder", 0o755) == 0)
        #expect(throws: ScheduleFault.self) { try catalogue.zone(named: "Test/Folder") }
        #expect(throws: ScheduleFault.self) { try catalogue.zone(named: "Test") }
    }

    @Test func theFoldersAreSearchedInTheirOrder() throws {
        try write(Self.zone(hours: 2), to: "Test/Zone")
        let environment = ["TZDIR": folder]
        #expect(try TimeZoneCatalogue(environment: environment).zone(named: "Test/Zone").offset(at: 0) == 7_200)
        #expect(throws: ScheduleFault.self) {
            try TimeZoneCatalogue(environment: environment).zone(named: "Europe/Berlin")
        }
        let both = TimeZoneCatalogue(
            folders: [folder] + TimeZoneCatalogue.usualFolders, environment: ["TZDIR": "/none"])
        #expect(try both.zone(named: "Test/Zone").offset(at: 0) == 7_200)
        #expect(try both.zone(named: "Europe/Berlin").offset(at: 0) == 3_600)
        #expect(try TimeZoneCatalogue(environment: ["TZDIR": ""]).zone(named: "Europe/Berlin").offset(at: 0) == 3_600)
    }

    @Test func renewedFilesAreReadAfterAReload() throws {
        try write(Self.zone(hours: 2), to: "Test/Zone")
        let catalogue = TimeZoneCatalogue(folders: [folder])
        let old = try catalogue.zone(named: "Test/Zone")
        try write(Self.zone(hours: 3), to: "Test/Zone")
        #expect(try catalogue.zone(named: "Test/Zone").offset(at: 0) == 7_200)
        catalogue.reload()
        let new = try catalogue.zone(named: "Test/Zone")
        #expect(new.offset(at: 0) == 10_800)
        #expect(old.offset(at: 0) == 7_200)
        #expect(old != new)
    }

    @Test(arguments: [
        ("Europe/Berlin", "Europe/Berlin"), (":Europe/Berlin", "Europe/Berlin"), ("", "UTC"), ("No/Such", "UTC"),
        ("/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin"), ("CET-1CEST,M3.5.0,M10.5.0/3", "UTC"),
        (":/usr/share/zoneinfo/posix/Europe/Berlin", "Europe/Berlin"), ("/etc/passwd", "UTC"),
    ])
    func theVariableTZNamesTheLocalZone(_ value: String, _ name: String) throws {
        try #require(symlink("/usr/share/zoneinfo/Asia/Tokyo", folder + "/localtime") == 0)
        #expect(TimeZoneCatalogue(environment: ["TZ": value], configuration: folder).local() == name)
    }

    @Test func theMachineNamesTheLocalZone() throws {
        let catalogue = TimeZoneCatalogue(configuration: folder)
        #expect(catalogue.local() == "UTC")
        try write(Array("Asia/Tokyo\n".utf8), to: "timezone")
        #expect(catalogue.local() == "Asia/Tokyo")
        try #require(symlink("../usr/share/zoneinfo/Europe/Paris", folder + "/localtime") == 0)
        #expect(catalogue.local() == "Europe/Paris")
        unlink(folder + "/localtime")
        // A copy has no name.
        try write(try TestFile.contents("/usr/share/zoneinfo/Europe/Paris"), to: "localtime")
        #expect(catalogue.local() == "Asia/Tokyo")
        try write(Array("../etc/passwd\n".utf8), to: "timezone")
        #expect(catalogue.local() == "UTC")
    }

    @Test func manyMayAskAtOnce() async throws {
        let catalogue = TimeZoneCatalogue()
        let zones = try await withThrowingTaskGroup(of: TimeZoneRules.self) { group in
            for index in 0..<40 {
                group.addTask { try catalogue.zone(named: OracleZones.names[index % 8]) }
            }
            return try await group.reduce(into: Set<TimeZoneRules>()) { $0.insert($1) }
        }
        #expect(zones.count == 8)
    }
}
