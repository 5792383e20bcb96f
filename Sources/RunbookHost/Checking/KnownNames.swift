/// What a script finds besides the operations: the globals, and the members of those whose members are known.
public struct KnownNames: Sendable, Hashable {
    /// Globals of which nothing more is known: functions, `params`.
    public var globals: Set<String>
    /// Global tables and all that is in them.
    public var members: [String: Set<String>]
    /// What to use instead of something that is not there, by its name: `io`, `os.exit`. Advice for a table goes for all its
    /// members. Written so that it can follow a colon.
    public var advice: [String: String]

    /// A set of names.
    public init(globals: Set<String>, members: [String: Set<String>], advice: [String: String]) {
        self.globals = globals
        self.members = members
        self.advice = advice
    }

    /// Lua 5.4's libraries as the machine leaves them, and the prelude's own functions, without the operations and those
    /// that need a capability.
    public static let standard = KnownNames(
        globals: words(
            """
            _G _VERSION assert collectgarbage error getmetatable ipairs load next pairs pcall print rawequal rawget rawlen
            rawset select setmetatable tonumber tostring type xpcall
            confirm null parallel params runbook sleep
            """),
        members: [
            "coroutine": words("close create isyieldable resume running status wrap yield"),
            "csv": words("decode encode"),
            // These three are there, for what is asked of them to say what to use instead.
            "debug": [], "io": [], "package": [],
            "json": words("array decode encode"),
            "log": words("debug error info warn"),
            "math": words(
                """
                abs acos asin atan ceil cos deg exp floor fmod huge log max maxinteger min mininteger modf pi rad random
                randomseed sin sqrt tan tointeger type ult
                """),
            "os": words("clock date difftime time"),
            "secrets": words("generate"),
            "string": words(
                "byte char find format gmatch gsub len lower match pack packsize rep reverse sub unpack upper"),
            "table": words("concat insert move pack remove sort unpack"),
            "utf8": words("char charpattern codepoint codes len offset"),
        ],
        advice: [
            "debug": "a runbook has no debugger; the host shows the traceback of an error",
            "debug.gethook": hostLimits,
            "debug.getinfo": "the host shows file and line of an error and of a log line",
            "debug.getmetatable": "use getmetatable",
            "debug.sethook": hostLimits,
            "debug.setmetatable": "use setmetatable",
            "debug.traceback": "the host shows the traceback of an error; raise it with error",
            "dofile": oneFile,
            "io": noFiles,
            "io.input": noInput,
            "io.output": writeWith,
            "io.popen": noProcesses,
            "io.read": noInput,
            "io.stderr": "write with log.error",
            "io.stdin": noInput,
            "io.stdout": writeWith,
            "io.tmpfile": keepInTable,
            "io.write": writeWith,
            "loadfile": "a runbook is one file; load compiles text",
            "os.execute": noProcesses,
            "os.exit": "use return or error(\"why\")",
            "os.getenv": "declare a parameter in runbook { params = … } and pass a value with --param",
            "os.remove": noFiles,
            "os.rename": noFiles,
            "os.setlocale": "the locale is always C",
            "os.tmpname": keepInTable,
            "package": oneFile,
            "require": oneFile,
            "string.dump": "functions cannot be turned into bytecode; keep the source text, and load it",
            "warn": "use log.warn",
            "loadstring": "Lua 5.4 calls it load",
            "setfenv": "Lua 5.4 has no function environments; give load an environment",
            "getfenv": "Lua 5.4 has no function environments",
            "unpack": "Lua 5.4 calls it table.unpack",
            "math.pow": "Lua 5.4 has the operator ^",
            "table.getn": "Lua 5.4 has the operator #",
            "string.gfind": "Lua 5.4 calls it string.gmatch",
        ])

    // The words of the prelude, which says the same when the script runs.
    private static let noFiles = "a runbook has no files; return a result, or write it to the log with log.info"
    private static let noInput =
        "a runbook reads no input; take it as a parameter, or ask a yes-or-no question with confirm"
    private static let writeWith = "write with print or log.info, or return a result"
    private static let noProcesses =
        "a runbook starts no processes; what it may do are its operations, such as users.get"
    private static let keepInTable = "a runbook has no files; keep what it needs in a table"
    private static let oneFile = "a runbook is one file; put shared functions in it"
    private static let hostLimits = "the host limits time and memory: see limits in runbook { … }"

    private static func words(_ text: String) -> Set<String> {
        Set(text.split { $0 == " " || $0 == "\n" }.map(String.init))
    }
}
