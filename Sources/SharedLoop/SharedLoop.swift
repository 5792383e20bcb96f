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
/// Its thread is started with it and lasts as long as the process; ``run(_:)`` takes the calling one.
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

    private init(_ loop: any EventLoop) {
        group = loop
        self.loop = loop
    }

    /// Makes the calling thread a loop's until `body` is over: a program that does one thing starts quicker if its main
    /// thread works, rather than waits for another one.
    ///
    /// - Parameter body: runs on the loop, which must not be used after its end.
    public static func run(_ body: @escaping @Sendable (SharedLoop) async -> Void) {
        MultiThreadedEventLoopGroup.withCurrentThreadAsEventLoop { loop in
            let shared = SharedLoop(loop)
            Task(executorPreference: shared) {
                await body(shared)
                loop.shutdownGracefully { _ in }
            }
        }
    }

    /// Runs a part of a task on the thread; see `TaskExecutor`.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// See `WorkerCarrier.carry(_:for:)`.
    public func carry(_ socket: Int32, for reader: any WorkerSocketReader) throws(MachineError) -> any WorkerSocket {
        ChannelSocket(socket, loop: loop, reader: reader)
    }
}
