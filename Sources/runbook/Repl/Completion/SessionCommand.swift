/// A command of the session, as completion and help know it.
struct SessionCommand: Sendable, Hashable {
    /// What may stand behind it.
    enum Argument: Sendable, Hashable {
        case none
        case words([String])
        case target
        case run
        /// A file, or one whose name ends so: `.lua`. Parameters may follow it.
        case file(ending: String?)
        /// A command, an operation or a function.
        case name
        /// Lua.
        case code
        /// A number, and then Lua.
        case seconds
    }

    /// The name without its dot.
    let name: String
    /// How its arguments are written, optional ones in brackets.
    let arguments: String
    /// One line: what it does.
    let summary: String
    /// All that a person must know; may be empty.
    let text: String
    /// What may stand behind it.
    let argument: Argument

    /// A command.
    ///
    /// - Parameter argument: Default: what its name says, for the commands that every session has; else nothing.
    init(name: String, arguments: String, summary: String, text: String, argument: Argument? = nil) {
        self.name = name
        self.arguments = arguments
        self.summary = summary
        self.text = text
        self.argument = argument ?? Self.usual[name] ?? .none
    }

    private static let usual: [String: Argument] = [
        "help": .name, "target": .target, "mode": .words(["plan", "live"]), "plan": .words(["clear"]), "undo": .run,
        "show": .run, "load": .file(ending: ".lua"), "save": .file(ending: nil), "record": .file(ending: ".lua"),
        "timing": .words(["on", "off"]), "json": .code, "table": .code, "expand": .code, "watch": .seconds,
    ]
}
