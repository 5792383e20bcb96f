/// What a line is edited on. All functions may be called from any thread; `read` from one at a time.
public protocol Terminal: Sendable {
    /// Whether the cursor can be moved and keys come as they are pressed. When false, whole lines are read and no
    /// sequence is sent.
    var isInteractive: Bool { get }
    /// Whether a person sees what is written, so that a prompt is of use where `isInteractive` is false.
    var hasViewer: Bool { get }
    /// The size as it is now.
    var size: TerminalSize { get }

    /// Makes every key, Control-C among them, come as bytes at once and not be shown by itself.
    ///
    /// - Returns: whether that could be done.
    func enterRawMode() -> Bool
    /// Makes the terminal as it was.
    func leaveRawMode()
    /// Waits for something to happen.
    ///
    /// - Parameter timeout: in milliseconds; nil waits without an end.
    func read(timeout: Int?) -> TerminalInput
    /// Writes text as UTF-8, all of it.
    ///
    /// - Returns: false when the terminal is gone.
    @discardableResult
    func write(_ text: String) -> Bool
    /// Forgets what was typed and not read yet.
    func discardInput()
    /// Makes `read` return, now or when it is called next.
    func wake()
    /// Leaves the raw mode, stops the program until the shell continues it, and enters the mode again.
    func suspend()
}

extension Terminal {
    /// There is nothing to forget where nobody types.
    public func discardInput() {}
}
