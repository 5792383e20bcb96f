internal import Glibc
internal import Synchronization

/// The terminal of the process, or one of a pseudo-terminal, over `termios`.
///
/// In raw mode no key makes a signal; `SIGWINCH` and `SIGCONT` are noticed, and the terminal is made as it was before
/// the process is stopped by `SIGTSTP`, ends, or dies of a signal that it does not handle itself. Only one terminal of
/// a process at a time is looked after so: the first to enter raw mode. Others only notice a new size with the next
/// key.
public final class SystemTerminal: Terminal {
    /// Bytes read at once.
    private static let portion = 65_536
    /// Milliseconds to wait for the stop that was asked for to be over.
    private static let stopWait: Int32 = 200

    private struct State {
        var original: termios?
        var isRaw = false
    }

    private let input: Int32
    private let output: Int32
    private let stop: @Sendable () -> Void
    /// Written to by signal handlers and `wake()`: read to know that something happened besides input.
    private let bell: (read: Int32, write: Int32)
    private let state = Mutex(State())

    /// Whether both ends are terminals and the kind is one that knows sequences.
    public let isInteractive: Bool
    /// Whether the output is a terminal.
    public let hasViewer: Bool

    /// Uses two file descriptors, which stay open and the caller's.
    ///
    /// - Parameters:
    ///   - input: Default: standard input.
    ///   - output: Default: standard output.
    ///   - kind: the terminal's kind. Default: that of the environment variable `TERM`. Without one, or when it is
    ///     `dumb`, no sequence is sent.
    public convenience init(input: Int32 = 0, output: Int32 = 1, kind: String? = nil) {
        self.init(input: input, output: output, kind: kind) {
            // The whole job stops: what else is in the pipeline, and the workers.
            kill(0, SIGTSTP)
        }
    }

    /// - Parameter stop: stops the process until it is continued.
    init(input: Int32, output: Int32, kind: String?, stop: @escaping @Sendable () -> Void) {
        self.input = input
        self.output = output
        self.stop = stop
        let kind = kind ?? getenv("TERM").map { String(cString: $0) } ?? ""
        hasViewer = isatty(output) == 1
        isInteractive = isatty(input) == 1 && isatty(output) == 1 && !kind.isEmpty && kind != "dumb"
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) == 0 {
            for end in ends {
                _ = fcntl(end, F_SETFD, FD_CLOEXEC)
                _ = fcntl(end, F_SETFL, O_NONBLOCK)
            }
        }
        bell = (ends[0], ends[1])
    }

    deinit {
        leaveRawMode()
        if bell.read >= 0 {
            close(bell.read)
            close(bell.write)
        }
    }

    /// The size, or 80 by 24 where the terminal does not say.
    public var size: TerminalSize {
        var size = winsize()
        guard ioctl(output, UInt(TIOCGWINSZ), &size) == 0 else { return TerminalSize(columns: 0, rows: 0) }
        return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }

    // MARK: Modes

    /// Enters raw mode. Output stays processed, so that what others print meanwhile begins at the left.
    public func enterRawMode() -> Bool {
        guard isInteractive else { return false }
        return state.withLock { state in
            var current = termios()
            guard Self.retrying({ tcgetattr(input, &current) }) == 0 else { return false }
            let original = state.original ?? current
            var raw = original
            raw.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INLCR | IGNCR | INPCK | ISTRIP | IXON)
            raw.c_lflag &= ~tcflag_t(ECHO | ICANON | IEXTEN | ISIG)
            withUnsafeMutableBytes(of: &raw.c_cc) { controls in
                controls[Int(VMIN)] = 1
                controls[Int(VTIME)] = 0
            }
            TerminalSignals.adopt(input: input, output: output, bell: bell.write, original: original)
            guard Self.retrying({ tcsetattr(input, TCSADRAIN, &raw) }) == 0 else {
                TerminalSignals.release(bell: bell.write)
                return false
            }
            state.original = original
            state.isRaw = true
            return true
        }
    }

    /// Makes the terminal as it was when raw mode was entered first.
    public func leaveRawMode() {
        state.withLock { state in
            guard state.isRaw, var original = state.original else { return }
            _ = Self.retrying { tcsetattr(input, TCSADRAIN, &original) }
            state.isRaw = false
            state.original = nil
            TerminalSignals.release(bell: bell.write)
        }
    }

    /// Stops the process as Control-Z does outside raw mode.
    public func suspend() {
        let wasRaw = state.withLock { $0.isRaw }
        leaveRawMode()
        // Whoever continues us is heard, also while the terminal is as it was.
        TerminalSignals.listen(bell: bell.write)
        stop()
        // The stop may come a moment after it was asked for, and never where no shell looks after jobs.
        var poller = pollfd(fd: bell.read, events: Int16(POLLIN), revents: 0)
        _ = poll(&poller, 1, Self.stopWait)
        _ = bellEvent()
        TerminalSignals.release(bell: bell.write)
        if wasRaw { _ = enterRawMode() }
    }

    // MARK: Reading and writing

    /// Waits for keys, signals or `wake()`.
    public func read(timeout: Int?) -> TerminalInput {
        var pollers = [
            pollfd(fd: bell.read, events: Int16(POLLIN), revents: 0),
            pollfd(fd: input, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            let ready = poll(&pollers, 2, timeout.map { Int32(clamping: $0) } ?? -1)
            if ready < 0 {
                guard errno == EINTR else { return .ended }
                continue
            }
            if ready == 0 { return .timeout }
            if pollers[0].revents != 0, let event = bellEvent() { return event }
            guard pollers[1].revents != 0 else { continue }
            let bytes = [UInt8](unsafeUninitializedCapacity: Self.portion) { buffer, count in
                count = max(0, Glibc.read(input, buffer.baseAddress, Self.portion))
            }
            if !bytes.isEmpty { return .bytes(bytes) }
            guard pollers[1].revents & Int16(POLLIN) != 0, errno == EINTR || errno == EAGAIN else { return .ended }
        }
    }

    private func bellEvent() -> TerminalInput? {
        var codes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64)
        while true {
            let count = Glibc.read(bell.read, &buffer, buffer.count)
            guard count > 0 else { break }
            codes += buffer[..<count]
        }
        if codes.contains(TerminalSignals.continued) { return .continued }
        if codes.contains(TerminalSignals.resized) { return .resized }
        return codes.isEmpty ? nil : .woken
    }

    /// Writes text, waiting where the terminal is slow.
    @discardableResult
    public func write(_ text: String) -> Bool {
        text.withUTF8Bytes { bytes in
            var offset = 0
            while offset < bytes.count, let base = bytes.baseAddress {
                let count = Glibc.write(output, base + offset, bytes.count - offset)
                if count >= 0 {
                    offset += count
                } else if errno == EAGAIN {
                    var poller = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&poller, 1, -1)
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
    }

    /// Forgets what the system keeps of the keys.
    public func discardInput() { if isInteractive { tcflush(input, TCIFLUSH) } }

    /// Makes `read` return.
    public func wake() { TerminalSignals.ring(bell.write, TerminalSignals.woken) }

    private static func retrying(_ call: () -> Int32) -> Int32 {
        while true {
            let result = call()
            if result == 0 || errno != EINTR { return result }
        }
    }
}
