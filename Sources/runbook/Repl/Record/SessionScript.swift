import Operations
import RunbookHost

/// A session as a runbook: what was done in it, in its order, with the manifest that it needs.
///
/// What failed is not in it, nor what only looked. The text always compiles; what is not as the person may expect is in
/// ``warnings``.
struct SessionScript {
    /// What a recorded runbook says of itself, and what is known of the session.
    struct Facts {
        /// The manifest's title.
        var title: String
        /// The target's name; `nil` if there was none.
        var target: String?
        /// When it is recorded, in milliseconds since 1970.
        var unixMilliseconds: Int64
        /// The globals that were given secrets in the session, each a name of Lua's. Default: none.
        var secretNames: [String] = []
        /// The operations that there are. Default: all of this product's.
        var catalogue = Catalogue.standard
        /// Whether a text is, or holds, a secret of the session. Default: none is known.
        var isSecret: (String) -> Bool = { _ in false }
    }

    /// The runbook.
    let text: String
    /// What the person is to be told, one sentence each.
    let warnings: [String]
    /// The capabilities that its manifest asks for.
    let needs: [Capability]
    /// How many statements run in it.
    let count: Int

    /// Makes a runbook of a session's statements.
    init(_ statements: [SessionStatement], _ facts: Facts) {
        var writer = SessionScriptWriter(facts)
        for statement in statements { writer.add(statement) }
        writer.decide()
        (text, needs) = writer.runbook
        warnings = writer.warnings
        count = writer.parts.count(where: \.isKept)
    }
}
