/// Checks an audit log line by line and names the first thing that is wrong.
///
/// A line is sound if it is the canonical text of its members and has the hash that it says; so no byte of it can be another
/// one, not even in a way that JSON does not care about. The log is whole if every line is sound, has the place that follows
/// and holds the hash of the line before.
///
/// It keeps one line and the checkpoints, however long the log is.
///
/// ```swift
/// var verifier = AuditVerifier(checkpoints: checkpoints)
/// for line in lines { verifier.read(line) }
/// let verification = verifier.finish(head: head)
/// ```
public struct AuditVerifier: Sendable {
    /// What the lines to come decide about the first fault.
    private enum Doubt {
        /// Lines are not where they belong: are they anywhere?
        case gap(missing: ClosedRange<Int64>, line: Int64, found: Int64)
        /// A line does not hold the hash of the one before: which of the two was exchanged?
        case link(line: Int64, sequence: Int64, hash: String)
    }

    private var verification = AuditVerification()
    /// The place that the next line has.
    private var expected: Int64
    /// The hash that it holds; `nil` if nothing is known of the line before.
    private var previous: String?
    private var doubt: Doubt?
    /// By their place.
    private let checkpoints: [AuditCheckpoint]
    private var nextCheckpoint = 0

    /// A verifier.
    ///
    /// - Parameters:
    ///   - start: the place that the first line must have. Default: 1, and nothing is missing before it.
    ///   - checkpoints: signed statements about the log, their signatures checked before. Default: none.
    public init(from start: Int64 = 1, checkpoints: [AuditCheckpoint] = []) {
        expected = start
        previous = start == 1 ? AuditLine.start : nil
        self.checkpoints = checkpoints.sorted { $0.sequence < $1.sequence }
        while let checkpoint = checkpointToCome, checkpoint.sequence < start {
            // What was signed for the line before the first is as good as that line.
            if checkpoint.sequence == start - 1 { previous = checkpoint.hash }
            nextCheckpoint += 1
        }
    }

    /// Whether more lines can change the result: if not, reading on is of no use.
    public var isDecided: Bool { verification.fault != nil && doubt == nil }

    /// Reads the next line of a text, without its line end.
    public mutating func read(_ text: [UInt8]) { check(text, filed: nil) }

    /// Reads the next line of a store, with what the store says of it.
    public mutating func read(_ line: AuditLine) { check(line.text, filed: line) }

    /// Says that the next line is longer than any that was ever written.
    public mutating func readOverlongLine() {
        verification.lines += 1
        guard !settles(nil), verification.fault == nil else { return }
        fail(
            .notJSON,
            "line \(expected) is damaged: it has no end where a line could have one. Something else stands in its place"
        )
    }

    /// Says that the log has ended.
    ///
    /// - Parameter head: the last line as a store remembers it; `nil` if nothing is known of it, as of a file. A store that
    ///   remembers none has the place 0.
    public mutating func finish(head: AuditHead? = nil) -> AuditVerification {
        _ = settles(nil)
        // Nobody follows who could decide: the fault stands as it was found.
        doubt = nil
        if verification.fault == nil { checkEnd(head) }
        return verification
    }

    // MARK: Lines

    private mutating func check(_ text: [UInt8], filed: AuditLine?) {
        verification.lines += 1
        if isDecided { return }
        let entry: AuditEntry
        switch AuditEntry.read(text) {
        case .success(let sound): entry = sound
        case .failure(let damage):
            guard !settles(nil), verification.fault == nil else { return }
            return fail(damage.kind, "line \(expected) \(damage.reason)")
        }
        guard !settles(entry), verification.fault == nil else { return }
        guard entry.sequence == expected else { return misplaced(entry) }
        guard previous == nil || entry.previous == previous else { return unlinked(entry) }
        if let filed, filed.sequence != entry.sequence || filed.hash != entry.hash {
            return fail(
                .misfiled,
                "line \(expected) is filed under another number or hash than it has itself: its text is as it was written, and "
                    + "the store's own columns beside it were altered")
        }
        accept(entry)
    }

    private mutating func accept(_ entry: AuditEntry) {
        if verification.first == nil {
            verification.first = entry.sequence
            verification.began = entry.time
        }
        while let checkpoint = checkpointToCome, checkpoint.sequence == entry.sequence {
            guard checkpoint.hash == entry.hash else { return rewritten(checkpoint) }
            verification.confirmed.append(checkpoint)
            nextCheckpoint += 1
        }
        verification.head = AuditHead(sequence: entry.sequence, hash: entry.hash)
        verification.ended = entry.time
        if let given = entry.givenCheckpoint { verification.lastGiven = given }
        expected = entry.sequence + 1
        previous = entry.hash
    }

    // MARK: Faults

    private mutating func fail(_ kind: AuditFault.Kind, sequence: Int64? = nil, _ message: String) {
        verification.fault = AuditFault(
            kind, line: verification.lines, sequence: sequence ?? expected, message: message)
    }

