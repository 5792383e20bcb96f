import ArgumentParser
import Testing

@testable import runbook

/// The code on the pages of the reference, which are made from the code that they are about.
///
/// Signatures are no code, and the examples of operations and functions are run where those are tested. The examples in the
/// commands' help stand for themselves, with files and runs that nobody has: the command line's own parser reads them, and the
/// guide has each command at work.
@Suite("Every block of the reference") struct GeneratedPagesTests {
    private static func pages() -> [Page] { Reference.pages.map { Page(path: "\($0.name).md", text: $0.text) } }

    @Test("Lua and configuration work as they stand there") func filesWork() async throws {
        for page in Self.pages() {
            let languages = Set(page.blocks.map(\.language))
            #expect(languages.isSubset(of: ["lua", "yaml", "sh", "text"]), "\(page.name)")
            let hasSignatures = ["Operations-reference", "Lua-functions-reference"].contains(page.name)
            let files = page.blocks.filter { $0.language == "yaml" || $0.language == "lua" && !hasSignatures }
            guard !files.isEmpty else { continue }
            #expect(try await PageRunner.faults(of: Page(path: page.path, blocks: files)) == [])
        }
    }

    @Test("Every example of a command is understood") func commandsAreUnderstood() throws {
        let page = try #require(Self.pages().first { $0.name == "Commands-reference" })
        let lines = page.blocks.filter { $0.language == "sh" }
            .flatMap { $0.text.replacing("\\\n", with: " ").split(separator: "\n").map(String.init) }
        #expect(lines.count > 20)
        for line in lines {
            var words = Self.words(line)
            // man shows what `runbook manual` has written.
            guard words.first != "man" else { continue }
            // What a shell reads from a program: source <(runbook completions bash).
            if words.first == "source" { words = Self.words(line.replacing(/.*\(|\)/, with: "")) }
            #expect(words.first == "runbook", "\(line)")
            #expect(throws: Never.self, "\(line)") { try RunbookCommand.parseAsRoot(Array(words.dropFirst())) }
        }
    }

    /// A command's words as a shell has them, up to a comment, a pipe or a redirection.
    private static func words(_ line: String) -> [String] {
        var words: [String] = [], word: String?, quote: Character?
        for character in line {
            if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == " " {
                if let done = word { words.append(done) }
                word = nil
            } else if word == nil, "#|>".contains(character) {
                return words
            } else {
                word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }
}
