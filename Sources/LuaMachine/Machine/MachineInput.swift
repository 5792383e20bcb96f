/// What a host asks of a machine, in the order in which it asks.
enum MachineInput: Sendable {
    /// The answer to a call that waits.
    case answer(MachineReply)
    /// The answer to a call that may not have been made yet.
    case answerAhead(MachineReply)
    case limits(MachineLimits)
    case synchronization
    case statement(MachineStatement)
}
