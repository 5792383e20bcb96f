internal import Glibc
internal import Synchronization

/// Looks after the terminal when signals come.
///
/// A signal handler is given nothing but the signal's number, so what it needs is kept here for the process: this is
/// the one state of its kind. Handlers only read it and call what may be called in a handler.
enum TerminalSignals {
    /// What is written to a terminal's bell.
    static let resized = UInt8(ascii: "r")
    static let continued = UInt8(ascii: "c")
    static let woken = UInt8(ascii: "w")

    /// Ends what the editor began: pastes told apart, styles.
    private static let farewell: StaticString = "\u{1B}[?2004l\u{1B}[0m\r\n"
    /// Signals that end a process by default. Those that the host handles itself are left to it.
    private static let fatal = [SIGHUP, SIGQUIT, SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGTERM, SIGINT, SIGPIPE]
    private static let noticed = [SIGWINCH, SIGCONT, SIGTSTP]

    /// The bell of the terminal that is looked after; -1 for none.
    private static let bell = Atomic<Int32>(-1)
    /// The terminal's input and output while it is raw; -1 while it is not.
    private static let rawInput = Atomic<Int32>(-1)
    private static let rawOutput = Atomic<Int32>(-1)
    /// The address of how the terminal was, 0 at first; never freed, for a handler may be reading it.
    private static let original = Atomic<UInt>(0)
    /// What was done at signals before, and whether handlers are installed.
    private static let before = Mutex<[Int32: sigaction]>([:])

    // MARK: For terminals

    /// Looks after a terminal that becomes raw, unless another is looked after.
    static func adopt(input: Int32, output: Int32, bell: Int32, original settings: termios) {
        guard listen(bell: bell) else { return }
        let place = kept ?? UnsafeMutablePointer<termios>.allocate(capacity: 1)
        place.initialize(to: settings)
        original.store(UInt(bitPattern: place), ordering: .releasing)
        rawOutput.store(output, ordering: .releasing)
        rawInput.store(input, ordering: .releasing)
        before.withLock { before in
            for signal in fatal where before[signal] == nil { install(signal, keepingIn: &before, ifDefault: true) }
        }
    }

    /// Hears of signals for a terminal, unless another's are heard.
    @discardableResult
    static func listen(bell: Int32) -> Bool {
        let (isFirst, owner) = self.bell.compareExchange(expected: -1, desired: bell, ordering: .acquiringAndReleasing)
        guard isFirst || owner == bell else { return false }
        before.withLock { before in
            for signal in noticed where before[signal] == nil { install(signal, keepingIn: &before, ifDefault: false) }
        }
        return true
    }

    /// Looks after a terminal no longer.
    static func release(bell: Int32) {
        guard self.bell.load(ordering: .acquiring) == bell else { return }
        rawInput.store(-1, ordering: .releasing)
        rawOutput.store(-1, ordering: .releasing)
        before.withLock { before in
            for (signal, action) in before {
                var action = action
                sigaction(signal, &action, nil)
            }
            before = [:]
        }
        self.bell.store(-1, ordering: .releasing)
    }

    /// Writes one byte to a bell that nobody waits for: when it is full it is heard anyway.
    static func ring(_ bell: Int32, _ code: UInt8) {
        var code = code
        _ = write(bell, &code, 1)
    }

    private static func install(_ signal: Int32, keepingIn before: inout [Int32: sigaction], ifDefault: Bool) {
        var old = sigaction()
        guard sigaction(signal, nil, &old) == 0 else { return }
        let isDefault = unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self) == 0
        // What the host does at a stop is the host's; a new size and going on can be heard by both.
        if ifDefault || signal == SIGTSTP, !isDefault { return }
        before[signal] = old
        var action = sigaction()
        action.sa_flags = SA_RESTART
        action.__sigaction_handler.sa_handler = { TerminalSignals.handle($0) }
        sigaction(signal, &action, nil)
    }

    private static var kept: UnsafeMutablePointer<termios>? {
        UnsafeMutablePointer(bitPattern: original.load(ordering: .acquiring))
    }

    // MARK: In a handler

    private static func handle(_ signal: Int32) {
        let error = errno
        let bell = bell.load(ordering: .acquiring)
        switch signal {
        case SIGWINCH: ring(bell, resized)
        case SIGCONT: ring(bell, continued)
        default:
            restore()
            dieOrStop(signal)
        }
        errno = error
    }

    /// Makes the terminal as it was.
    private static func restore() {
        let input = rawInput.load(ordering: .acquiring)
        let output = rawOutput.load(ordering: .acquiring)
        guard input >= 0, let settings = kept else { return }
        _ = write(output, farewell.utf8Start, farewell.utf8CodeUnitCount)
        tcsetattr(input, TCSANOW, settings)
    }

    /// Does what the signal does by default; after a stop, heard as going on by the handler of `SIGCONT`.
    private static func dieOrStop(_ signal: Int32) {
        var action = sigaction()
        var mine = sigaction()
        sigaction(signal, &action, &mine)
        raise(signal)
        var set = sigset_t()
        var old = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, signal)
        pthread_sigmask(SIG_UNBLOCK, &set, &old)
        // Here the process is dead, or was stopped and goes on.
        pthread_sigmask(SIG_SETMASK, &old, nil)
        sigaction(signal, &mine, nil)
    }
}
