public import RunbookHost

/// A test file, and the runbook that it is about.
public struct TestFile: Sendable {
    /// How the name of a test file ends.
    public static let suffix = "_test.lua"

    /// The Lua source of the tests; its name is what errors and reports call it.
    public let tests: Runbook
    /// The runbook that is tested.
    public let runbook: Runbook

    /// Tests of a runbook.
    public init(tests: Runbook, of runbook: Runbook) {
        self.tests = tests
        self.runbook = runbook
    }

    /// The name of the runbook that a test file is about: `unlock.lua` for `unlock_test.lua`; `nil` if it is no test file.
    public static func runbook(of name: String) -> String? {
        name.hasSuffix(suffix) ? "\(name.dropLast(suffix.count)).lua" : nil
    }

    /// The name of the tests of a runbook: `unlock_test.lua` for `unlock.lua`.
    public static func tests(of name: String) -> String {
        (name.hasSuffix(".lua") ? String(name.dropLast(4)) : name) + suffix
    }
}
