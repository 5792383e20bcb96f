/// Reads the files in which systems keep time zones.
///
/// Source: RFC 9636, versions 1 to 4. Nothing is believed of a file: every number in it is checked before it is used.
struct TZifReader {
    /// Bytes a file may have. The greatest of the system's has 4,000.
    static let greatestSize = 1_048_576

    private struct Header {
        var version: UInt8
        var utcIndicators: Int
        var standardIndicators: Int
        var leapSeconds: Int
        var changes: Int
        var kinds: Int
        var characters: Int

        /// Bytes of the data after the header.
        func dataSize(timeSize: Int) -> Int {
            changes * (timeSize + 1) + kinds * 6 + characters + leapSeconds * (timeSize + 4) + standardIndicators
                + utcIndicators
        }
    }

    /// Seconds since 1970 a change may be at: from the Big Bang, which older files name, to the year 9999.
    private static let instants: ClosedRange<Int64> = -(1 << 59)...253_402_300_799
    /// Seconds east of UTC: less than 25 hours to the west, less than 26 to the east.
    private static let offsets: ClosedRange<Int64> = -89_999...93_599

    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// - Throws: ``TZifFault``.
    static func read(_ bytes: [UInt8]) throws(TZifFault) -> ZoneTable {
        var reader = TZifReader(bytes)
        return try reader.table()
    }

    private mutating func table() throws(TZifFault) -> ZoneTable {
        guard bytes.count <= Self.greatestSize else { throw TZifFault("it is far too large") }
        var header = try header()
        var timeSize = 4
        if header.version != 0 {
            // What follows is for readers of version 1; all of it comes again with 64 bits for the times.
            _ = try take(header.dataSize(timeSize: 4))
            header = try self.header()
            timeSize = 8
        }
        guard header.leapSeconds == 0 else {
            throw TZifFault("it counts leap seconds, which the system's clock does not")
        }
        guard (1...255).contains(header.kinds), header.characters > 0 else {
            throw TZifFault("it says no time, or too many")
        }
        let start = position
        guard header.dataSize(timeSize: timeSize) <= bytes.count - position else { throw Self.truncated }
        let changes = try changes(header, timeSize: timeSize)
        let kinds = try kinds(header)
        position = start + header.dataSize(timeSize: timeSize)
        let rule = header.version == 0 ? nil : try footer()
        // The table may add two of the rule's.
        guard kinds.count + (rule?.saving == nil ? 0 : 2) <= 256 else { throw TZifFault("it says too many times") }
        if changes.isEmpty, let rule, rule.saving == nil {
            return ZoneTable(changes: [], kinds: [rule.standard], rule: nil)
        }
        return ZoneTable(changes: changes, kinds: kinds, rule: rule)
    }

    private static let truncated = TZifFault("it ends too early")

    private mutating func take(_ count: Int) throws(TZifFault) -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else { throw Self.truncated }
        defer { position += count }
        return bytes[position..<position + count]
    }

    private mutating func number(_ size: Int) throws(TZifFault) -> Int64 {
        let bits = try take(size).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return size == 4 ? Int64(Int32(truncatingIfNeeded: bits)) : Int64(bitPattern: bits)
    }

    private mutating func count() throws(TZifFault) -> Int {
        let number = try number(4)
        // No count can be greater than the file, so that their sums cannot overflow.
        guard (0...Int64(bytes.count)).contains(number) else { throw Self.truncated }
        return Int(number)
    }

    private mutating func header() throws(TZifFault) -> Header {
        guard try take(4).elementsEqual("TZif".utf8) else { throw TZifFault("it is no file of a time zone") }
        guard let version = try take(1).first, version == 0 || version >= UInt8(ascii: "2") else {
            throw TZifFault("its version is not known")
        }
        _ = try take(15)
        let utcIndicators = try count()
        let standardIndicators = try count()
        let leapSeconds = try count()
        let changes = try count()
        let kinds = try count()
        return Header(
            version: version, utcIndicators: utcIndicators, standardIndicators: standardIndicators,
            leapSeconds: leapSeconds, changes: changes, kinds: kinds, characters: try count())
    }

    private mutating func changes(
        _ header: Header, timeSize: Int
    ) throws(TZifFault) -> [(instant: Int64, place: UInt8)] {
        var changes: [(instant: Int64, place: UInt8)] = []
        changes.reserveCapacity(header.changes)
        for _ in 0..<header.changes {
            let instant = try number(timeSize)
            guard Self.instants.contains(instant), changes.last.map({ $0.instant < instant }) ?? true else {
                throw TZifFault("its changes are out of order or out of reach")
            }
            changes.append((instant, 0))
        }
        for (index, place) in try take(header.changes).enumerated() {
            guard Int(place) < header.kinds else { throw TZifFault("a change in it leads nowhere") }
            changes[index].place = place
        }
        return changes
    }

    private mutating func kinds(_ header: Header) throws(TZifFault) -> [ZoneKind] {
        var entries: [(offset: Int64, name: Int)] = []
        for _ in 0..<header.kinds {
            let offset = try number(4)
            guard Self.offsets.contains(offset) else { throw TZifFault("an offset in it is greater than a day") }
            let rest = try take(2)
            entries.append((offset, Int(rest[rest.startIndex + 1])))
        }
        let characters = Array(try take(header.characters))
        var kinds: [ZoneKind] = []
        for entry in entries {
            guard entry.name < characters.count, let end = characters[entry.name...].firstIndex(of: 0) else {
                throw TZifFault("an abbreviation in it has no end")
            }
            let name = characters[entry.name..<end]
            guard name.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw TZifFault("an abbreviation in it is no text")
            }
            kinds.append(ZoneKind(offset: entry.offset, abbreviation: String(decoding: name, as: UTF8.self)))
        }
        return kinds
    }

    /// The rule for the years to come; `nil` if there is none: the last kind holds for ever.
    private mutating func footer() throws(TZifFault) -> POSIXRule? {
        let newline = UInt8(ascii: "\n")
        guard try take(1).first == newline, let end = bytes[position...].firstIndex(of: newline) else {
            throw Self.truncated
        }
        let text = Array(bytes[position..<end])
        return text.isEmpty ? nil : try POSIXRuleReader.read(text)
    }
}
