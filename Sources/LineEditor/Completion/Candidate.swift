/// One way to complete what was typed.
public struct Candidate: Hashable, Sendable {
    /// What stands in the text when it is chosen.
    public var text: String
    /// What the menu shows. Default: `text`.
    public var label: String
    /// What it is, in one line; shown beside it.
    public var detail: String
    /// What is added when it is the only candidate, such as `(` or a blank. Default: nothing.
    public var ending: String

    /// Makes a candidate.
    public init(_ text: String, label: String? = nil, detail: String = "", ending: String = "") {
        self.text = text
        self.label = label ?? text
        self.detail = detail
        self.ending = ending
    }
}
