import LuaMachine
import NIOCore
import NIOPosix
import Synchronization

/// A worker's socket on an event loop.
final class ChannelSocket: WorkerSocket {
    /// Answers that go out together: more would leave the worker without work while they are made.
    private static let batch = 4

    private let loop: any EventLoop
    private let state: NIOLoopBoundBox<State>

    /// How many answers have been written since the last flush.
    private let written: NIOLoopBoundBox<Int>
    /// Bytes on their way to the loop.
    private let queued = Atomic(0)
    /// Bytes that the channel keeps, if they are many.
    private let buffered = Atomic(0)

    /// Only the loop touches it.
    private enum State {
        /// What was asked for before the channel was there.
        case opening(unsent: [UInt8], isReading: Bool)
        case open(any Channel)
        case closed
    }

    init(_ socket: Int32, loop: any EventLoop, reader: any WorkerSocketReader) {
        self.loop = loop
        state = NIOLoopBoundBox.makeBoxSendingValue(.opening(unsent: [], isReading: true), eventLoop: loop)
        written = NIOLoopBoundBox.makeBoxSendingValue(0, eventLoop: loop)
        perform { self.open(socket, reader) }
    }

    /// Nobody but the loop may ask for it while it is open.
    var descriptor: Int32? { nil }

    func send(_ bytes: [UInt8]) -> Int {
        if loop.inEventLoop {
            write(bytes)
        } else {
            queued.wrappingAdd(bytes.count, ordering: .relaxed)
            loop.execute {
                self.queued.wrappingSubtract(bytes.count, ordering: .relaxed)
                self.write(bytes)
            }
        }
        return queued.load(ordering: .relaxed) + buffered.load(ordering: .relaxed)
    }

    private func write(_ bytes: [UInt8]) {
        switch state.value {
        case .opening(let unsent, let isReading): state.value = .opening(unsent: unsent + bytes, isReading: isReading)
        case .open(let channel):
            channel.write(channel.allocator.buffer(bytes: bytes), promise: nil)
            flushSoon()
            // Asked only where it may be much.
            let waiting = channel.isWritable ? 0 : try? channel.syncOptions?.getOption(.bufferedWritableBytes)
            buffered.store(waiting ?? 0, ordering: .relaxed)
        case .closed: break
        }
    }

    /// Sends what is written, with all that is written in this turn of the loop: the worker is woken once for it.
    private func flushSoon() {
        written.value += 1
        if written.value == Self.batch { return flush() }
        if written.value == 1 { loop.execute { self.flush() } }
    }

    private func flush() {
        written.value = 0
        if case .open(let channel) = state.value { channel.flush() }
    }

    func setReading(_ isReading: Bool) {
        // Never at once: reading could call the reader from within.
        loop.execute {
            switch self.state.value {
            case .opening(let unsent, _): self.state.value = .opening(unsent: unsent, isReading: isReading)
            case .open(let channel):
                // It fails only where there is nothing more to read.
                try? channel.syncOptions?.setOption(.autoRead, value: isReading)
            case .closed: break
            }
        }
    }

    func close() {
        perform {
            if case .open(let channel) = self.state.value { channel.close(promise: nil) }
            self.state.value = .closed
        }
    }

    /// On the loop: at once if that is where the caller is.
    private func perform(_ work: @escaping @Sendable () -> Void) {
        if loop.inEventLoop { work() } else { loop.execute(work) }
    }

    private func open(_ socket: Int32, _ reader: any WorkerSocketReader) {
        ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Receiver(reader))
                }
            }
            .withConnectedSocket(socket)
            .assumeIsolated()
            .whenComplete { result in
                guard case .opening(let unsent, let isReading) = self.state.value else {
                    if case .success(let channel) = result { channel.close(promise: nil) }
                    return
                }
                switch result {
                case .success(let channel):
                    self.state.value = .open(channel)
                    if !isReading { self.setReading(false) }
                    if !unsent.isEmpty { self.write(unsent) }
                case .failure:
                    self.state.value = .closed
                    reader.hungUp()
                }
            }
    }

    /// Passes on what the worker sends.
    private final class Receiver: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let reader: any WorkerSocketReader

        init(_ reader: any WorkerSocketReader) { self.reader = reader }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            unwrapInboundIn(data).withUnsafeReadableBytes { reader.received($0) }
        }

        func channelInactive(context: ChannelHandlerContext) { reader.hungUp() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
