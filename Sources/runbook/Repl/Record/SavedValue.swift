import Operations
import RunbookHost

/// What `.save FILE` writes, in the form that the file's name asks for.
struct SavedValue {
    /// The forms there are.
    enum Form: Sendable, Hashable {
        /// JSON over several lines.
        case json
        /// A table for spreadsheets.
        case csv
        /// The session's statements.
        case lua

        /// The form for a file's name: JSON if it does not end in `.csv` or `.lua`.
        init(path: String) {
            let parts = Path.name(path).lowercased().split(separator: ".", omittingEmptySubsequences: false)
            switch parts.dropFirst().last {
            case "csv": self = .csv
            case "lua": self = .lua
            default: self = .json
            }
        }
    }

    /// The file's content, UTF-8.
    let text: String

    /// - Parameters:
    ///   - value: the whole of it.
    ///   - statements: all of the session's.
    ///   - isSecret: whether a text is, or holds, a secret of the session: `‹secret›` stands for it.
    init(
        _ form: Form, value: ShownValue, statements: [SessionStatement], catalogue: Catalogue = .standard,
        isSecret: @escaping (String) -> Bool
    ) {
        switch form {
        case .json: text = ValueJSON.text(of: value.closed(isSecret), style: ScreenStyle()) + "\n"
        case .csv: text = CSVTable(value.closed(isSecret)).text
        case .lua:
            let literals = SecretLiterals(catalogue, isSecret: isSecret)
            text = statements.map { Self.text(of: $0, literals, isSecret) + "\n" }.joined()
        }
    }

    /// A statement as it was typed; in a comment if it did not succeed.
    private static func text(
        of statement: SessionStatement, _ literals: SecretLiterals, _ isSecret: (String) -> Bool
    ) -> String {
        if case .loaded(let file, _) = statement.origin {
            return "-- .load \(isSecret(file) ? SecretValue.redacted : file.shown)"
        }
        let typed = StatementText(statement.source, isExpression: statement.isExpression)
        let text = SecretLiterals.replace(literals.find(in: typed.lua), in: typed.lua) { _ in
            "\"\(SecretValue.redacted)\""
        }
        if isSecret(text) { return "-- \(SecretValue.redacted)" }
        guard statement.outcome != .succeeded else { return text }
        return text.split(omittingEmptySubsequences: false) { $0.isNewline }.map { "-- \($0)" }.joined(separator: "\n")
    }
}

extension ShownValue {
    /// It, with a secret in the place of each text that is one.
    fileprivate func closed(_ isSecret: (String) -> Bool) -> ShownValue {
        switch self {
        case .string(let text, _), .bytes(let text, _), .opaque(let text), .float(let text):
            isSecret(text) ? .secret : self
        case .integer(let number): isSecret(String(number)) ? .secret : self
        case .list(let elements, let count): .list(elements.map { $0.closed(isSecret) }, count: count)
        case .table(let entries, let count):
            .table(
                entries.map { Entry(key: $0.key.closed(isSecret), value: $0.value.closed(isSecret)) }, count: count)
        default: self
        }
    }
}
