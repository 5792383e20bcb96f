/// One run of one script, or a session of many statements.
///
/// The host asks for ``nextEvent()`` until it is terminal (`finished`, `failed`, `stopped`, `diverged`) and answers each
/// call, in any order, with ``reply(_:)``. The order of the replies decides everything the script does: the same program
/// with the same replies in the same order makes the same calls in any machine. When the replies come, and how many come at
/// once, decides nothing.
///
/// A session's host waits for ``MachineEvent/ready`` and begins a statement with ``evaluate(_:)``; when its last event is told,
/// `ready` comes again. The globals stay from statement to statement. Whatever else a statement had not ended is dropped with
/// it: tasks, calls, answers that come late.
///
/// What the host asks for (``reply(_:)``, ``replay(_:)``, ``narrow(to:)``, ``synchronize()``) is done in the order in which it
/// is asked, each thing once every task of the script waits.
public protocol LuaMachine: Sendable {
    /// Waits for what the script does next. One caller at a time.
    ///
    /// - Throws: ``MachineError`` if the machine itself has failed; it is then closed.
    func nextEvent() async throws(MachineError) -> MachineEvent

    /// Answers a call that was told by an event. An answer to a call that does not wait for one, or that comes after the end,
    /// is dropped.
    func reply(_ reply: MachineReply)

    /// Gives answers ahead, to calls that the script has made or is yet to make: a run is replayed with the answers that it
    /// was given, in the order in which it was given them, without a way to the host and back for each.
    ///
    /// The script gets them in exactly this order, each as soon as its call is made and the ones before it are taken in. The
    /// calls are told by events as ever, some time after their answers were taken; they wait for no other answer. If the
    /// script comes to wait without having made the call whose answer is next, it is not the one that the answers are for:
    /// after all its calls the last event is ``MachineEvent/diverged(call:usage:)``. If the script ends before, the answers
    /// that are left are dropped.
    ///
    /// May be called again; these answers come after the earlier ones.
    func replay(_ replies: [MachineReply])

    /// Asks for ``MachineEvent/waiting``: once the answers given so far are taken in and the script can do nothing more by
    /// itself, it is told after the calls that were made until then. If the script ends instead, the terminal event is told
    /// and no `waiting`.
    ///
    /// Each time it is called one more `waiting` is told.
    func synchronize()

    /// Changes the limits: a manifest may ask for narrower ones than the run began with.
    func narrow(to limits: MachineLimits)

    /// Runs the next statement of a session. Its events are told as a script's are, and its last one is `finished`, `failed` or
    /// `stopped`; then `ready` is told, or ``nextEvent()`` throws: the machine is lost with all that it held.
    ///
    /// Allowed once after each ``MachineEvent/ready``. The numbers of calls go on rising from statement to statement.
    func evaluate(_ statement: MachineStatement)

    /// Ends the script soon and for good, whatever it does; the next event is then `stopped` or an error.
    ///
    /// In a session it ends the statement that runs, if there is one, and the machine goes on: unless the statement stands in a
    /// function of Lua's library that has no end, with which the machine is lost.
    func interrupt(_ why: MachineInterrupt)

    /// Frees what the machine holds. Whoever waits for an event gets ``MachineError/closed``.
    func close() async
}
