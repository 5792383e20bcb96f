/// Who has made a runbook. What is stored of one is sealed, so that nobody else says so.
enum RunbookMaker: String, Sendable, Hashable {
    /// Somebody, in a file or for an embedding program.
    case somebody
    /// This host, of a run's journal, to take its changes back.
    case journal
    /// This host, of what was planned in a session.
    case session
}
