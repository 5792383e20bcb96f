/// That a slot's run is to be carried now.
public struct SlotOrder: Sendable {
    /// The schedule.
    public let schedule: Schedule
    /// The slot, as it was started.
    public let slot: Slot
    /// The run's id.
    public let run: String
    /// Whether somebody began the run before and has left it.
    public let takesUp: Bool
    /// Ends the run before its time.
    public let cancellation: SlotCancellation

    /// How much later than it was due the slot is started, in milliseconds.
    public let lateness: Int64
}