    private mutating func misplaced(_ entry: AuditEntry) {
        guard entry.sequence > expected else {
            let isSame = entry.hash == verification.head?.hash
            return fail(
                .repeated, sequence: entry.sequence,
                "line \(entry.sequence) stands in the log again, behind line \(expected - 1): "
                    + (isSame ? "it was copied" : "it, or another line of that number, was copied or moved there"))
        }
        let missing = expected...entry.sequence - 1
        let lines = missing.count == 1 ? "line \(expected) is" : "lines \(expected) to \(missing.upperBound) are"
        fail(
            .missing,
            "\(lines) missing: line \(entry.sequence) follows "
                + (expected == 1 ? "at once" : "line \(expected - 1)") + ". Somebody has removed "
                + (missing.count == 1 ? "it" : "them"))
        doubt = .gap(missing: missing, line: verification.lines, found: entry.sequence)
    }

    private mutating func unlinked(_ entry: AuditEntry) {
        guard expected > 1 else {
            return fail(
                .exchanged, "line 1 follows a line that is not there: it was exchanged, or lines before it were removed"
            )
        }
        guard verification.first != nil else {
            return fail(
                .rewritten,
                "line \(expected) was not written behind the line \(expected - 1) that a checkpoint was signed for, although it "
                    + "fits itself: the log was written anew")
        }
        fail(
            .exchanged, sequence: expected - 1,
            "line \(expected - 1) or line \(expected) is not the one that was written: each has a hash that fits itself, and line "
                + "\(expected) was not written behind this line \(expected - 1). One of them was exchanged and its hash computed anew"
        )
        doubt = .link(line: verification.lines, sequence: entry.sequence, hash: entry.hash)
    }

    private mutating func rewritten(_ checkpoint: AuditCheckpoint) {
        let known = verification.confirmed.last.map { "behind line \($0.sequence)" } ?? "from its first line on"
        fail(
            .rewritten, sequence: checkpoint.sequence,
            "line \(checkpoint.sequence) is not the one that the checkpoint on \(checkpoint.host) was signed "
                + "for, although the lines fit together: somewhere \(known), and at the latest there, the log was written anew"
        )
    }

    /// Whether a doubt about the first fault is settled by this line; `nil` stands for one that says nothing, and for the end.
    private mutating func settles(_ entry: AuditEntry?) -> Bool {
        switch doubt {
        case .gap(let missing, let line, let found):
            guard let entry, missing.contains(entry.sequence) else { return false }
            verification.fault = AuditFault(
                .outOfOrder, line: line, sequence: missing.lowerBound,
                message:
                    "line \(found) stands where line \(missing.lowerBound) belongs, and line \(entry.sequence) comes only later "
                    + "(as number \(verification.lines) of what was read): lines were put into another order")
            doubt = nil
            return true
        case .link(let line, let sequence, let hash):
            doubt = nil
            guard let entry, entry.sequence == sequence + 1 else { return true }
            // The one that its neighbour does not know is the wrong one.
            let isFollowed = entry.previous == hash
            let wrong = isFollowed ? sequence - 1 : sequence
            verification.fault = AuditFault(
                .exchanged, line: isFollowed ? line - 1 : line, sequence: wrong,
                message:
                    "line \(wrong) is not the one that was written: it has a hash that fits itself, and its neighbours were "
                    + "written beside another one. It was exchanged and its hash computed anew")
            return true
        case nil: return false
        }
    }

    // MARK: The end

    private var checkpointToCome: AuditCheckpoint? {
        nextCheckpoint < checkpoints.count ? checkpoints[nextCheckpoint] : nil
    }

    private mutating func checkEnd(_ head: AuditHead?) {
        let last = expected - 1
        let end = last == 0 ? "the log is empty" : "the log ends with line \(last)"
        func missing(_ until: Int64) -> String {
            until == expected ? "line \(until) was cut off" : "lines \(expected) to \(until) were cut off"
        }
        verification.lines += 1
        defer { verification.lines -= 1 }
        // The checkpoint says more: it comes from outside.
        if let checkpoint = checkpoints.last, checkpoint.sequence > last {
            fail(
                .cutOff,
                "\(end), and the checkpoint on \(checkpoint.host) was signed for line "
                    + "\(checkpoint.sequence): \(missing(checkpoint.sequence))")
        } else if let head, head.sequence > last {
            fail(
                .cutOff, "\(end), and its store remembers line \(head.sequence) as the last: \(missing(head.sequence))")
        } else if let head, head.sequence < last, verification.first != nil {
            let remembered = head.sequence == 0 ? "no line at all" : "line \(head.sequence) as the last one"
            fail(
                .beyondEnd, sequence: head.sequence + 1,
                "line \(head.sequence + 1) was not written by runbook: the store remembers \(remembered). Somebody has added lines "
                    + "beside it, or altered what it remembers")
        } else if let head, head.sequence == last, head.hash != verification.head?.hash, verification.first != nil {
            fail(
                .rewritten, sequence: last,
                "line \(last) is not the one that the store remembers as the last, although the lines fit together: the log was "
                    + "written anew, from its first line on or from a later one")
        }
    }
}
