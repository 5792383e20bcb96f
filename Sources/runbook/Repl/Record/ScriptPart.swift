/// What becomes of one statement of a session in the runbook that is made of it.
struct ScriptPart {
    /// How a statement stands in the runbook.
    enum Form: Hashable {
        /// Not at all: it only looked.
        case absent
        /// As it is.
        case verbatim
        /// Its value is the runbook's result.
        case returned
        /// Its value is the last one: `_ = …`.
        case assigned
        /// Its value is thrown away, as it must not take the place of the last one.
        case discarded
        /// In a block, so that its locals are its own.
        case block
        /// A comment says why it is not there.
        case leftOut(String)
    }

    let statement: SessionStatement
    let text: StatementText
    /// What the statement is called where it is spoken of.
    let name: String
    /// How it stands there. Default: as it is.
    private(set) var form = Form.verbatim
    /// What the person who records is to be told.
    private(set) var warning: String?
    private let shape: StatementText.Shape

    init(_ statement: SessionStatement, _ text: StatementText, name: String) {
        self.statement = statement
        self.name = name
        self.text = text
        shape = text.shape
    }

    /// Whether it runs in the runbook.
    var isKept: Bool {
        switch form {
        case .absent, .leftOut: false
        default: true
        }
    }

    /// Whether a function that it makes, or something that cannot be seen in it, may use `_` at any time.
    var usesAnswersLater: Bool { text.hidesNames || shape.hasAnswerInFunction && text.reads("_") }

    /// Leaves it out for a reason, and says so.
    mutating func leaveOut(_ reason: String) {
        form = .leftOut("left out: \(name): \(reason)")
        warning = "\(name) is left out: \(reason)"
        if statement.changes > 0 { warning? += "; what it changed is not in the runbook" }
    }

    /// Decides on its form, once those behind it are decided on.
    ///
    /// - Parameters:
    ///   - isAnswerUsed: whether one behind it uses `_` as it is here.
    ///   - isLast: whether none behind it runs.
    mutating func decide(isAnswerUsed: inout Bool, isLast: inout Bool) {
        let answers = statement.answer != .nothing
        if case .leftOut = form {
            // What its value was used for is not done with another one.
            if answers { isAnswerUsed = false }
            return
        }
        guard !text.lua.code.isEmpty else { return }
        let answersNext = answers && isAnswerUsed
        if text.isExpression {
            form = expressionForm(isUsed: isAnswerUsed, isLast: isLast)
        } else if isLast, !shape.returns || statement.answer != .unreturnable {
            form = isLoaded ? .block : .verbatim
        } else if shape.returns {
            form = isAnswerUsed && !answers ? .discarded : .assigned
        } else {
            form = shape.declares || isLoaded ? .block : .verbatim
        }
        guard form != .absent else { return }
        if !StatementText.compiles(code) {
            leaveOut("it does not compile where other statements stand around it")
            if answers { isAnswerUsed = false }
            return
        }
        if answersNext { isAnswerUsed = false }
        if text.reads("_") { isAnswerUsed = true }
        isLast = false
    }

    private func expressionForm(isUsed: Bool, isLast: Bool) -> Form {
        if isLast, statement.answer == .value { return .returned }
        if isUsed, statement.answer != .nothing { return .assigned }
        if StatementText.compiles(text.text) { return .verbatim }
        guard statement.changes > 0 else { return .absent }
        return isUsed ? .discarded : .assigned
    }

    private var isLoaded: Bool { statement.origin != .typed }

    /// Its lines in the runbook; empty if it has none.
    var code: String { isKept && isLoaded ? "-- \(name)\n\(statementCode)" : statementCode }

    private var statementCode: String {
        switch form {
        case .absent: ""
        // Without the semicolon it would be taken for the arguments of what stands before it.
        case .verbatim: (shape.beginsWithParenthesis ? ";" : "") + text.text
        case .returned: "return " + text.text
        case .assigned: "_ = " + value
        case .discarded:
            """
            do
              local _ = \(value)
            end
            """
        case .block:
            """
            do
            \(text.indented)
            end
            """
        case .leftOut(let comment): "-- " + comment
        }
    }

    private var value: String {
        guard !text.isExpression else { return text.text }
        let arguments = shape.takesArguments ? "..." : ""
        return """
            (function(\(arguments))
            \(text.indented)
            end)(\(arguments))
            """
    }
}
