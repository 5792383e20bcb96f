/// The changes of a zone's clocks, to be looked up in.
///
/// What a zone's rule says of the years to come is written out for 400 years, in which it repeats itself, so that there
/// is one way of looking up for all times.
final class ZoneTable: Sendable {
    /// When each stretch begins, ascending; the first is `Int64.min`.
    let starts: [Int64]
    /// What holds in each stretch: places in ``kinds``.
    let places: [UInt8]
    let kinds: [ZoneKind]
    /// From when on the table repeats itself every 400 years; `nil` if the last stretch has no end.
    let cycleStart: Int64?
    /// The least and the greatest of all offsets.
    let offsets: ClosedRange<Int64>

    /// - Parameters:
    ///   - changes: when the clocks are changed to which of the kinds, ascending.
    ///   - kinds: at least one; the first holds before all changes.
    ///   - rule: what holds after the last change, if the clocks go on being changed.
    init(changes: [(instant: Int64, place: UInt8)], kinds: [ZoneKind], rule: POSIXRule?) {
        var starts: [Int64] = [.min]
        var places: [UInt8] = [0]
        var kinds = kinds
        for change in changes {
            starts.append(change.instant)
            places.append(change.place)
        }
        var cycleStart: Int64?
        if let rule, let saving = rule.saving {
            let last = changes.last?.instant ?? Self.firstYear
            let standardPlace = Self.place(of: rule.standard, in: &kinds)
            let savingPlace = Self.place(of: saving.kind, in: &kinds)
            let firstYear = CivilDate(days: last.dividedDown(by: 86_400)).year
            var end = Int64.max
            for year in (firstYear - 1)...(firstYear + 402) {
                for change in rule.changes(in: year) where change.instant > last && change.instant < end {
                    if cycleStart == nil {
                        cycleStart = change.instant
                        end = change.instant + CivilDate.secondsOfCycle
                    }
                    // A rule may end the saving in the second in which it begins again: that is no change.
                    if starts.last == change.instant {
                        if change.isSaving { places[places.count - 1] = savingPlace }
                    } else if let previous = starts.last, previous < change.instant {
                        starts.append(change.instant)
                        places.append(change.isSaving ? savingPlace : standardPlace)
                    }
                }
            }
        }
        self.starts = starts
        self.places = places
        self.kinds = kinds
        self.cycleStart = cycleStart
        let used = Set(places).map { kinds[Int($0)].offset }
        offsets = (used.min() ?? 0)...(used.max() ?? 0)
    }

    /// The start of the year 1: earlier times are in no zone's table.
    private static let firstYear: Int64 = -62_135_596_800

    private static func place(of kind: ZoneKind, in kinds: inout [ZoneKind]) -> UInt8 {
        if let place = kinds.firstIndex(of: kind) { return UInt8(place) }
        kinds.append(kind)
        return UInt8(kinds.count - 1)
    }

    /// The stretch a second is in.
    func segment(at instant: Int64) -> ZoneSegment {
        let shift = shift(at: instant)
        let index = index(at: instant - shift)
        let next = index + 1
        let end: Int64 =
            if next < starts.count { starts[next] + shift } else if let cycleStart {
                cycleStart + CivilDate.secondsOfCycle + shift
            } else { .max }
        return ZoneSegment(
            start: index == 0 ? .min : starts[index] + shift, end: end, offset: kinds[Int(places[index])].offset)
    }

    func kind(at instant: Int64) -> ZoneKind {
        kinds[Int(places[index(at: instant - shift(at: instant))])]
    }

    /// How many whole cycles a second is after the first one, in seconds.
    private func shift(at instant: Int64) -> Int64 {
        guard let cycleStart, instant >= cycleStart else { return 0 }
        return (instant - cycleStart) / CivilDate.secondsOfCycle * CivilDate.secondsOfCycle
    }

    /// The last stretch that begins at the second or before it.
    private func index(at instant: Int64) -> Int {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= instant { low = middle } else { high = middle }
        }
        return low
    }
}

extension ZoneTable: Hashable {
    static func == (left: ZoneTable, right: ZoneTable) -> Bool {
        left === right
            || left.starts == right.starts && left.places == right.places && left.kinds == right.kinds
                && left.cycleStart == right.cycleStart
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(starts.count)
        hasher.combine(places)
    }
}
