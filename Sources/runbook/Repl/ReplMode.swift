import ArgumentParser
import RunbookHost

/// What becomes of the changes that are typed.
enum ReplMode: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// They are shown, and sent by `.apply`.
    case plan
    /// They are sent at once.
    case live

    /// As the host has it.
    var run: RunMode { self == .live ? .run : .plan }
}
