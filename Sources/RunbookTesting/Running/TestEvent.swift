/// What happens while tests are run.
public enum TestEvent: Sendable, Hashable {
    /// A test has ended.
    case result(TestResult)
    /// A test file has printed something.
    case note(String)
}
