import LineEditor

/// How the parts of what is typed look.
struct LuaTheme: Sendable {
    /// Words such as `if`. Default: magenta.
    var keyword = Style(.magenta)
    /// `nil`, `true`, `false` and numbers. Default: yellow.
    var constant = Style(.yellow)
    /// Strings. Default: green.
    var string = Style(.green)
    /// Comments. Default: bright black.
    var comment = Style(.bright(0))
    /// Tables and functions that a script finds. Default: cyan.
    var known = Style(.cyan)
    /// A command of the session, and question marks. Default: bold blue.
    var command = Style(.blue, .bold)
    /// What no Lua has. Default: red.
    var unknown = Style(.red)

    /// The default theme, which is legible on light and dark screens.
    init() {}
}
