public import Operations

/// Runs the tests that stand beside runbooks, each in a world of its own, in this process and without a network.
///
/// ```swift
/// let results = try await RunbookTester().run(TestFile(tests: tests, of: runbook)) { event in … }
/// ```
///
/// Runbook and tests run on a machine in this process: a case takes its runbook through a few dozen runs, and a confined
/// worker takes as long to start as one of them in all. They see no file, no network and no credential; but a fault in the
/// Lua library is not caught, so test only runbooks that you would look at. Time is the tests' own and stands still while
/// anything is done; in real time each run has ``patience``, and one that does not come back even then is given up.
public struct RunbookTester: Sendable {
    /// The operations that runbooks may call. Default: both APIs.
    public var catalogue: Catalogue
    /// How long one run may take in real time. Default: 10 s.
    public var patience: Duration
    /// What the names of the cases must contain, in any case; empty for all. Default: empty.
    public var filter: String

    /// A tester; see the members for the defaults.
    public init(catalogue: Catalogue = .standard, patience: Duration = .seconds(10), filter: String = "") {
        self.catalogue = catalogue
        self.patience = patience
        self.filter = filter
    }

    /// Runs the cases of a test file, one after the other.
    ///
    /// - Parameters:
    ///   - file: the file.
    ///   - tell: is told of each test as soon as it has ended.
    /// - Returns: how many cases the file has, also those that the filter leaves out.
    /// - Throws: ``TestSetupError`` if no test can be run here.
    @discardableResult
    public func run(
        _ file: TestFile, tell: @escaping @Sendable (TestEvent) -> Void
    ) async throws(TestSetupError) -> Int {
        let session = try FileSession(file, tester: self, tell: tell)
        return await session.run()
    }
}
