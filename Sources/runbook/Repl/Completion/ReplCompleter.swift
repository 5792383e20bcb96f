import LineEditor
import Operations

/// Finds what may be typed at the prompt, with what it means.
struct ReplCompleter: Sendable {
    let sources: CompletionSources
    let names: LuaNames
    let calls: KnownCalls

    /// Candidates that are shown at most: nobody looks through more.
    static let limit = 500
    /// Bytes before the cursor up to which there is an answer.
    static let textLimit = 1 << 20

    /// A completer.
    init(_ sources: CompletionSources) {
        self.sources = sources
        names = LuaNames(catalogue: sources.catalogue, known: sources.known)
        calls = KnownCalls(catalogue: sources.catalogue)
    }

    /// The answer to an editor.
    func complete(_ request: LineEditor.CompletionRequest) async -> Completions? {
        await complete(request.text, cursor: request.cursor)
    }

    /// Candidates for what stands before a cursor, an offset in the text's UTF-8; `nil` if there are none.
    func complete(_ text: String, cursor: Int) async -> Completions? {
        guard cursor <= min(Self.textLimit, text.utf8.count), cursor >= 0 else { return nil }
        let before = String(decoding: text.utf8.prefix(cursor), as: UTF8.self)
        // A cursor in the middle of a character is none.
        guard before.utf8.count == cursor else { return nil }
        let after = TextAfter(text, cursor)
        let start = before.drop { $0.isWhitespace }
        let found: Completions?
        switch TypedLine.kind(of: before) {
        case .empty: found = await code(CompletionContext(before, cursor: cursor), after: after)
        case .command(let rest): found = await command(rest, end: cursor, after: after)
        case .help(_, let wantsSource) where start.first == "?":
            found = await asked(String(start.drop { $0 == "?" || $0.isWhitespace }), end: cursor, wantsSource)
        case .help: found = nil
        case .code where start == ".": found = await command("", end: cursor, after: after)
        case .code: found = await code(CompletionContext(before, cursor: cursor), after: after)
        }
        guard var found, !found.candidates.isEmpty else { return nil }
        found.candidates = Self.limited(found.candidates)
        return found
    }

    /// The first of too many, the last of which says so.
    private static func limited(_ candidates: [Candidate]) -> [Candidate] {
        guard candidates.count > limit else { return candidates }
        var kept = Array(candidates.prefix(limit))
        kept[limit - 1].detail = "… the first \(limit) of \(candidates.count): type more of it"
        return kept
    }
}
