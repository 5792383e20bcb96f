/// Finds functions in Lua source, to show how they are written.
struct PreludeText {
    private let source: LuaSource
    /// Without comments.
    private let tokens: [LuaToken]

    /// The functions of a source.
    init(_ text: String) {
        source = LuaSource(text)
        tokens = source.code
    }

    /// The source of a function by the name that a script calls it by, with the comment above it and without the
    /// indentation of its first line; `nil` if it is not written there.
    ///
    /// Found are `function users.find(…)`, `users.each = each` with the local function that it names, members of
    /// `json = { encode = function(…) … end }`, and what a loop sets: `log[level] = function(…) … end`.
    func function(_ name: String) -> String? {
        let parts = name.split(separator: ".").map(String.init)
        guard let last = parts.last, parts.count <= 2 else { return nil }
        if let found = declared(parts) ?? assigned(parts) { return text(of: found) }
        guard parts.count == 2 else { return nil }
        return (member(last, of: parts[0]) ?? computed(in: parts[0])).map { text(of: $0) }
    }

    /// Whether these words stand at an index, names joined by dots.
    private func stands(_ parts: [String], at index: Int) -> Bool {
        for (place, part) in parts.enumerated() {
            let position = index + 2 * place
            guard position < tokens.count, tokens[position].kind == .name, source.is(tokens[position], part),
                place == 0 || tokens[position - 1].is(.dot)
            else { return false }
        }
        return true
    }

    /// `function users.find(…) … end`
    private func declared(_ parts: [String]) -> ClosedRange<Int>? {
        let length = parts.count * 2 - 1
        for index in tokens.indices where tokens[index].is(.function) && stands(parts, at: index + 1) {
            guard index + 1 + length < tokens.count, tokens[index + 1 + length].is(.openParenthesis) else { continue }
            let start = index > 0 && tokens[index - 1].is(.local) ? index - 1 : index
            return end(from: index).map { start...$0 }
        }
        return nil
    }

    /// `users.each = each`, or `users.each = function(…) … end`
    private func assigned(_ parts: [String]) -> ClosedRange<Int>? {
        let length = parts.count * 2 - 1
        for index in tokens.indices where stands(parts, at: index) {
            // Not `x.users.each`, and not the field of a table.
            guard index == 0 || !tokens[index - 1].is(.dot), index + length + 1 < tokens.count,
                tokens[index + length].is(.assign)
            else { continue }
            let value = tokens[index + length + 1]
            if value.is(.function) { return end(from: index + length + 1).map { index...$0 } }
            if value.kind == .name, let found = declared([source.text(of: value)]) { return found }
        }
        return nil
    }

    /// `encode = function(…) … end` inside `json = { … }`
    private func member(_ name: String, of table: String) -> ClosedRange<Int>? {
        for index in tokens.indices where stands([table], at: index) {
            guard index + 2 < tokens.count, tokens[index + 1].is(.assign), tokens[index + 2].is(.openBrace) else {
                continue
            }
            var nesting = 0
            for inner in index + 2..<tokens.count {
                if tokens[inner].is(.openBrace) { nesting += 1 }
                if tokens[inner].is(.closeBrace) { nesting -= 1 }
                if nesting == 0 { break }
                if nesting == 1, stands([name], at: inner), inner + 2 < tokens.count, tokens[inner + 1].is(.assign),
                    tokens[inner + 2].is(.function)
                {
                    return end(from: inner + 2).map { inner...$0 }
                }
            }
        }
        return nil
    }

    /// The loop with `log[level] = function(…) … end`
    private func computed(in table: String) -> ClosedRange<Int>? {
        for index in tokens.indices where stands([table], at: index) {
            guard index + 5 < tokens.count, tokens[index + 1].is(.openBracket), tokens[index + 2].kind == .name,
                tokens[index + 3].is(.closeBracket), tokens[index + 4].is(.assign), tokens[index + 5].is(.function)
            else { continue }
            guard let loop = tokens[..<index].lastIndex(where: { $0.is(.for) }),
                let opening = tokens[loop...].firstIndex(where: { $0.is(.do) }), let end = end(from: opening)
            else { return nil }
            return loop...end
        }
        return nil
    }

    /// The index of the `end` of the block that a token opens.
    private func end(from start: Int) -> Int? {
        var depth = 0
        for index in start..<tokens.count {
            switch tokens[index].kind {
            case .keyword(.function), .keyword(.do), .keyword(.then), .keyword(.repeat): depth += 1
            case .keyword(.end), .keyword(.until), .keyword(.elseif): depth -= 1
            default: break
            }
            if depth == 0 { return index }
        }
        return nil
    }

    /// The lines of some tokens, with the comment directly above.
    private func text(of range: ClosedRange<Int>) -> String {
        let end = tokens[range.upperBound].range.upperBound
        var start = source.lineStart(of: tokens[range.lowerBound].range.lowerBound)
        let indentation = source.bytes[start...].prefix { $0 == UInt8(ascii: " ") }.count
        // Comments that end on the line before, as long as there are any.
        for comment in source.tokens.reversed() where comment.kind == .comment && comment.range.upperBound < start {
            let line = source.lineStart(of: comment.range.lowerBound)
            let isAlone = source.bytes[line..<comment.range.lowerBound].allSatisfy { $0 == UInt8(ascii: " ") }
            guard isAlone, source.bytes[comment.range.upperBound..<start].elementsEqual([UInt8(ascii: "\n")]) else {
                break
            }
            start = line
        }
        let lines = source.text(start..<end).split(separator: "\n", omittingEmptySubsequences: false)
        return lines.map { line in
            String(line.dropFirst(min(indentation, line.prefix { $0 == " " }.count)))
        }.joined(separator: "\n")
    }
}
