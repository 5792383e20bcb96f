internal import Operations

/// Puts the rows of a journal together to what they tell.
///
/// An entry is told when it is complete and so are all before it.
struct HistoryAssembly: Sendable {
    private struct Slot {
        var entry: HistoryEntry
        var isComplete: Bool
        /// Whether a change was about to be sent.
        var wasBegun = false
        /// What was said of it before there was an outcome.
        var wasSettledAsSent: Bool?
    }

    private let settlement: CallSettlement
    private let isUnderWay: Bool
    private var slots: [Slot] = []
    /// How many slots were told and are still in ``slots``.
    private var told = 0
    /// How many slots were told and dropped.
    private var dropped = 0
    /// Where the calls without an outcome stand, counted from the first slot ever.
    private var open: [UInt32: Int] = [:]

    /// How many entries are held, told or not.
    var held: Int { slots.count }

    init(mode: RunMode, isUnderWay: Bool, catalogue: Catalogue) {
        settlement = CallSettlement(mode: mode, catalogue: catalogue)
        self.isUnderWay = isUnderWay
    }

    /// The next entry that is complete.
    mutating func next() -> HistoryEntry? {
        guard told < slots.count, slots[told].isComplete else { return nil }
        defer {
            told += 1
            // Not each time: the rest has to be moved.
            if told >= 1_024, told * 2 >= slots.count {
                slots.removeFirst(told)
                dropped += told
                told = 0
            }
        }
        return slots[told].entry
    }

    mutating func add(_ row: JournalRow) {
        switch row.kind {
        case .intent: begin(row)
        case .change:
            update(row.call) { slot, call in
                slot.wasBegun = true
                // One that was not sent is made anew after a resume.
                slot.wasSettledAsSent = nil
                call.decidedAsSent = nil
                call.take(row.readFacts)
            }
        case .outcome: finish(row)
        case .restoration:
            var call = RecordedCall(row)
            call.isRestoration = true
            call.effect = call.effect ?? settlement.catalogue[row.name]?.effect
            // One that went wrong is told by the run's error.
            call.outcome = isUnderWay ? .pending : .done
            slots.append(Slot(entry: .call(call), isComplete: true))
        case .log: slots.append(Slot(entry: .log(RecordedLogLine(row)), isComplete: true))
        case .decision:
            let wasSent = row.name == "sent"
            // The host itself notes that it did not send what it was about to; a person has a name.
            let actor = row.readFacts["actor"]?.stringValue
            update(row.call) { slot, call in
                slot.wasSettledAsSent = wasSent
                if actor != nil { call.decidedAsSent = wasSent }
            }
            guard let actor else { return }
            let entry = HistoryEntry.decision(
                call: row.call, wasSent: wasSent, actor: actor, time: row.unixMilliseconds, start: row.runMilliseconds)
            slots.append(Slot(entry: entry, isComplete: true))
        case .resumption:
            let owner = (try? JSONValue(parsing: row.content)).flatMap { RunOwner($0) }
            let entry = HistoryEntry.resumption(
                owner: owner, time: row.unixMilliseconds, start: row.runMilliseconds)
            slots.append(Slot(entry: entry, isComplete: true))
        }
    }

    /// There are no more rows: what became of the calls without an outcome follows from the rest.
    mutating func end() {
        for place in open.values {
            let index = place - dropped
            guard case .call(var call) = slots[index].entry else { continue }
            if let wasSent = slots[index].wasSettledAsSent {
                call.outcome = wasSent ? .done : .notSent
            } else if isUnderWay {
                call.outcome = .pending
            } else if !call.isChange {
                call.outcome = .unanswered
            } else {
                call.outcome = slots[index].wasBegun ? .unknown : .notSent
            }
            slots[index].entry = .call(call)
            slots[index].isComplete = true
        }
        open = [:]
    }

    // MARK: Calls

    private mutating func begin(_ row: JournalRow) {
        // A call that is sent once more after a resume is still one call.
        guard open[row.call] == nil else { return }
        open[row.call] = dropped + slots.count
        slots.append(Slot(entry: .call(RecordedCall(row)), isComplete: false))
    }

    private mutating func finish(_ row: JournalRow) {
        let settlement = settlement
        update(row.call) { _, call in settlement.settle(&call, row) }
        guard let place = open.removeValue(forKey: row.call) else { return }
        slots[place - dropped].isComplete = true
    }

    private mutating func update(_ number: UInt32, _ change: (inout Slot, inout RecordedCall) -> Void) {
        guard let place = open[number], case .call(var call) = slots[place - dropped].entry else { return }
        change(&slots[place - dropped], &call)
        slots[place - dropped].entry = .call(call)
    }
}

extension RecordedCall {
    /// The call that a row begins.
    fileprivate init(_ row: JournalRow) {
        self.init(
            number: row.call, task: row.task, line: row.line, operation: row.name,
            arguments: ((try? JSONValue(parsing: row.content)) ?? .null).withoutHandles,
            effect: nil, began: row.unixMilliseconds, start: row.runMilliseconds)
        take(row.readFacts)
    }

    /// Takes in what an intent and a change tell of what is changed.
    fileprivate mutating func take(_ facts: JSONValue) {
        if let name = facts["effect"]?.stringValue { effect = EffectClass(rawValue: name) }
        if let json = facts["target"] { target = ChangeTarget(json) }
        if let text = facts["summary"]?.stringValue { summary = text }
        if let changes = facts["changes"]?.arrayValue { differences = changes.compactMap { FieldChange($0) } }
        image = facts["image"] ?? image
        if facts["no_effect"] == true { hasNoEffect = true }
    }
}

extension RecordedLogLine {
    fileprivate init(_ row: JournalRow) {
        let content = ((try? JSONValue(parsing: row.content)) ?? .null).withoutHandles
        self.init(
            level: row.name, message: content["message"]?.stringValue ?? "", fields: content["fields"] ?? .null,
            task: row.task, line: row.line, time: row.unixMilliseconds, start: row.runMilliseconds)
    }
}
