internal import Synchronization

/// Reads lines from a person at a terminal, one at a time, with history, completion, hints and highlighting; or from a
/// file or a pipe as they are.
///
/// ```swift
/// let reader = LineReader(terminal: SystemTerminal(), history: try file.load(), file: file)
/// while case .line(let text) = await reader.readLine(Prompt("> ")) {
///     await reader.whileRunning(onInterrupt: { _ in machine.stop() }) { await machine.run(text) }
/// }
/// ```
///
/// A line is edited on a thread of its own, which waits for the terminal, so that no thread of Swift's pool is held and
/// nothing of the host delays a key. Between lines the terminal is as it was found.
public final class LineReader: Sendable {
    private enum Phase {
        case idle(LineState)
        case reading
        case running(RunningWatch)
    }

    /// What hears of Control-C while a function runs.
    private struct Listener {
        let onInterrupt: @Sendable (Int) -> Void
    }

    private struct State {
        var phase: Phase
        var readings = 0
        /// Whoever has to hear of Control-C, as long as a function runs.
        var listener: Listener?
    }

    private let terminal: any Terminal
    private let settings: LineReaderSettings
    private let mailbox: Mailbox
    private let state: Mutex<State>

    /// Makes a reader. Nothing is done before a line is read.
    ///
    /// - Parameters:
    ///   - terminal: where the person is.
    ///   - settings: Default: plain editing.
    ///   - history: what can be recalled. Default: nothing yet.
    ///   - file: where lines are added to. Default: they are kept in memory only.
    public init(
        terminal: any Terminal, settings: LineReaderSettings = LineReaderSettings(), history: History = History(),
        file: HistoryFile? = nil
    ) {
        self.terminal = terminal
        self.settings = settings
        mailbox = Mailbox(terminal: terminal)
        var editing = settings.editor
        editing.completes = editing.completes || settings.completer != nil
        if !settings.usesColour { editing.withoutHints() }
        let line = LineState(editor: Editor(settings: editing), history: history, historyFile: file)
        state = Mutex(State(phase: .idle(line)))
    }

    /// Whether lines are edited here. When false they are read as they come, and there is no sequence in what is
    /// written.
    public var isInteractive: Bool { terminal.isInteractive }

    /// The terminal's size as it is now.
    public var size: TerminalSize { terminal.size }

    /// What was entered so far, the oldest first; empty while a line is read.
    public var history: [String] {
        state.withLock { state in
            if case .idle(let line) = state.phase { line.history.entries } else { [] }
        }
    }

    /// Reads a line, or more of them where the settings say that one is not complete.
    ///
    /// One line is read at a time, and none while `whileRunning` is under way: a call at another time returns `.end`.
    ///
    /// - Parameters:
    ///   - text: what stands there to be edited. Default: nothing.
    ///   - remembers: whether the history can be recalled and the line goes into it; false for answers to questions.
    ///     Default: `true`.
    ///   - isFresh: whether what was typed before the prompt was there is forgotten: nobody has agreed to a question that
    ///     was not asked yet. Default: `false`.
    public func readLine(
        _ prompt: Prompt, text: String = "", remembers: Bool = true, isFresh: Bool = false
    ) async -> ReadResult {
        let number = state.withLock { state in
            state.readings += 1
            return state.readings
        }
        let request = LineRequest(prompt: prompt, text: text, remembers: remembers, number: number)
        return await withTaskCancellationHandler {
            guard var line = begin() else { return .end }
            if isFresh, terminal.isInteractive {
                line.forgetInput()
                terminal.discardInput()
            }
            let begun = line
            return await withCheckedContinuation { continuation in
                WorkerThread.start { continuation.resume(returning: self.edit(request, begun)) }
            }
        } onCancel: {
            mailbox.post(.cancel(number))
        }
    }

    private func begin() -> LineState? {
        state.withLock { state in
            guard case .idle(let line) = state.phase else { return nil }
            state.phase = .reading
            return line
        }
    }

    private func edit(_ request: LineRequest, _ line: LineState) -> ReadResult {
        let result: ReadResult
        let after: LineState
        if terminal.enterRawMode() {
            var session = EditingSession(
                request, terminal: terminal, settings: settings, mailbox: mailbox, state: line)
            result = line.isAtEnd ? .end : session.run()
            after = session.state
            terminal.leaveRawMode()
        } else {
            var session = PlainSession(request, terminal: terminal, settings: settings, mailbox: mailbox, state: line)
            result = session.run()
            after = session.state
        }
        state.withLock { state in
            state.phase = .idle(after)
            // What came too late for the line is shown below it.
            for case .above(let text) in mailbox.take() { terminal.write(text) }
        }
        return result
    }

    /// Writes text above the line that is being edited, which stays as it is; or at once when none is. May be called
    /// from any thread, and waits only when no line is being edited.
    ///
    /// - Parameter text: a line end is added if it has none at its end. Control characters other than colours are
    ///   spelled out.
    public func printAbove(_ text: String) {
        guard !text.isEmpty else { return }
        var safe = SafeText.cleaned(text)
        if !safe.utf8.elementsEqual("\n".utf8), safe.utf8.last != 0x0A { safe += "\n" }
        state.withLock { state in
            if case .reading = state.phase { mailbox.post(.above(safe)) } else { _ = terminal.write(safe) }
        }
    }

    /// Runs a function with the keyboard listened to: Control-C is handed to a handler, Control-Z stops the program,
    /// and what else is typed is there for the next line. Without a terminal the function is only run.
    ///
    /// - Parameters:
    ///   - isolation: The caller's.
    ///   - onInterrupt: given how often Control-C was pressed since the function began. It is called on a thread of its
    ///     own and must return soon.
    ///   - body: what runs.
    public func whileRunning<Value>(
        isolation: isolated (any Actor)? = #isolation, onInterrupt: @escaping @Sendable (Int) -> Void,
        _ body: () async throws -> sending Value
    ) async rethrows -> sending Value {
        state.withLock { $0.listener = Listener(onInterrupt: onInterrupt) }
        startWatch()
        do {
            let value = try await body()
            await endRunning()
            return value
        } catch {
            await endRunning()
            throw error
        }
    }

    /// Asks something in the midst of what runs in `whileRunning`: a function may read a line, or use the terminal by
    /// itself, which is as it was found. Afterwards Control-C is listened for again, if what ran is still under way.
    public func whilePaused<Value: Sendable>(_ body: @Sendable () async -> Value) async -> Value {
        await stopWatch()
        let value = await body()
        startWatch()
        return value
    }

    private func startWatch() {
        state.withLock { state in
            guard case .idle(let line) = state.phase, let listener = state.listener, !line.isAtEnd,
                terminal.enterRawMode()
            else { return }
            let watch = RunningWatch(terminal: terminal, line: line, onInterrupt: listener.onInterrupt)
            state.phase = .running(watch)
            watch.start()
        }
    }

    private func stopWatch() async {
        let watch = state.withLock { state -> RunningWatch? in
            if case .running(let watch) = state.phase { watch } else { nil }
        }
        guard let watch else { return }
        let line = await watch.stop()
        state.withLock { state in
            terminal.leaveRawMode()
            state.phase = .idle(line)
        }
    }

    private func endRunning() async {
        state.withLock { $0.listener = nil }
        await stopWatch()
    }
}
