import Operations
import RunbookHost

/// Puts a session's statements together to a runbook.
struct SessionScriptWriter {
    /// More names than these are left globals: a function of Lua has 200 locals at most.
    private static let mostLocals = 100
    /// The columns of a line that is put together here.
    private static let width = 100

    private let facts: SessionScript.Facts
    private let literals: SecretLiterals
    private var parameters: SecretParameters
    private var failures: [String] = []
    private(set) var parts: [ScriptPart] = []

    init(_ facts: SessionScript.Facts) {
        self.facts = facts
        literals = SecretLiterals(facts.catalogue, isSecret: facts.isSecret)
        parameters = SecretParameters(taken: facts.secretNames)
    }

    /// What the person is to be told.
    var warnings: [String] {
        failures + parts.compactMap(\.warning)
    }

    // MARK: Statements

    /// Takes the next statement.
    mutating func add(_ statement: SessionStatement) {
        let text = StatementText(statement.source, isExpression: statement.isExpression)
        guard !text.text.isEmpty else { return }
        let name = name(of: statement, text)
        guard statement.outcome == .succeeded else {
            if statement.changes > 0 {
                failures.append(
                    "\(name) did not succeed and is left out: what it changed before its end is not in the runbook")
            }
            return
        }
        guard let usage = text.usage else { return leaveOut(statement, text, name, "it does not compile") }
        let declares = usage.accesses.contains { $0.path == ["runbook"] && $0.kind == .read }
        if case .loaded(_, hasManifest: true) = statement.origin {
            return leaveOut(statement, text, name, "it is a runbook of its own: run it before this one")
        }
        if declares { return leaveOut(statement, text, name, "it declares a manifest of its own") }
        let secrets = literals.find(in: text.lua)
        guard secrets.allSatisfy(\.isWhole) else {
            return leaveOut(statement, text, name, "it has a secret in it that no parameter can stand for")
        }
        guard !secrets.isEmpty || facts.isSecret(text.text) else {
            parts.append(ScriptPart(statement, text, name: name))
            return
        }
        let source = SecretLiterals.replace(secrets, in: text.lua) { "params.\(parameters.name(for: $0))" }
        let closed = StatementText(source, isExpression: statement.isExpression)
        guard closed.usage != nil, !facts.isSecret(closed.text) else {
            return leaveOut(statement, text, name, "it has a secret in it that no parameter can stand for")
        }
        parts.append(ScriptPart(statement, closed, name: name))
    }

    private mutating func leaveOut(
        _ statement: SessionStatement, _ text: StatementText, _ name: String, _ reason: String
    ) {
        parts.append(ScriptPart(statement, text, name: name))
        parts[parts.count - 1].leaveOut(reason)
    }

    /// What a statement is called: its file, or its first line, without secrets.
    private func name(of statement: SessionStatement, _ text: StatementText) -> String {
        if case .loaded(let file, _) = statement.origin { return facts.isSecret(file) ? "a file" : file.shown }
        let masked = SecretLiterals.replace(literals.find(in: text.lua), in: text.lua) { _ in SecretValue.redacted }
        guard !facts.isSecret(masked) else { return "a statement" }
        let line = masked.split { $0.isNewline }.first.map(String.init) ?? ""
        return "'\(line.shown.fitted(60))'"
    }

    /// Decides how each of them stands in the runbook.
    mutating func decide() {
        let isAlwaysUsed = parts.contains { $0.isKept && $0.usesAnswersLater }
        var isAnswerUsed = false, isLast = true
        for index in parts.indices.reversed() {
            isAnswerUsed = isAnswerUsed || isAlwaysUsed
            parts[index].decide(isAnswerUsed: &isAnswerUsed, isLast: &isLast)
        }
    }

    // MARK: The runbook

    /// The runbook's text, and the capabilities that it asks for.
    var runbook: (text: String, needs: [Capability]) {
        let body = Self.joined(parts.map(\.code).filter { !$0.isEmpty })
        let isOpaque = parts.contains { $0.isKept && $0.text.hidesNames }
        let usage = StatementText.usage(of: body)?.accesses ?? []
        let secrets = facts.secretNames.filter { name in
            isOpaque || usage.contains { $0.path.first == name && $0.kind != .write }
        }
        let used = parameters.all.filter { parameter in usage.contains { $0.path == ["params", parameter.name] } }
        let given = secrets.map { SecretParameters.Parameter(name: $0, documentation: "was given in the session") }
        let manifest = ScriptManifest(
            title: facts.title, documentation: documentation, parameters: given + used, needs: needs(usage),
            changes: parts.reduce(0) { $0 + ($1.isKept ? $1.statement.changes : 0) })
        func whole(_ locals: [String], _ prefix: String) -> String {
            let assigned = secrets.map { "\(prefix)\($0) = params.\($0)" }
            let head = (assigned + Self.declarations(locals)).joined(separator: "\n")
            return [manifest.text, head, body].filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
        }
        // Locals suit a runbook better, but they are others than what is reached through _G.
        let locals = isOpaque ? [] : ownNames(usage, besides: secrets)
        let text = whole(locals, "local ")
        guard isOpaque || locals.count > Self.mostLocals || !StatementText.compiles(text) else {
            return (text, manifest.needs)
        }
        return (whole([], ""), manifest.needs)
    }

    private var documentation: String {
        let moment = Timestamp(unixMilliseconds: facts.unixMilliseconds)
        let target = facts.target.map { "the target \($0.shown)" } ?? "no target"
        return "Recorded on \(moment.description.prefix(10)) at \(moment.time) UTC from a session with \(target)."
    }

    /// The globals that the statements make.
    private func ownNames(_ usage: [GlobalAccess], besides secrets: [String]) -> [String] {
        let known = KnownNames.standard
        var seen = known.globals.union(known.members.keys).union(facts.catalogue.operations.map(\.table)).union(secrets)
        return usage.filter { $0.kind == .write && $0.path.count == 1 && seen.insert($0.path[0]).inserted }
            .map { $0.path[0] }
    }

    /// `local` before names, on as many lines as they need.
    private static func declarations(_ names: [String]) -> [String] {
        var lines: [String] = []
        for name in names {
            if let last = lines.last, last.utf8.count + name.utf8.count + 2 <= width {
                lines[lines.count - 1] = last + ", " + name
            } else {
                lines.append("local " + name)
            }
        }
        return lines
    }

    /// The capabilities of what was called, and of what is only named: a check wants these, too.
    private func needs(_ usage: [GlobalAccess]) -> [Capability] {
        var needed = Dictionary(
            facts.catalogue.operations.map { ($0.name, [$0.capability]) }, uniquingKeysWith: { $1 })
        for function in PreludeFunctions.all { needed[function.name] = function.capabilities }
        let own = Set(usage.filter { $0.kind == .write && $0.path.count == 1 }.map { $0.path[0] })
        let named = usage.filter { ($0.kind == .read || $0.kind == .method) && !own.contains($0.path[0]) }.map(\.name)
        let called = parts.filter(\.isKept).flatMap(\.statement.operations)
        return Set((named + called).flatMap { needed[$0] ?? [] }).sorted()
    }

    /// Statements below each other, with space around those of more than one line.
    private static func joined(_ pieces: [String]) -> String {
        var text = ""
        var wasLong = false
        for piece in pieces {
            let isLong = piece.utf8.contains(UInt8(ascii: "\n"))
            if !text.isEmpty { text += isLong || wasLong ? "\n\n" : "\n" }
            text += piece
            wasLong = isLong
        }
        return text
    }
}
