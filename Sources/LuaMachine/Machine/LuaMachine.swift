/// One run of one script.
///
/// The host asks for ``nextEvent()`` until it is terminal (`finished`, `failed`, `stopped`) and answers each call, in
/// any order, with ``reply(_:)``. The order of the replies decides everything the script does: the same program with the
/// same replies in the same order makes the same calls in any machine.
public protocol LuaMachine: Sendable {
    /// Waits for what the script does next. One caller at a time.
    ///
    /// - Throws: ``MachineError`` if the machine itself has failed; it is then closed.
    func nextEvent() async throws(MachineError) -> MachineEvent

    /// Answers a call. An answer that comes after the end is dropped.
    func reply(_ reply: MachineReply)

    /// Changes the limits: a manifest may ask for narrower ones than the run began with.
    func narrow(to limits: MachineLimits)

    /// Ends the script soon and for good, whatever it does; the next event is then `stopped` or an error.
    func interrupt(_ why: MachineInterrupt)

    /// Frees what the machine holds. Whoever waits for an event gets ``MachineError/closed``.
    func close() async
}
