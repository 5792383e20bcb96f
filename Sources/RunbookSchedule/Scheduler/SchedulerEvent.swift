public import RunbookHost

/// What a scheduler does, for metrics and logs.
public enum SchedulerEvent: Sendable {
    /// A slot's run was begun, or taken up.
    case started(SlotOrder)
    /// A slot's run has ended, and how the slot stands now; `nil` if somebody else had taken it over.
    case ended(SlotOrder, SlotResult, Slot?)
    /// A slot was planned, is to be tried again, or was given its fate without being run.
    case decided(Schedule, Slot)
    /// What another scheduler left was taken over: how many slots.
    case adopted(from: Carrier, slots: Int)
    /// The store cannot be used; it is tried again.
    case storeFailed(StoreError)
    /// The store can be used again.
    case storeRecovered
    /// A schedule cannot be read, and was paused.
    case unreadable(Schedule, ScheduleFault)
    /// The machine's clock went another way than time did: by so many milliseconds.
    case clockJumped(Int64)
    /// Nothing was looked at for longer than it should have been, in milliseconds: the machine slept, or the process was
    /// stopped.
    case slept(Int64)
    /// Others took this scheduler for dead, and it goes on under another name.
    case givenUp
    /// It has looked at everything that was due, or tried to: it lives.
    case looked
}
