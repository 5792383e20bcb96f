import Operations
import RunbookHost

/// The calls of a run as bars on lanes.
///
/// It is made from the entries one by one and keeps a few numbers of each call, so that the longest run can be drawn; the
/// texts are kept of so many only as can be drawn one by one.
struct Timeline {
    /// What a bar looks like.
    enum Look: UInt8, CaseIterable {
        case read, wait, change, mixed, planned, notSent, failed, unknown

        /// Whether such a bar is never hidden in another.
        var isNotable: Bool { self == .failed || self == .unknown }

        /// The class in the style sheet.
        var name: String {
            switch self {
            case .read: "r"
            case .wait: "w"
            case .change: "c"
            case .mixed: "m"
            case .planned: "p"
            case .notSent: "n"
            case .failed: "f"
            case .unknown: "u"
            }
        }
    }

    /// A bar: a call, or several that are too close to each other to be told apart.
    struct Bar {
        var lane: Int
        var look: Look
        var start: Int64
        var end: Int64
        /// How many calls it stands for.
        var count = 1
        /// How many of them are changes.
        var changes = 0
        /// The first call.
        var call: UInt32
        /// What it is, if it stands for one call.
        var text: String
    }

    /// A moment that is worth a mark.
    struct Mark {
        let time: Int64
        let look: String
        let text: String
    }

    /// More bars than this are put together.
    static let mostBars = 4_000

    private struct Call {
        let number: UInt32
        let task: UInt32
        let look: Look
        let isChange: Bool
        let operation: Int
        let start: Int64
        let end: Int64?
    }

    private var calls: [Call] = []
    private var texts: [UInt32: String] = [:]
    private var operations: [String] = []
    private var operationPlaces: [String: Int] = [:]
    private(set) var marks: [Mark] = []
    private var last: Int64 = 1

    /// How long the run was under way, in milliseconds; never 0.
    var duration: Int64 { last }
    var isEmpty: Bool { calls.isEmpty }
    /// How many calls there are.
    var count: Int { calls.count }

    mutating func add(_ entry: HistoryEntry) {
        switch entry {
        case .call(let call): add(call)
        case .log(let line) where line.level == "warn" || line.level == "error":
            guard marks.count < Self.mostBars else { return }
            mark(line.start, line.level == "error" ? "e" : "a", "\(line.level): \(line.text)")
        case .log: break
        case .decision(let call, let wasSent, _, _, let start):
            mark(start, "d", "call \(call): decided that it was \(wasSent ? "sent" : "not sent")")
        case .resumption(let owner, _, let start):
            mark(start, "d", "resumed" + (owner.map { " on \($0.host)" } ?? ""))
        }
    }

    private mutating func mark(_ time: Int64, _ look: String, _ text: String) {
        marks.append(Mark(time: time, look: look, text: text))
        last = max(last, time)
    }

    private mutating func add(_ call: RecordedCall) {
        // Reading the clock, and the manifest, take no time.
        guard call.effect != nil || call.operation == "sleep" || call.operation == "confirm" else { return }
        let place = operationPlaces[call.operation] ?? operations.count
        if place == operations.count {
            operationPlaces[call.operation] = place
            operations.append(call.operation)
        }
        let look = Self.look(call)
        // Only what may still be answered goes on to the end.
        let isOpen = call.outcome == .unknown || call.outcome == .pending
        calls.append(
            Call(
                number: call.number, task: call.task, look: look, isChange: call.isChange, operation: place,
                start: call.start, end: call.end ?? (isOpen ? nil : call.start)))
        last = max(last, call.end ?? call.start)
        guard texts.count < Self.mostBars || look.isNotable else { return }
        var text = "#\(call.number)  \(call.called)\n\(Wording.offset(call.start)) s"
        if let duration = call.duration { text += ", took \(Wording.span(duration))" }
        if call.attempts > 1 { text += ", \(call.attempts) attempts" }
        texts[call.number] = text + ", \(Wording.outcome(call))"
    }

    private static func look(_ call: RecordedCall) -> Look {
        switch call.outcome {
        case .failed: .failed
        case .unknown: .unknown
        case .planned: .planned
        case .notSent, .unanswered: .notSent
        case .done, .pending: call.effect == nil ? .wait : call.isChange ? .change : .read
        }
    }

    // MARK: Lanes

    /// The lane of each task: the main task has the first one; the others share those that are free while they live.
    private func lanes() -> (places: [UInt32: Int], count: Int) {
        var spans: [UInt32: (start: Int64, end: Int64)] = [:]
        for call in calls {
            let end = call.end ?? last
            let span = spans[call.task] ?? (call.start, end)
            spans[call.task] = (min(span.start, call.start), max(span.end, end))
        }
        var places: [UInt32: Int] = [1: 0]
        var free: [Int64] = [.max]
        let others = spans.filter { $0.key != 1 }
            .sorted { ($0.value.start, $0.key) < ($1.value.start, $1.key) }
        for (task, span) in others {
            let place = free.firstIndex { $0 <= span.start } ?? free.count
            if place == free.count { free.append(span.end) } else { free[place] = span.end }
            places[task] = place
        }
        return (places, free.count)
    }

    /// The bars, those that must be seen last, and how many lanes they are on.
    func bars() -> (bars: [Bar], lanes: Int) {
        let (places, count) = lanes()
        let bars = calls.map { call in
            Bar(
                lane: places[call.task] ?? 0, look: call.look, start: call.start, end: call.end ?? last,
                changes: call.isChange ? 1 : 0, call: call.number,
                text: texts[call.number] ?? "#\(call.number)  \(operations[call.operation])")
        }.sorted { ($0.lane, $0.start, $0.call) < ($1.lane, $1.start, $1.call) }
        let notable = bars.filter(\.look.isNotable), usual = bars.filter { !$0.look.isNotable }
        // What went wrong is only put together if it is most of all.
        let isCrowded = notable.count > Self.mostBars / 2
        // As close as a pixel of a wide screen, then twice that, until few enough are left.
        var step: Int64 = 0
        while true {
            let drawn =
                step == 0
                ? usual + notable
                : Self.merged(usual, step) + (isCrowded ? Self.merged(notable, step) : notable)
            if drawn.count <= Self.mostBars || step > last { return (drawn, count) }
            step = step == 0 ? max(1, last / 4_096) : step * 2
        }
    }

    /// Bars of one lane that begin within the same `step` milliseconds are put together.
    private static func merged(_ bars: [Bar], _ step: Int64) -> [Bar] {
        var merged: [Bar] = []
        for bar in bars {
            guard var before = merged.last, before.lane == bar.lane, before.start / step == bar.start / step else {
                merged.append(bar)
                continue
            }
            before.end = max(before.end, bar.end)
            before.count += bar.count
            before.changes += bar.changes
            if before.look != bar.look { before.look = bar.look.isNotable ? .failed : .mixed }
            merged[merged.count - 1] = before
        }
        return merged
    }
}
