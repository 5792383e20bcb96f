/// Lua's own functions, as far as a runbook has them: how each is called, and what it does in a few words.
enum LuaLibrary {
    /// A function, or a value.
    struct Entry: Sendable, Hashable {
        /// How it is called behind its name; empty for a value.
        let call: String
        /// What it does.
        let summary: String
        /// Whether it can be written behind a string and a colon: `s:upper()`.
        let isMethod: Bool
    }

    /// All of them, by name.
    static let all: [String: Entry] = Dictionary(
        lines.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "|", omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            let name = parts[0].prefix { $0 != "(" }
            let call = String(parts[0].dropFirst(name.count))
            return (
                String(name),
                Entry(
                    call: call, summary: String(parts[1]), isMethod: name.hasPrefix("string.") && call.hasPrefix("(s"))
            )
        }, uniquingKeysWith: { first, _ in first })

    private static let lines = """
        assert(v, [message])|Raises an error unless v is true; else answers its arguments
        collectgarbage([option])|"count" answers the memory in use, in KiB
        error(message, [level])|Raises an error of any value
        getmetatable(object)|The metatable, or what hides it
        ipairs(t)|Walks t[1], t[2], … up to the first nil
        load(chunk, [name], [mode], [env])|Compiles Lua text; answers a function, or nil and an error
        next(t, [key])|The next key and value of a table
        pairs(t)|Walks all keys and values of a table, in a fixed order
        pcall(f, ...)|Calls f; answers true and its results, or false and the error
        rawequal(a, b)|Whether both are the same, without metamethods
        rawget(t, key)|A field, without metamethods
        rawlen(v)|The length, without metamethods
        rawset(t, key, value)|Sets a field, without metamethods
        select(n, ...)|The arguments from the n-th on, or with "#" how many there are
        setmetatable(t, metatable)|Sets the metatable of a table, and answers the table
        tonumber(v, [base])|The number that v is or is written as, or nil
        tostring(v)|A text of any value
        type(v)|The name of a value's type
        xpcall(f, handler, ...)|As pcall, with a function that gets the error first
        _G|The table of all globals
        _VERSION|"Lua 5.4"
        coroutine.close(co)|Ends a coroutine that waits
        coroutine.create(f)|A coroutine that will call f
        coroutine.isyieldable([co])|Whether it may yield
        coroutine.resume(co, ...)|Goes on with a coroutine
        coroutine.running()|The running coroutine, and whether it is the main one
        coroutine.status(co)|running, suspended, normal or dead
        coroutine.wrap(f)|A function that goes on with a coroutine at each call
        coroutine.yield(...)|Gives values to who resumed, and waits
        math.abs(x)|The absolute value
        math.acos(x)|Arc cosine, in radians
        math.asin(x)|Arc sine, in radians
        math.atan(y, [x])|Arc tangent of y/x, in radians
        math.ceil(x)|The smallest integer that is not less
        math.cos(x)|Cosine of radians
        math.deg(x)|Radians as degrees
        math.exp(x)|e to the power of x
        math.floor(x)|The greatest integer that is not more
        math.fmod(x, y)|The remainder, rounded towards zero
        math.huge|Infinity
        math.log(x, [base])|The logarithm; natural without a base
        math.max(x, ...)|The greatest argument
        math.maxinteger|The greatest integer
        math.min(x, ...)|The least argument
        math.mininteger|The least integer
        math.modf(x)|The whole part and the fraction
        math.pi|The number π
        math.rad(x)|Degrees as radians
        math.random([m], [n])|A random number from 0 to 1, or an integer from m to n
        math.randomseed([seed])|Begins the random numbers anew
        math.sin(x)|Sine of radians
        math.sqrt(x)|The square root
        math.tan(x)|Tangent of radians
        math.tointeger(x)|x as an integer, or nil
        math.type(x)|"integer", "float" or nil
        math.ult(m, n)|Whether m is below n as unsigned integers
        os.clock()|Seconds since the run began
        os.date([format], [time])|A date as text, in UTC; "*t" for a table
        os.difftime(t2, t1)|Seconds between two times
        os.time([table])|Seconds since 1970, now or of a date
        string.byte(s, [i], [j])|The codes of bytes
        string.char(...)|A string of bytes with these codes
        string.find(s, pattern, [init], [plain])|Where a pattern is found: beginning, end, captures; or nil
        string.format(format, ...)|A text with values filled in: %s %d %5.1f %q
        string.gmatch(s, pattern, [init])|Walks all matches of a pattern
        string.gsub(s, pattern, replacement, [n])|Replaces matches by a text, a table's value or what a function answers
        string.len(s)|How many bytes
        string.lower(s)|In small letters
        string.match(s, pattern, [init])|The captures of a pattern, or nil
        string.pack(format, ...)|Values in binary form
        string.packsize(format)|The length of a binary form
        string.rep(s, n, [separator])|The text n times
        string.reverse(s)|The bytes backwards
        string.sub(s, i, [j])|A part; negative places count from the end
        string.unpack(format, s, [init])|Values from a binary form
        string.upper(s)|In capitals
        table.concat(list, [separator], [i], [j])|The elements joined to a text
        table.insert(list, [position], value)|Adds an element, at the end or at a place
        table.move(a1, f, e, t, [a2])|Copies elements
        table.pack(...)|The arguments as a table, with their number in n
        table.remove(list, [position])|Takes an element out, the last or at a place, and answers it
        table.sort(list, [less])|Sorts in place; elements that are equal keep their order
        table.unpack(list, [i], [j])|The elements as values
        utf8.char(...)|A text of these code points
        utf8.charpattern|The pattern of one character
        utf8.codepoint(s, [i], [j])|The code points of characters
        utf8.codes(s)|Walks places and code points
        utf8.len(s, [i], [j])|How many characters, or nil and where it is no UTF-8
        utf8.offset(s, n, [i])|Where the n-th character begins
        """
}
