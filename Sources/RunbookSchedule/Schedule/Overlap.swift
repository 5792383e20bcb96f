/// What becomes of a slot whose schedule still runs an earlier one.
public enum Overlap: String, Sendable, Hashable, CaseIterable {
    /// It is skipped.
    case skip
    /// It waits for the end, unless another one waits already: then it is skipped.
    case queue
    /// It waits for the end, and for all that wait already.
    case queueAll = "queue-all"
    /// The earlier one is ended, in order, and it starts then; of several that wait for that the last one starts.
    case cancel
    /// It runs beside the other.
    case allow
}
