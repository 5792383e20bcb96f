import CommandSupport

/// Writes many short texts to stdout in few calls of the system.
struct BufferedOutput {
    private static let enough = 64 << 10
    private var text = ""

    mutating func write(_ more: String) {
        text += more
        if text.utf8.count >= Self.enough { flush() }
    }

    mutating func flush() {
        StandardStream.output.write(text)
        text = ""
    }
}
