import ArgumentParser
import Operations

/// Makes sentences that name functions, options and settings in passing fit for a page: those become code.
struct Prose: Sendable {
    private let names: Set<String>
    private let commands: Set<String>

    /// Sentences that may name these, besides what is code by its looks: options, variables, tables in braces.
    ///
    /// - Parameters:
    ///   - names: of functions and capabilities.
    ///   - commands: what stands behind `runbook` where a command is meant.
    init(names: Set<String>, commands: Set<String>) {
        self.names = names
        self.commands = commands
    }

    /// Of what scripts and command lines can name.
    static let standard: Prose = {
        let calls = Catalogue.standard.operations.map(\.name) + PreludeFunctions.all.map(\.name)
        let capabilities =
            Catalogue.standard.operations.map(\.capability) + PreludeFunctions.all.flatMap(\.capabilities)
        // Of Lua's own functions without a table most are English words too.
        let others = ["ipairs", "pcall", "tonumber", "tostring", "xpcall"]
        return Prose(
            names: Set(
                (calls + LuaLibrary.all.keys).filter { $0.contains(".") } + capabilities.map(\.rawValue) + others),
            commands: Set(RunbookCommand.configuration.subcommands.compactMap { $0.configuration.commandName }))
    }()

    /// A text as Markdown.
    func markup(_ text: String) -> String {
        var markup = ""
        var rest = text[...]
        while let first = rest.first {
            if let end = Self.braced(rest) ?? quoted(rest) {
                markup += Markdown.code(rest[..<end].trimming { $0 == "'" })
                rest = rest[end...]
            } else if Self.isOfWord(first) {
                let word = rest.prefix(while: Self.isOfWord)
                // A full stop behind a name ends the sentence.
                var name = word
                while let last = name.last, ".:-".contains(last) { name = name.dropLast() }
                if let end = end(ofCodeAt: name, in: rest) {
                    markup += Markdown.code(String(rest[..<end]))
                    rest = rest[end...]
                } else {
                    markup += Markdown.plain(String(word))
                    rest = rest[word.endIndex...]
                }
            } else {
                markup += Markdown.plain(String(first))
                rest = rest.dropFirst()
            }
        }
        return markup
    }

    /// Where what begins with a word ends, if it is code.
    private func end(ofCodeAt word: Substring, in text: Substring) -> String.Index? {
        if word == "runbook" { return command(after: word.endIndex, in: text) }
        if word.hasPrefix("--"), word.count > 3 {
            // With its value, if that is one: --param role=user
            let value = Self.blankless(text[word.endIndex...].dropFirst())
            return text[word.endIndex...].first == " " && value.contains("=") ? value.endIndex : word.endIndex
        }
        if word.hasPrefix("$XDG_") { return Self.blankless(text[word.startIndex...]).endIndex }
        guard isName(word) else { return nil }
        let end = word.endIndex
        return end < text.endIndex && text[end] == "(" ? Self.closing(text[end...], "(", ")") ?? end : end
    }

    /// Where the words end that call a command.
    private func command(after place: String.Index, in text: Substring) -> String.Index? {
        let word = text[place...].dropFirst().prefix(while: \.isLetter)
        guard text[place...].first == " ", commands.contains(String(word)) else { return nil }
        return word.endIndex
    }

    private func isName(_ word: Substring) -> Bool {
        if names.contains(String(word)) { return true }
        // not_found, RUNBOOK_STATE
        if word.contains("_") { return word.allSatisfy { $0.isLetter || $0.isNumber || "_.".contains($0) } }
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ $0.first?.isLetter == true && $0.allSatisfy(\.isLetter) }) else { return false }
        // allSites
        if parts.contains(where: { $0.first?.isLowercase == true && $0.contains(where: \.isUppercase) }) { return true }
        // limits.time
        return parts.count > 1 && ["audit", "limits", "params", "policy", "role", "targets"].contains(parts[0])
    }

    private static func isOfWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "_.:-$".contains(character)
    }

    /// What a text begins with up to a blank, without what belongs to the sentence.
    private static func blankless(_ text: Substring) -> Substring {
        var value = text.prefix { !" )\n".contains($0) }
        while let last = value.last, ",;.:".contains(last) { value = value.dropLast() }
        return value
    }

    /// Where a table in braces ends that the text begins with.
    private static func braced(_ text: Substring) -> String.Index? {
        text.first == "{" ? closing(text, "{", "}") : nil
    }

    /// Where a command in quotes ends that the text begins with.
    private func quoted(_ text: Substring) -> String.Index? {
        guard text.hasPrefix("'runbook "), let quote = text.dropFirst().firstIndex(of: "'") else { return nil }
        return text.index(after: quote)
    }

    private static func closing(_ text: Substring, _ open: Character, _ close: Character) -> String.Index? {
        var depth = 0
        for index in text.indices {
            if text[index] == open { depth += 1 }
            if text[index] == close {
                depth -= 1
                if depth == 0 { return text.index(after: index) }
            }
        }
        return nil
    }
}

extension Substring {
    fileprivate func trimming(_ isTrimmed: (Character) -> Bool) -> String {
        var text = self
        while let first = text.first, isTrimmed(first) { text = text.dropFirst() }
        while let last = text.last, isTrimmed(last) { text = text.dropLast() }
        return String(text)
    }
}
