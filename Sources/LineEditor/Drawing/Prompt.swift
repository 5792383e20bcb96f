/// What stands before the lines that a person types.
public struct Prompt: Hashable, Sendable {
    /// Before the first line; may have several lines itself.
    public var first: StyledText
    /// Before all other lines.
    public var others: StyledText

    /// Makes a prompt.
    ///
    /// - Parameter others: Default: blanks as wide as the first one's last line.
    public init(_ first: StyledText, others: StyledText? = nil) {
        self.first = first
        self.others =
            others ?? StyledText(String(repeating: " ", count: CellRun.width(of: first.text)))
    }
}
