internal import Operations

/// All that a person wants to know of a run besides its single reads: what changed, what did not, what is left to do.
///
/// It keeps the changes and what is worth a remark, and of the rest only numbers.
public struct RunReview: Sendable {
    /// Changes of one kind of target by one operation.
    public struct Group: Sendable, Hashable {
        /// `user`, `role`…; empty if the journal does not say.
        public let targetType: String
        /// The operation.
        public let operation: String
        /// The changes, in their order.
        public var changes: [RecordedCall] = []

        /// How many ended so.
        public func count(_ outcome: RecordedCall.Outcome) -> Int { changes.count { $0.outcome == outcome } }
    }

    /// Something that the run left alone.
    public enum Skip: Sendable, Hashable {
        /// The script said so.
        case said(RecordedLogLine)
        /// A change that found everything as it was to be.
        case noEffect(RecordedCall)
    }

    /// The run.
    public let record: RunRecord
    /// What is left to do for it.
    public let standing: RunStanding
    /// The changes, in their order.
    public private(set) var changes: [RecordedCall] = []
    /// Reads that failed.
    public private(set) var failedReads: [RecordedCall] = []
    /// What was skipped.
    public private(set) var skipped: [Skip] = []
    /// Log lines of the levels `warn` and `error`, besides those that tell of something skipped.
    public private(set) var warnings: [RecordedLogLine] = []
    /// Decisions and resumptions.
    public private(set) var interventions: [HistoryEntry] = []
    /// Calls of operations.
    public private(set) var calls = 0
    /// How often a call was sent once more.
    public private(set) var retries = 0
    /// How long the run was under way, in milliseconds, as far as its journal tells.
    public private(set) var duration: Int64

    /// A review to which nothing was told yet.
    public init(_ record: RunRecord, standing: RunStanding) {
        self.record = record
        self.standing = standing
        duration = record.duration
    }

    /// Reviews a whole run.
    ///
    /// - Throws: ``StoreError``.
    public init(reading history: RunHistory) async throws(StoreError) {
        self.init(history.record, standing: history.standing)
        for try await entry in history.entries { add(entry) }
    }

    /// Takes the next entry in.
    public mutating func add(_ entry: HistoryEntry) {
        switch entry {
        case .call(let call): add(call)
        case .log(let line):
            duration = max(duration, line.start)
            if line.isSkip {
                skipped.append(.said(line))
            } else if line.level == "warn" || line.level == "error" {
                warnings.append(line)
            }
        case .decision(let number, let wasSent, _, _, _):
            interventions.append(entry)
            // The answer that leaves a call unknown may stand before the decision.
            guard let index = changes.lastIndex(where: { $0.number == number && $0.outcome == .unknown }) else {
                return
            }
            changes[index].decidedAsSent = wasSent
            changes[index].outcome = wasSent ? .done : .notSent
        case .resumption: interventions.append(entry)
        }
    }

    private mutating func add(_ call: RecordedCall) {
        duration = max(duration, call.end ?? call.start)
        guard call.effect != nil else { return }
        calls += 1
        retries += max(0, call.attempts - 1)
        guard call.isChange else {
            if call.outcome == .failed { failedReads.append(call) }
            return
        }
        changes.append(call)
        if call.hasNoEffect, call.outcome == .done || call.outcome == .planned { skipped.append(.noEffect(call)) }
    }

    // MARK: What follows

    /// Changes that ended so.
    public func changes(_ outcome: RecordedCall.Outcome) -> [RecordedCall] { changes.filter { $0.outcome == outcome } }

    /// How many changes ended so.
    public func count(_ outcome: RecordedCall.Outcome) -> Int { changes.count { $0.outcome == outcome } }

    /// How many changes were carried out and made a difference.
    public var effective: Int { changes.count { $0.outcome == .done && !$0.hasNoEffect } }

    /// The changes by kind of target and operation, in the order in which they first occur.
    public var groups: [Group] {
        var groups: [Group] = []
        var places: [[String]: Int] = [:]
        for change in changes {
            let key = [change.target?.type ?? "", change.operation]
            if places[key] == nil {
                places[key] = groups.count
                groups.append(Group(targetType: key[0], operation: key[1]))
            }
            if let place = places[key] { groups[place].changes.append(change) }
        }
        return groups
    }
}
