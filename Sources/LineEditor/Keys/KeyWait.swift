/// What a key reader's unfinished bytes wait for.
public enum KeyWait: Sendable {
    /// Nothing, or the rest of a character or of a paste, however long that takes.
    case nothing
    /// To know whether Escape was pressed or a sequence begins: some 50 milliseconds tell.
    case escape
    /// The rest of a sequence, which comes soon or never.
    case sequence
}
