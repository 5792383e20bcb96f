import Operations
import RunbookHost

/// What two question marks show: the source of a function that is written in Lua, or of a runbook.
struct SourcePages: Sendable {
    /// What there is to show.
    enum Answer: Sendable, Hashable {
        /// Lua source.
        case source(String)
        /// Why there is none, and what to ask instead.
        case none(String)
    }

    private let catalogue: Catalogue
    private let prelude: String
    private let runbook: @Sendable (String) async -> String?

    /// Sources.
    ///
    /// - Parameters:
    ///   - prelude: what the functions that the host adds are written in. Default: the host's own.
    ///   - runbook: the source of a runbook by its name or path; `nil` if there is none.
    init(
        catalogue: Catalogue, prelude: String = RunbookHost.preludeSource,
        runbook: @escaping @Sendable (String) async -> String?
    ) {
        self.catalogue = catalogue
        self.prelude = prelude
        self.runbook = runbook
    }

    /// The source of what a name stands for.
    func source(of name: String) async -> Answer {
        let plain = String(name.filter { !$0.isWhitespace }.prefix { $0 != "(" && $0 != "{" })
        if PreludeFunctions.named(plain) != nil, let source = PreludeText(prelude).function(plain) {
            return .source(source)
        }
        if let operation = catalogue[plain] {
            return .none(
                "\(operation.name) is one request and has no source in Lua. ?\(operation.name) tells which, and all about it."
            )
        }
        if LuaLibrary.all[plain] != nil {
            return .none("\(plain) is Lua's own, and written in C. ?\(plain) tells what it does.")
        }
        if let source = await runbook(name) { return .source(source) }
        let near = plain.nearest(among: PreludeFunctions.all.filter { $0.kind == .function }.map(\.name))
        let advice =
            near.map { "Did you mean ??\($0)?" }
            ?? "Functions such as ??users.patch have one, and runbooks by their name or path."
        return .none("there is no source of '\(name)'. \(advice)")
    }
}
