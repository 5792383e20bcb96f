/// Reads one text from where no line can be edited: files, pipes and terminals without sequences.
struct PlainSession {
    private let terminal: any Terminal
    private let settings: LineReaderSettings
    private let mailbox: Mailbox
    private let request: LineRequest
    private(set) var state: LineState

    init(
        _ request: LineRequest, terminal: any Terminal, settings: LineReaderSettings, mailbox: Mailbox, state: LineState
    ) {
        self.request = request
        self.terminal = terminal
        self.settings = settings
        self.mailbox = mailbox
        self.state = state
    }

    /// Reads lines until they are complete together.
    mutating func run() -> ReadResult {
        var text = ""
        show(request.prompt.first)
        while true {
            guard let line = nextLine() else { break }
            if case .cancelled = line { return .interrupted }
            guard case .text(let content, let isEnded) = line else { break }
            if !isEnded, content.isEmpty { break }
            text += text.isEmpty ? content : "\n" + content
            if settings.editor.isComplete(text) || !isEnded { return submit(text) }
            show(request.prompt.others)
        }
        state.isAtEnd = true
        return text.isEmpty ? .end : submit(text)
    }

    private mutating func submit(_ text: String) -> ReadResult {
        if request.remembers { state.remember(text, onFault: settings.onHistoryFault) }
        return .line(text)
    }

    private enum Line {
        case text(String, isEnded: Bool)
        case cancelled
    }

    private mutating func nextLine() -> Line? {
        var searched = 0
        while true {
            if let end = state.typeAhead.firstOffset(of: 0x0A, from: searched) {
                var bytes = Array(state.typeAhead[..<end])
                state.typeAhead.removeFirst(end + 1)
                if bytes.last == 0x0D { bytes.removeLast() }
                return .text(String(decoding: bytes, as: UTF8.self), isEnded: true)
            }
            searched = state.typeAhead.count
            if state.isAtEnd {
                let bytes = state.typeAhead
                state.typeAhead = []
                return .text(String(decoding: bytes, as: UTF8.self), isEnded: false)
            }
            switch terminal.read(timeout: nil) {
            case .bytes(let bytes): state.typeAhead += bytes
            case .ended: state.isAtEnd = true
            case .woken, .timeout, .resized, .continued:
                for item in mailbox.take() {
                    switch item {
                    case .above(let text): terminal.write(text)
                    case .cancel(let number): if number == request.number { return .cancelled }
                    case .completions: break
                    }
                }
            }
        }
    }

    private func show(_ prompt: StyledText) {
        guard terminal.hasViewer else { return }
        terminal.write(SafeText.cleaned(prompt.text))
    }
}
