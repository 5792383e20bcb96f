/// Why a history could not be read or kept.
public struct HistoryFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was tried, what went wrong, what to do.
    public let description: String

    init(_ description: String) { self.description = description }
}
