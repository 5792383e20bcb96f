import CommandSupport
import Glibc
import Operations
import RunbookHost

/// Runs code without a person: values on stdout, all else on stderr, and an exit code.
struct ReplScript {
    let setup: ReplSetup
    /// The most that is read of standard input, in bytes; a statement's own limit is lower.
    private static let longestInput = 16 << 20

    /// - Parameter code: what `-e` gave; if there is none, standard input is read.
    func run(code: [String], files: [String], parameters: [String: ParameterInput]) async throws {
        let isJSON = setup.options.json
        let parts = try setup.parts { launch, options in
            let terminal = launch.session.terminal
            options.print = { text in
                // With --json stdout has one document.
                isJSON ? terminal.write(line: text.shownLines) : terminal.write(output: text.outputLine)
            }
        }
        var statements: [Statement] = []
        for file in files {
            statements.append(
                Statement(
                    runbook: try RunbookFile.read(file, directories: parts.session.configuration.runbookDirectories)))
        }
        let typed = code.isEmpty ? [(name: "stdin", text: try Self.standardInput())] : code.map { ("-e", $0) }
        for (name, text) in typed { statements.append(try Statement(text, name: name)) }
        var last: StatementOutcome?
        var values: [ShownValue] = []
        var planned: [PlannedChange] = []
        for statement in statements {
            let outcome = await evaluate(statement, parts, statement.isFile ? parameters : [:])
            planned += outcome.planned
            last = outcome
            guard outcome.run.status == .succeeded else { break }
            if !statement.isFile { values += outcome.values }
            if !isJSON, !statement.isFile { show(outcome, parts) }
        }
        try await finish(last, values, planned, parts)
    }

    private struct Statement {
        let runbook: Runbook
        let isFile: Bool

        init(runbook: Runbook) {
            self.runbook = runbook
            isFile = true
        }

        init(_ text: String, name: String) throws(CommandError) {
            isFile = false
            switch TypedLine.parse(text) {
            case .code(let source, let isExpression):
                // The value is the last one for the code behind it, as in a session.
                let expression = "return (function(...) if (...) ~= nil then _ = ... end return ... end)(\(source)\n)"
                runbook = Runbook(name: name, source: isExpression ? expression : source)
            case .empty: runbook = Runbook(name: name, source: "")
            case .command(let command, _):
                throw CommandError(
                    ".\(command) is for the session at a terminal: start it with 'runbook repl'; here there is code only"
                )
            case .help, .source:
                throw CommandError("questions are for the session at a terminal: start it with 'runbook repl'")
            }
        }
    }

    private static func standardInput() throws(CommandError) -> String {
        var bytes: [UInt8] = []
        var portion = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(STDIN_FILENO, &portion, portion.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += portion[..<count]
            guard bytes.count <= longestInput else {
                throw CommandError("standard input has more than \(longestInput >> 20) MB: code is shorter than that")
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandError("standard input is not text in UTF-8: pipe Lua code into 'runbook repl'")
        }
        return text
    }

    private func evaluate(
        _ statement: Statement, _ parts: ReplParts, _ parameters: [String: ParameterInput]
    ) async -> StatementOutcome {
        let interactive = parts.interactive, terminal = parts.session.terminal
        let interruption = Interruption {
            terminal.write(
                line: "runbook: stopping; changes in flight are waited for. Press Ctrl-C again to leave at once.")
            interactive.interrupt(isAgain: false)
        }
        defer { interruption.end() }
        // Programs get all of a value.
        let outcome = await interactive.evaluate(
            statement.runbook, purpose: statement.isFile ? .statement : .value, parameters: parameters)
        terminal.clearProgress()
        return outcome
    }

    private func show(_ outcome: StatementOutcome, _ parts: ReplParts) {
        let style = ScreenStyle(options: setup.options, environment: setup.environment)
        let text = ValuePrinter(style: style).text(of: outcome.values, as: .natural)
        if !text.isEmpty { parts.session.terminal.write(output: text.hasSuffix("\n") ? text : text + "\n") }
    }

    private func finish(
        _ last: StatementOutcome?, _ values: [ShownValue], _ planned: [PlannedChange], _ parts: ReplParts
    ) async throws {
        let terminal = parts.session.terminal
        let isConfigurationMissing = parts.session.transport.failure != nil && last?.run.status == .failed
        await parts.interactive.close()
        if let last, last.run.calls > 0 { await parts.launch.close() } else { await parts.session.transport.shutdown() }
        if !planned.isEmpty {
            terminal.write(line: PlanText(changes: planned, terminal: terminal).text)
            terminal.write(line: "Nothing was sent: --mode live makes changes.")
        }
        guard let run = last?.run else { return }
        if setup.options.json {
            var members = run.json.objectValue ?? [:]
            members["results"] = .array(values.map(\.json))
            members["planned"] = .array(planned.map { $0.shownJSON })
            StandardStream.output.write(JSONValue.object(members).text + "\n")
        }
        if run.error != nil { RunReport(terminal: terminal).write(run, asJSON: false, withResult: false) }
        let status = isConfigurationMissing ? ExitStatus.usage : RunReport.exitStatus(run)
        if status != .success { throw status.exitCode }
    }
}

extension PlannedChange {
    /// What a program gets of it: without what only comparing needs.
    var shownJSON: JSONValue {
        var members = json.objectValue ?? [:]
        members["content"] = nil
        return .object(members)
    }
}

extension String {
    /// As a terminal may be given it: each line made harmless.
    var shownLines: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { String($0).shown }.joined(separator: "\n")
    }

    /// A line for stdout: as it is for a program, made harmless for a person.
    var outputLine: String { (StandardStream.output.isTerminal ? shownLines : self) + "\n" }
}
