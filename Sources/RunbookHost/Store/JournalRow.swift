internal import Crypto

/// One row of a run's journal, as a store keeps it. A store need not understand it.
public struct JournalRow: Sendable, Hashable {
    /// What a row tells.
    public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
        /// A call was made by the script: ``name`` is the operation, ``content`` its arguments.
        case intent = 1
        /// A call was answered: ``content`` is the answer as the machine gets it.
        case outcome = 2
        /// The script wrote a log line: ``name`` is the level, ``content`` its message and fields.
        case log = 3
        /// A person has decided what became of a call: ``name`` is `sent` or `not_sent`.
        case decision = 4
        /// The host itself made a change, to give back what an update had taken: ``name`` is the operation.
        case restoration = 5
        /// Another process has taken the run over: ``content`` is its owner.
        case resumption = 6
        /// A change is about to be sent: ``facts`` has what it changes. Without this row it was surely not sent.
        case change = 7
    }

    /// The row's place in the journal, from 1, without gaps.
    public var sequence: Int64
    /// What it tells.
    public var kind: Kind
    /// The machine's number of the call; 0 if it is about none.
    public var call: UInt32
    /// The task that made it; 1 is the main one.
    public var task: UInt32
    /// Which call of its task it is, from 1.
    public var position: UInt32
    /// The script's line.
    public var line: UInt32
    /// How the machine reads ``content``: the bits of `MachineReply.Reading`.
    public var flags: UInt32
    /// When, milliseconds since 1970.
    public var unixMilliseconds: Int64
    /// When, milliseconds since the run began.
    public var runMilliseconds: Int64
    /// See ``Kind``.
    public var name: String
    /// See ``Kind``: JSON, without any secret in clear.
    public var content: [UInt8]
    /// What else is known, a JSON object, or nothing. Of an intent `effect`, and `refused` if it was not even begun. Of a
    /// change `target`, `summary`, `changes` (what they were before and are after) and `image` (what an undo restores). Of an
    /// outcome `status`, `attempts`, `ms`, and of one that failed `error` and `delivery`.
    public var facts: [UInt8]
    /// The secrets that ``content`` refers to, sealed; empty if there are none.
    public var sealed: [UInt8]
    /// SHA-256 of the previous row's hash and of this row.
    public var hash: [UInt8]

    /// A row whose place and hash are not known yet.
    public init(
        _ kind: Kind, call: UInt32 = 0, task: UInt32 = 0, position: UInt32 = 0, line: UInt32 = 0, flags: UInt32 = 0,
        unixMilliseconds: Int64, runMilliseconds: Int64, name: String = "", content: [UInt8] = [], facts: [UInt8] = [],
        sealed: [UInt8] = []
    ) {
        sequence = 0
        self.kind = kind
        self.call = call
        self.task = task
        self.position = position
        self.line = line
        self.flags = flags
        self.unixMilliseconds = unixMilliseconds
        self.runMilliseconds = runMilliseconds
        self.name = name
        self.content = content
        self.facts = facts
        self.sealed = sealed
        hash = []
    }

    /// The hash that follows from the previous row's, which is empty for the first.
    public func chainHash(after previous: [UInt8]) -> [UInt8] {
        var hasher = SHA256()
        var head: [UInt8] = []
        head.reserveCapacity(64 + name.utf8.count)
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { head.append(contentsOf: $0) }
        }
        append(sequence)
        append(kind.rawValue)
        for value in [call, task, position, line, flags] { append(value) }
        append(unixMilliseconds)
        append(runMilliseconds)
        let name = Array(name.utf8)
        for part in [name, content, facts, sealed] { append(UInt64(part.count)) }
        hasher.update(data: previous)
        hasher.update(data: head)
        for part in [name, content, facts, sealed] { hasher.update(data: part) }
        return Array(hasher.finalize())
    }
}
