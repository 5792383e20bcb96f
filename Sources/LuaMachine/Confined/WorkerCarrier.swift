/// A thread that carries the bytes between a host and its workers, and runs the host's tasks.
///
/// The default is one of the supervisor's own. A program whose transport waits for servers on an event loop has its workers
/// carried by that loop: a call then goes from the worker to the server and back without a change of threads, which
/// would cost more than all the rest.
public protocol WorkerCarrier: AnyObject, TaskExecutor {
    /// Takes a connected, non-blocking stream socket over, and closes it when it has hung up or is told to.
    ///
    /// - Parameters:
    ///   - socket: the descriptor.
    ///   - reader: called on the carrier's thread; kept until the socket is closed.
    /// - Throws: ``MachineError/launch(path:reason:)`` if the system watches too much already; the socket is then closed.
    func carry(_ socket: Int32, for reader: any WorkerSocketReader) throws(MachineError) -> any WorkerSocket
}

/// The host's end of a worker's socket. Any thread may use it. It calls its reader from nothing it is asked to do.
public protocol WorkerSocket: Sendable {
    /// Sends bytes after those sent before. Never waits.
    ///
    /// - Returns: how many bytes wait for the worker to read them, as far as this thread can know.
    func send(_ bytes: [UInt8]) -> Int

    /// Whether to read: not while more has come than the host can work on. What a worker that hung up left behind is
    /// read all the same: it is little, what the socket holds.
    func setReading(_ isReading: Bool)

    /// Closes it: nothing is read or written any more.
    func close()

    /// The descriptor, while it is known to be open.
    var descriptor: Int32? { get }
}

/// Who hears of a worker's socket.
public protocol WorkerSocketReader: AnyObject, Sendable {
    /// Bytes have come.
    func received(_ bytes: UnsafeRawBufferPointer)
    /// There is nobody at the other end any more, and nothing more will come. Called once, unless it was closed before.
    func hungUp()
}
