import RunbookHost

/// One statement that was given in a session, and what came of it.
struct SessionStatement: Sendable, Hashable {
    /// How it ended.
    enum Outcome: Sendable, Hashable {
        case succeeded
        case failed
        /// A limit, a denial or a person ended it.
        case stopped
    }

    /// Where it came from.
    enum Origin: Sendable, Hashable {
        case typed
        /// It is the whole text of a file.
        case loaded(file: String, hasManifest: Bool)
    }

    /// What it answered.
    enum Answer: Sendable, Hashable {
        /// Nothing, or `nil`: `_` stays what it was.
        case nothing
        /// A value that a runbook can return, too.
        case value
        /// A function, or another value that cannot leave the machine.
        case unreturnable
    }

    /// Its text, as it was typed or read.
    let source: String
    /// Whether it was run as an expression, with `return` before it.
    let isExpression: Bool
    let outcome: Outcome
    /// The operations and the host's functions that it called, by their names: `users.unlock`, `users.patch`,
    /// `secrets.reveal`.
    let operations: [String]
    /// How many changes it made or planned.
    let changes: Int
    let origin: Origin
    let answer: Answer

    /// A statement.
    ///
    /// - Parameters:
    ///   - operations: Default: none.
    ///   - changes: Default: none.
    ///   - origin: Default: it was typed.
    ///   - answer: Default: a value if it is an expression, else nothing.
    init(
        _ source: String, isExpression: Bool, outcome: Outcome = .succeeded, operations: [String] = [],
        changes: Int = 0, origin: Origin = .typed, answer: Answer? = nil
    ) {
        self.source = source
        self.isExpression = isExpression
        self.outcome = outcome
        self.operations = operations
        self.changes = changes
        self.origin = origin
        self.answer = answer ?? (isExpression ? .value : .nothing)
    }
}

extension SessionStatement.Answer {
    /// What a statement answered, by its first result.
    init(_ results: [ShownValue]) {
        switch results.first {
        case nil, .nothing: self = .nothing
        case .some(let value): self = value.isReturnable ? .value : .unreturnable
        }
    }
}

extension ShownValue {
    /// Whether a runbook can return it. What was cut is taken for what is left of it.
    fileprivate var isReturnable: Bool {
        switch self {
        case .nothing, .null, .bool, .integer, .string, .secret: true
        case .float(let text): !["inf", "-inf", "nan", "-nan"].contains(text)
        case .bytes, .opaque, .cycle: false
        // The codec goes no deeper either; what was left out for its size may be returned.
        case .omitted: true
        case .list(let elements, _): elements.allSatisfy(\.isReturnable)
        case .table(let entries, _):
            entries.allSatisfy { entry in
                guard case .string = entry.key else { return false }
                return entry.value.isReturnable
            }
        }
    }
}
