import ArgumentParser

/// The forms that a report comes in.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    /// For a terminal or a mail.
    case text
    /// For a ticket or a wiki.
    case markdown
    /// For a browser: one file.
    case html
    /// For a program.
    case json
    /// For a CI system, which shows each change as a test.
    case junit
}
