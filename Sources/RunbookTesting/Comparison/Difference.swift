internal import Operations

/// One thing that is not as it was expected.
public struct Difference: Sendable, Hashable {
    /// What it is about: `result.unlocked[1]`, `changes`, `status`.
    public let what: String
    /// What was expected, for a person.
    public let expected: String
    /// What was there, for a person.
    public let found: String

    init(_ what: String, expected: String, found: String) {
        self.what = what
        self.expected = expected
        self.found = found
    }
}

extension Difference: CustomStringConvertible {
    /// On one line: `status: expected succeeded, found failed`.
    public var description: String { "\(what): expected \(expected), found \(found)" }
}
