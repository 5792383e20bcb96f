import Glibc
import Operations

/// Asks a person at a terminal. Questions go to stderr: stdout is for results.
struct Prompt {
    private let input: Int32
    private let output: Int32

    /// A prompt on other descriptors than the standard ones.
    init(input: Int32 = STDIN_FILENO, output: Int32 = STDERR_FILENO) {
        self.input = input
        self.output = output
    }

    /// Whether somebody can be asked: stdin and stderr are terminals.
    static var canAsk: Bool { Prompt().isTerminal }

    /// Asks a question that is answered by yes or no; whatever is not a yes is a no.
    ///
    /// - Returns: `nil` if nobody can be asked: stdin or stderr is no terminal.
    static func confirm(_ question: String) -> Bool? { Prompt().confirm(question) }

    /// Asks for a secret, which is not shown while it is typed.
    ///
    /// - Parameter question: what stands before the cursor, as it is: `Password: `.
    /// - Returns: `nil` if nobody can be asked, or nothing was typed.
    static func readSecret(_ question: String) -> SecretValue? { Prompt().readSecret(question) }

    func confirm(_ question: String) -> Bool? {
        guard isTerminal else { return nil }
        show("\(question) [y/N] ")
        var line: [UInt8] = []
        while let byte = readByte(), byte != UInt8(ascii: "\n") { if line.count < 256 { line.append(byte) } }
        let answer = String(decoding: line, as: UTF8.self).lowercased().split(whereSeparator: \.isWhitespace)
        return answer == ["y"] || answer == ["yes"]
    }

    func readSecret(_ question: String) -> SecretValue? {
        guard isTerminal else { return nil }
        var original = termios()
        guard tcgetattr(input, &original) == 0 else { return nil }
        var quiet = original
        // Byte by byte and without signals: Ctrl-C arrives as a byte, so that the terminal is always set right again
        // before the process ends.
        quiet.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        guard tcsetattr(input, TCSAFLUSH, &quiet) == 0 else { return nil }
        show(question)
        let typed = readLine()
        tcsetattr(input, TCSAFLUSH, &original)
        show("\n")
        switch typed {
        case .line(let bytes):
            guard !bytes.isEmpty, let text = String(validating: bytes, as: UTF8.self) else { return nil }
            return SecretValue(text)
        case .interrupted:
            raise(SIGINT)
            return nil
        }
    }

    private enum Typed {
        case line([UInt8])
        case interrupted
    }

    private func readLine() -> Typed {
        var line: [UInt8] = []
        while let byte = readByte() {
            switch byte {
            case 0x0a, 0x0d: return .line(line)
            case 0x03: return .interrupted
            case 0x04:  // Ctrl-D
                if line.isEmpty { return .line([]) }
            case 0x15: line = []  // Ctrl-U
            case 0x08, 0x7f:
                // A character of UTF-8 goes with all its bytes.
                while let last = line.popLast(), last & 0xc0 == 0x80 {}
            case 0..<0x20: break
            default: line.append(byte)
            }
        }
        return .line([])
    }

    private var isTerminal: Bool { isatty(input) == 1 && isatty(output) == 1 }

    private func readByte() -> UInt8? {
        var byte: UInt8 = 0
        while true {
            let count = read(input, &byte, 1)
            if count == 1 { return byte }
            guard count < 0, errno == EINTR else { return nil }
        }
    }

    private func show(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(output, bytes, bytes.count)
    }
}
