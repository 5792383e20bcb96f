/// How the editor's own parts look. Text itself looks as the host's highlighting says.
public struct EditorTheme: Sendable {
    /// What would complete the line, after the cursor. Default: bright black.
    public var hint = Style(.bright(0))
    /// What a search found. Default: reversed.
    public var match = Style(nil, .reverse)
    /// A bracket at the cursor and its counterpart. Default: bold and cyan.
    public var bracket = Style(.cyan, .bold)
    /// A candidate's name. Default: plain.
    public var candidate = Style.plain
    /// What a candidate is. Default: bright black.
    public var detail = Style(.bright(0))
    /// The candidate that is chosen. Default: reversed.
    public var selection = Style(nil, .reverse)
    /// What a search shows below the line. Default: bright black.
    public var message = Style(.bright(0))
    /// What says that a line is abandoned. Default: bright black.
    public var abandoned = Style(.bright(0))

    /// The default theme, which is legible on light and dark screens.
    public init() {}
}
