/// What became of one test: a case, or one of the checks that are made of every case.
public struct TestResult: Sendable, Hashable {
    /// How it ended.
    public enum Status: Sendable, Hashable {
        /// As expected.
        case passed
        /// Not as expected.
        case failed
        /// It was left out, for this reason.
        case skipped(String)

        /// Whether it was left out.
        public var isSkipped: Bool {
            if case .skipped = self { true } else { false }
        }
    }

    /// The test file.
    public let file: String
    /// What it is called: the case's name, and the check's if it is one: `unlocks them: plan equals apply`.
    public let name: String
    /// Where the case stands, `file:line`.
    public let location: String
    /// How it ended.
    public let status: Status
    /// What is wrong, in a sentence or two; empty if nothing is, or the differences tell all.
    public let message: String
    /// What is not as it was expected.
    public let differences: [Difference]
    /// What the server has carried out, for whoever looks for the reason: `users.unlock(7)`.
    public let changes: [String]
    /// The run's log lines, for the same.
    public let log: [String]
    /// How long it took, in real time.
    public let duration: Duration
}

extension TestResult {
    /// What a test file is called as a test of its own: it fails if its cases cannot be run.
    static let wholeFile = "the test file"

    /// A test file whose cases cannot be run.
    ///
    /// - Parameters:
    ///   - file: the test file.
    ///   - message: what is wrong with it, and what to do.
    package static func failure(of file: String, _ message: String) -> TestResult {
        TestResult(
            file: file, name: wholeFile, location: "\(file):1", status: .failed, message: message, differences: [],
            changes: [], log: [], duration: .zero)
    }
}
