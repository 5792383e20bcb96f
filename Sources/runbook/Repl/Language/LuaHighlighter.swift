import LineEditor

/// Colours what is typed at the prompt.
struct LuaHighlighter: Sendable {
    private let names: LuaNames
    private let commands: Set<String>
    private let codeCommands: Set<String>
    private let theme: LuaTheme

    /// A highlighter.
    ///
    /// - Parameters:
    ///   - commands: the session's commands, without dots; another name after a dot gets no colour, which shows a mistake
    ///     before Enter does.
    ///   - codeCommands: those whose argument is Lua. Default: none.
    init(names: LuaNames, commands: Set<String>, codeCommands: Set<String> = [], theme: LuaTheme = LuaTheme()) {
        self.names = names
        self.commands = commands
        self.codeCommands = codeCommands
        self.theme = theme
    }

    /// The parts that do not look plain, in order, not overlapping; offsets are of the text's UTF-8.
    func spans(_ text: String) -> [StyledSpan] {
        let bytes = Array(text.utf8)
        switch TypedLine.kind(of: text) {
        case .empty: return []
        case .command(let rest): return command(rest, bytes)
        case .help: return help(bytes)
        case .code: return code(bytes, from: 0)
        }
    }

    private func command(_ rest: String, _ bytes: [UInt8]) -> [StyledSpan] {
        let name = String(rest.prefix { !$0.isWhitespace })
        let end = bytes.count
        let start = end - rest.utf8.count - 1
        let nameEnd = start + 1 + name.utf8.count
        var spans: [StyledSpan] = []
        if commands.contains(name) { spans.append(StyledSpan(start..<nameEnd, theme.command, isCode: false)) }
        if codeCommands.contains(name) { return spans + code(bytes, from: nameEnd) }
        // A path has brackets that match nothing.
        if nameEnd < end { spans.append(StyledSpan(nameEnd..<end, .plain, isCode: false)) }
        return spans
    }

    private func help(_ bytes: [UInt8]) -> [StyledSpan] {
        code(bytes, from: 0).map { span in
            bytes[span.range.lowerBound] == UInt8(ascii: "?")
                ? StyledSpan(span.range, theme.command, isCode: false) : span
        }
    }

    /// The parts of Lua source that begins at an offset.
    private func code(_ bytes: [UInt8], from start: Int) -> [StyledSpan] {
        var spans: [StyledSpan] = []
        var isAfterAccess = false
        // The table of the last name, while only a dot has followed, and where names stand inside.
        var table: (members: Set<String>, hasDot: Bool)?
        var brackets: [LuaSymbol] = []
        var tokens = LuaTokenizer(bytes, from: start)
        var upcoming = tokens.next()
        while let token = upcoming {
            upcoming = tokens.next()
            var nextTable: (members: Set<String>, hasDot: Bool)?
            switch token.kind {
            case .comment: spans.append(StyledSpan(token.range, theme.comment, isCode: false))
            case .string: spans.append(StyledSpan(token.range, theme.string, isCode: false))
            case .number: spans.append(StyledSpan(token.range, theme.constant))
            case .keyword(let keyword):
                spans.append(StyledSpan(token.range, keyword.isConstant ? theme.constant : theme.keyword))
            case .unknown: spans.append(StyledSpan(token.range, theme.unknown))
            case .symbol(.dot):
                if let table { nextTable = (table.members, true) }
            case .symbol(let symbol):
                if symbol.isOpening { brackets.append(symbol) } else if symbol.isClosing { _ = brackets.popLast() }
            case .name:
                // No name that a script finds is longer.
                let name = token.range.count > 32 ? "" : String(decoding: bytes[token.range], as: UTF8.self)
                let isField = brackets.last == .openBrace && upcoming?.is(.assign) == true
                if let table, table.hasDot {
                    if table.members.contains(name) { spans.append(StyledSpan(token.range, theme.known)) }
                } else if !isAfterAccess, !isField {
                    if let members = names.members[name] {
                        spans.append(StyledSpan(token.range, theme.known))
                        nextTable = (members, false)
                    } else if names.globals.contains(name) {
                        spans.append(StyledSpan(token.range, theme.known))
                    }
                }
            }
            if token.kind != .comment {
                isAfterAccess = token.is(.dot) || token.is(.colon)
                table = nextTable
            }
        }
        return spans
    }
}
