public import Operations

/// What a run did, read from its journal.
///
/// The journal is read in pages and told in order, so that a run of any length takes little memory: ``entries`` holds no
/// more than the calls that were made while the oldest one without an answer waited.
public struct RunHistory: Sendable {
    /// The run.
    public let record: RunRecord
    /// What is left to do for it.
    public let standing: RunStanding
    private let store: any RunStore
    private let catalogue: Catalogue
    private let page: Int

    /// The history of a run.
    ///
    /// - Parameters:
    ///   - record: the run.
    ///   - store: where it is kept.
    ///   - catalogue: tells which changes can be without effect. Default: both APIs.
    ///   - page: how many rows are read at once. Default: 2,000.
    ///   - isAlive: whether an owner lives; `nil` if that cannot be told from here.
    public init(
        of record: RunRecord, in store: any RunStore, catalogue: Catalogue = .standard, page: Int = 2_000,
        isAlive: (RunOwner) -> Bool?
    ) {
        self.record = record
        self.store = store
        self.catalogue = catalogue
        self.page = max(1, page)
        standing = RunStanding(record, isAlive: isAlive)
    }

    /// All that happened, each call at the place where it began.
    public var entries: Entries {
        Entries(
            run: record.id, store: store, page: page,
            assembly: HistoryAssembly(
                mode: record.mode, isUnderWay: standing.mayGoOnByItself, catalogue: catalogue))
    }

    /// The entries of a history, read from the store as they are asked for.
    public struct Entries: AsyncSequence, Sendable {
        /// What it is made of.
        public typealias Element = HistoryEntry
        /// Why it may end early.
        public typealias Failure = StoreError

        fileprivate let run: String
        fileprivate let store: any RunStore
        fileprivate let page: Int
        fileprivate let assembly: HistoryAssembly

        /// Reads the journal from its beginning.
        public func makeAsyncIterator() -> Iterator { Iterator(entries: self, assembly: assembly) }

        /// Reads them one by one.
        public struct Iterator: AsyncIteratorProtocol {
            fileprivate let entries: Entries
            fileprivate var assembly: HistoryAssembly
            private var last: Int64 = 0
            private var isAtEnd = false

            fileprivate init(entries: Entries, assembly: HistoryAssembly) {
                self.entries = entries
                self.assembly = assembly
            }

            /// - Throws: ``StoreError``.
            public mutating func next(
                isolation actor: isolated (any Actor)?
            ) async throws(StoreError) -> HistoryEntry? {
                while true {
                    if let entry = assembly.next() { return entry }
                    guard !isAtEnd else { return nil }
                    let rows = try await entries.store.journal(of: entries.run, after: last, limit: entries.page)
                    if let row = rows.last {
                        last = row.sequence
                        for row in rows { assembly.add(row) }
                    } else {
                        isAtEnd = true
                        assembly.end()
                    }
                }
            }
        }
    }
}
