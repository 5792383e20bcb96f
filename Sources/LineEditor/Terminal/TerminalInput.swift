/// What a terminal has to tell.
public enum TerminalInput: Hashable, Sendable {
    /// Bytes were typed or pasted; at least one.
    case bytes([UInt8])
    /// The size may be another now.
    case resized
    /// The program was stopped and goes on: modes and what was drawn may be lost.
    case continued
    /// `wake()` was called.
    case woken
    /// Nothing happened in the time given.
    case timeout
    /// Nothing comes any more: the terminal is gone, or its input has ended.
    case ended
}
