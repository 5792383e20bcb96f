/// Edits one line on a terminal, from the prompt to its end.
struct EditingSession {
    /// Bytes that are taken in before something is drawn, while there are more.
    private static let drawEvery = 1 << 18

    private let terminal: any Terminal
    private let settings: LineReaderSettings
    private let mailbox: Mailbox
    private let request: LineRequest
    private(set) var state: LineState
    private var screen: Screen
    private var completion: Task<Void, Never>?
    private var result: ReadResult?
    private var needsDrawing = true
    private var undrawnBytes = 0

    init(
        _ request: LineRequest, terminal: any Terminal, settings: LineReaderSettings, mailbox: Mailbox, state: LineState
    ) {
        self.request = request
        self.terminal = terminal
        self.settings = settings
        self.mailbox = mailbox
        self.state = state
        screen = Screen(size: terminal.size, usesColour: settings.usesColour)
    }

    /// Edits until the line ends in one way or another. The terminal is raw and stays so.
    mutating func run() -> ReadResult {
        state.editor.begin(history: request.remembers ? state.history.entries : [], text: request.text)
        terminal.write("\u{1B}[?2004h")
        let keys = state.waitingKeys
        state.waitingKeys = []
        take(keys)
        if result == nil, !state.typeAhead.isEmpty {
            let bytes = state.typeAhead
            state.typeAhead = []
            take(state.keys.feed(bytes))
        }
        readMail()
        while result == nil { turn() }
        completion?.cancel()
        terminal.write("\u{1B}[?2004l")
        return result ?? .end
    }

    /// Waits for something and takes it in. Drawn is what is there when nothing more is.
    private mutating func turn() {
        let mustDraw = needsDrawing && undrawnBytes >= Self.drawEvery
        let input = mustDraw ? .timeout : terminal.read(timeout: needsDrawing ? 0 : keyTimeout)
        switch input {
        case .bytes(let bytes):
            undrawnBytes += bytes.count
            let keys = state.keys.feed(bytes)
            // Nothing of a paste is seen before its end.
            if !keys.isEmpty { take(keys) }
        case .timeout where needsDrawing: draw()
        case .timeout: take(state.keys.flush())
        case .resized: resize()
        case .continued: goOn()
        case .woken: readMail()
        case .ended:
            state.isAtEnd = true
            close(.end)
        }
    }

    private var keyTimeout: Int? {
        switch state.keys.wait {
        case .escape: settings.escapeDelay
        case .sequence: settings.sequenceDelay
        case .nothing: state.keys.isInPaste ? settings.sequenceDelay : nil
        }
    }

    // MARK: Keys

    private mutating func take(_ keys: [Key]) {
        for (index, key) in keys.enumerated() {
            let effects = state.editor.handle(key)
            needsDrawing = true
            for effect in effects { perform(effect) }
            guard result == nil else {
                state.waitingKeys = Array(keys[(index + 1)...])
                return
            }
        }
    }

    private mutating func perform(_ effect: EditorEffect) {
        switch effect {
        case .submit(let text):
            if request.remembers { state.remember(text, onFault: settings.onHistoryFault) }
            close(.line(text))
        case .interrupt: close(.interrupted, mark: "^C")
        case .end: close(.end)
        case .complete(let request): complete(request)
        case .clearScreen:
            terminal.write(screen.clear())
            needsDrawing = true
        case .suspend:
            terminal.write(screen.finish(state.editor.finalView(prompt: request.prompt)) + "\u{1B}[?2004l")
            terminal.suspend()
            goOn()
        case .bell: terminal.write("\u{07}")
        }
    }

    private mutating func complete(_ request: CompletionRequest) {
        completion?.cancel()
        guard let completer = settings.completer else { return }
        completion = Task { [mailbox] in
            let completions = await completer(request)
            mailbox.post(.completions(completions, request))
        }
    }

    // MARK: What others say

    private mutating func readMail() {
        var above = ""
        for item in mailbox.take() {
            switch item {
            case .above(let text): above += text
            case .completions(let completions, let request):
                let answer = completions ?? Completions(replacing: request.cursor..<request.cursor, [])
                for effect in state.editor.receive(answer, for: request) { perform(effect) }
                needsDrawing = true
            case .cancel(let number):
                if number == request.number, result == nil { close(.interrupted) }
            }
        }
        guard !above.isEmpty else { return }
        terminal.write(screen.erase() + above)
        needsDrawing = result == nil
    }

    private mutating func resize() {
        let size = terminal.size
        guard size != screen.size else { return }
        terminal.write(screen.resize(to: size))
        needsDrawing = true
    }

    /// After a stop the terminal's modes and the cursor's place are the shell's.
    private mutating func goOn() {
        _ = terminal.enterRawMode()
        terminal.write("\u{1B}[?2004h")
        screen = Screen(size: terminal.size, usesColour: settings.usesColour)
        needsDrawing = true
        readMail()
    }

    // MARK: Drawing

    private mutating func draw() {
        // A size that changed without a word is noticed with the next key.
        resize()
        terminal.write(screen.draw(state.editor.view(prompt: request.prompt, showsHint: settings.usesColour)))
        needsDrawing = false
        undrawnBytes = 0
    }

    private mutating func close(_ result: ReadResult, mark: String = "") {
        resize()
        terminal.write(screen.finish(state.editor.finalView(prompt: request.prompt, mark: mark)))
        needsDrawing = false
        self.result = result
    }
}
