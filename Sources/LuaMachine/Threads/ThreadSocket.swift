internal import Glibc
internal import Synchronization

/// A worker's socket on an ``EventThread``.
final class ThreadSocket: WorkerSocket, EventThread.Handler {
    private struct State {
        var descriptor: Int32
        var isReading = true
        var unsent: [UInt8] = []
        var sent = 0

        var waiting: Int { unsent.count - sent }
    }

    private let state: Mutex<State>
    private let thread: EventThread
    private let reader: any WorkerSocketReader

    init(_ descriptor: Int32, thread: EventThread, reader: any WorkerSocketReader) {
        state = Mutex(State(descriptor: descriptor))
        self.thread = thread
        self.reader = reader
    }

    var descriptor: Int32? { state.withLock { $0.descriptor >= 0 ? $0.descriptor : nil } }

    // MARK: Sending

    func send(_ bytes: [UInt8]) -> Int {
        let (waiting, mustWatch) = state.withLock { state -> (Int, Bool) in
            guard state.descriptor >= 0 else { return (0, false) }
            guard state.unsent.isEmpty else {
                state.unsent.append(contentsOf: bytes)
                return (state.waiting, false)
            }
            let count = bytes.withUnsafeBytes {
                Glibc.send(state.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count == bytes.count { return (0, false) }
            state.unsent.append(contentsOf: bytes[max(0, count)...])
            return (state.waiting, true)
        }
        if mustWatch { updateWatch() }
        return waiting
    }

    private func sendRest() {
        let isDone = state.withLock { state in
            guard !state.unsent.isEmpty, state.descriptor >= 0 else { return false }
            let count = state.unsent.withUnsafeBytes { bytes in
                Glibc.send(
                    state.descriptor, bytes.baseAddress.map { $0 + state.sent }, bytes.count - state.sent,
                    Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EAGAIN || errno == EINTR { return false }
            state.sent += max(0, count)
            if count < 0 || state.sent == state.unsent.count {  // or nobody will ever read it
                state.unsent = []
                state.sent = 0
                return true
            }
            if state.sent > 1 << 20 {
                state.unsent.removeFirst(state.sent)
                state.sent = 0
            }
            return false
        }
        if isDone { updateWatch() }
    }

    // MARK: Reading, on the thread

    func setReading(_ isReading: Bool) {
        let hasChanged = state.withLock { state in
            defer { state.isReading = isReading }
            return state.isReading != isReading
        }
        if hasChanged { updateWatch() }
    }

    func descriptorIsReady(_ descriptor: Int32, isHungUp: Bool) {
        sendRest()
        if isHungUp || state.withLock(\.isReading) { receive(toTheEnd: isHungUp) }
    }

    private func receive(toTheEnd: Bool) {
        withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 8) { chunk in
            while let descriptor {
                let count = recv(descriptor, chunk.baseAddress, chunk.count, 0)
                if count > 0 {
                    reader.received(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
                    let mustGoOn = toTheEnd || count == chunk.count && state.withLock(\.isReading)
                    if mustGoOn { continue }
                    return
                }
                if count < 0, errno == EAGAIN || errno == EINTR { return }
                closeNow()
                return reader.hungUp()
            }
        }
    }

    /// Tells the thread for what the socket counts as ready.
    private func updateWatch() {
        thread.submit { [self] thread in
            let (descriptor, isReading, hasUnsent) = state.withLock {
                ($0.descriptor, $0.isReading, !$0.unsent.isEmpty)
            }
            if descriptor >= 0 { thread.watch(descriptor, forReading: isReading, forWriting: hasUnsent) }
        }
    }

    // MARK: The end

    func close() { thread.submit { [self] _ in closeNow() } }

    private func closeNow() {
        let descriptor = state.withLock { state in
            defer {
                state.descriptor = -1
                state.unsent = []
                state.sent = 0
            }
            return state.descriptor
        }
        guard descriptor >= 0 else { return }
        thread.unwatch(descriptor)
        Glibc.close(descriptor)
    }
}
