internal import LuaMachine
internal import Operations

/// What an earlier process wrote down of a run, to be gone through again: each call that the script makes must be the one
/// that stands there, and gets the answer that stands there, in the order of the journal.
struct Replay: Sendable {
    /// One call in the journal.
    struct Entry: Sendable {
        let row: JournalRow
        /// The answer, if there was one.
        var outcome: JournalRow?
        /// Whether it may have been sent, as far as changes go.
        var mayBeSent = false
        /// What the journal says of the change, and its row's place.
        var facts: JSONValue = .null
        var begun: Int64 = 0

        /// Whether it was refused before it was counted.
        var isRefused: Bool { (try? JSONValue(parsing: row.facts))?["refused"] != nil }
        /// The call as the script makes it now, once it has.
        var prepared: PreparedCall?
        /// Its place among the run's changes.
        var change: Int?
    }

    /// What does not fit.
    struct Divergence: Error, Sendable {
        let message: String
        let line: UInt32?
    }

    private(set) var entries: [UInt32: Entry] = [:]
    /// Calls in the order in which they were answered.
    private var deliveries: [UInt32] = []
    private var lastCall: UInt32 = 0
    private var matched = 0
    /// Log lines that were written before.
    private(set) var logLines = 0
    /// Calls that the script makes and that do not stand in the journal, in their order.
    var held: [PreparedCall] = []
    /// The last row's place and hash.
    private(set) var sequence: Int64 = 0
    private(set) var hash: [UInt8] = []
    /// How long the run was under way, in milliseconds.
    private(set) var elapsed: Int64 = 0

    init() {}

    /// Takes in the next rows.
    ///
    /// - Throws: ``Divergence`` if the journal itself was altered.
    mutating func read(_ rows: [JournalRow]) throws(Divergence) {
        for row in rows {
            guard row.sequence == sequence + 1, row.chainHash(after: hash) == row.hash else {
                throw Divergence(
                    message:
                        "row \(sequence + 1) of the run's journal is missing or was altered: the run cannot be trusted "
                        + "and is not resumed", line: nil)
            }
            // Times are reckoned with.
            guard (0...1 << 50).contains(row.unixMilliseconds), (0...1 << 50).contains(row.runMilliseconds) else {
                throw Divergence(message: "row \(row.sequence) of the run's journal has no possible time", line: nil)
            }
            sequence = row.sequence
            hash = row.hash
            elapsed = max(elapsed, row.runMilliseconds)
            switch row.kind {
            case .intent:
                entries[row.call] = Entry(row: row)
                lastCall = max(lastCall, row.call)
            case .outcome:
                guard entries[row.call]?.outcome == nil else { continue }
                entries[row.call]?.outcome = row
                deliveries.append(row.call)
            case .change:
                entries[row.call]?.mayBeSent = true
                entries[row.call]?.facts = (try? JSONValue(parsing: row.facts)) ?? .null
                entries[row.call]?.begun = row.sequence
            case .decision:
                // Decided to have been sent, it has an outcome too.
                if row.name == "not_sent" { entries[row.call]?.mayBeSent = false }
            case .log: logLines += 1
            case .restoration, .resumption: break
            }
        }
    }

    /// The calls whose outcome is unknown, in their order.
    var unknown: [Entry] {
        entries.values.filter { $0.outcome == nil && $0.mayBeSent }.sorted { $0.row.call < $1.row.call }
    }

    /// Whether everything in the journal was gone through.
    var isComplete: Bool { matched == entries.count }

    /// Takes a call that the script makes.
    ///
    /// - Returns: its entry; `nil` if it does not stand in the journal and is held.
    mutating func match(_ prepared: PreparedCall, _ sealer: Sealer?) throws(Divergence) -> Entry? {
        let call = prepared.call
        guard let entry = entries[call.id] else {
            guard call.id > lastCall else {
                throw Divergence(
                    message: "\(call.name) is called where the journal has nothing of that call", line: call.line)
            }
            held.append(prepared)
            return nil
        }
        let row = entry.row
        guard row.task == call.task, row.position == prepared.position, row.name == call.name,
            row.isIntent(of: prepared.content, sealer), entry.prepared == nil
        else {
            throw Divergence(
                message: "call \(call.id) of the journal is \(Self.text(row)) (line \(row.line)), and the script calls "
                    + Self.text(name: call.name, content: prepared.content), line: call.line)
        }
        entries[call.id]?.prepared = prepared
        matched += 1
        return entries[call.id]
    }

    /// Notes the place of a call among the run's changes.
    mutating func note(change: Int, of call: UInt32) { entries[call]?.change = change }

    /// Whether the first answer is that to the manifest: with it come the limits of whatever follows.
    var beginsWithManifest: Bool {
        deliveries.first.flatMap { entries[$0]?.row.name } == HostFunction.declare.rawValue
    }

    /// The answers in their order, for the machine.
    func answers() -> [JournalRow] { deliveries.compactMap { entries[$0]?.outcome } }

    /// Calls that have no answer yet, once everything else was gone through.
    var unanswered: [Entry] {
        entries.values.filter { $0.outcome == nil }.sorted { $0.row.call < $1.row.call }
    }

    /// What is left when the script makes no more calls by itself.
    var leftover: Divergence {
        let missing = entries.values.filter { $0.prepared == nil }.min { $0.row.call < $1.row.call }
        guard let missing else {
            return Divergence(message: "the script waits where the journal went on", line: nil)
        }
        return Divergence(
            message:
                "call \(missing.row.call) of the journal is \(Self.text(missing.row)) (line \(missing.row.line)), and the "
                + "script does not make it", line: nil)
    }

    private static func text(_ row: JournalRow) -> String { text(name: row.name, content: row.content) }

    private static func text(name: String, content: [UInt8]) -> String {
        let arguments = (try? JSONValue(parsing: content))?.shortened(bytes: 1_000, elements: 8) ?? .null
        guard let members = arguments.objectValue else {
            return "\(name)(\((arguments.arrayValue ?? []).map(\.text).joined(separator: ", ")))"
        }
        let texts = members.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value.text)" }
        return texts.isEmpty ? "\(name)()" : "\(name) { \(texts.joined(separator: ", ")) }"
    }
}
