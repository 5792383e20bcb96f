public import LuaMachine
public import NIOCore
internal import NIOPosix

/// One event loop for runs, their workers and the connections to the servers: a call goes from the worker through the
/// gate to the server and back on one thread. Changing threads on the way would cost more than all the rest of the call.
///
/// ```swift
/// let loop = SharedLoop()
/// let supervisor = try WorkerSupervisor(executable: path, carrier: loop)
/// let transport = RESTTransport(target: target, logger: logger, eventLoopGroup: loop.group)
/// let host = RunbookHost(transport: transport, machines: .confined(supervisor))
/// ```
///
/// Its thread is started with it and lasts as long as the process.
public final class SharedLoop: WorkerCarrier {
    /// The group of this one loop.
    public let group: any EventLoopGroup
    private let loop: any EventLoop

    /// Starts the thread.
    public init() {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.group = group
        loop = group.any()
    }

    /// Runs a part of a task on the thread; see `TaskExecutor`.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// See ``LuaMachine/WorkerCarrier/carry(_:for:)``.
    public func carry(_ socket: Int32, for reader: any WorkerSocketReader) throws(MachineError) -> any WorkerSocket {
        ChannelSocket(socket, loop: loop, reader: reader)
    }
}
