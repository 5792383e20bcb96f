import CommandSupport
import Glibc
import LineEditor
import Operations
import RunbookHost

/// The session at a terminal: reads what a person types, and shows what comes of it.
actor Repl {
    var setup: ReplSetup
    let screen: SystemTerminal
    var parts: ReplParts
    var reader: LineEditor.LineReader
    let link: ReplLink
    /// What was typed and loaded, for `.save` and `.record`.
    var statements: [SessionStatement] = []
    /// The variables that `.secret` has set.
    var secretNames: [String] = []
    var showsTiming = false
    /// The run that changed something last, for `.undo`.
    var lastChanging: String?
    /// How many statements were typed.
    private var number = 0
    /// Whether anything was written to the store.
    private var hasRuns = false

    /// Longer lines that are printed are cut, in bytes: a terminal takes seconds for them, and nobody reads them.
    private static let longestPrinted = 64 << 10

    init(_ setup: ReplSetup) throws(CommandError) {
        self.setup = setup
        let screen = SystemTerminal(), link = ReplLink()
        self.screen = screen
        self.link = link
        parts = try Self.parts(setup, link)
        reader = Self.reader(parts, setup, screen)
        link.reader = reader
    }

    // MARK: The parts

    private static func parts(_ setup: ReplSetup, _ link: ReplLink) throws(CommandError) -> ReplParts {
        try setup.parts { launch, options in
            let terminal = launch.session.terminal
            options.print = { text in terminal.write(output: printed(text)) }
            if !setup.yes, !setup.options.noInput { options.confirm = { await link.confirm($0) } }
            let secret = options.secret
            options.secret = { name, text throws(ParameterFault) in
                guard let secret else { throw ParameterFault(parameter: name, reason: "cannot be had here") }
                return try await link.whilePaused { () async -> Result<SecretValue, ParameterFault> in
                    do throws(ParameterFault) { return .success(try await secret(name, text)) } catch {
                        return .failure(error)
                    }
                }.get()
            }
            options.observer = { event in
                guard case .call(let calls, let changes, let operation) = event else { return }
                let elapsed = ContinuousClock.now - link.began
                // What is over at once needs no progress.
                guard elapsed > .milliseconds(300) else { return }
                terminal.show(
                    progress:
                        "  \(Wording.count(calls, "call")), \(Wording.count(changes, "change")), \(elapsed.readable): "
                        + operation)
            }
        }
    }

    private static func printed(_ text: String) -> String {
        let bytes = text.utf8.count
        guard bytes > longestPrinted else { return text.outputLine }
        let beginning = String(decoding: text.utf8.prefix(longestPrinted), as: UTF8.self)
        return (beginning + "… (\(Wording.number(bytes)) bytes)").outputLine
    }

    private static func reader(
        _ parts: ReplParts, _ setup: ReplSetup, _ screen: SystemTerminal
    ) -> LineEditor.LineReader {
        ReplEditing(parts: parts, setup: setup).reader(on: screen)
    }

    /// Goes over to another target. Everything that was there belongs to the one before.
    func connect(to target: String) async throws(CommandError) {
        var setup = setup
        setup.options.target = target
        // Another target, another session: nothing is sent there before somebody says so.
        setup.mode = .plan
        let parts = try Self.parts(setup, link)
        await close()
        self.setup = setup
        self.parts = parts
        reader = Self.reader(parts, setup, screen)
        link.reader = reader
        statements = []
        secretNames = []
        lastChanging = nil
        hasRuns = false
    }

    /// Closes what was used.
    private func close() async {
        await parts.interactive.close()
        if hasRuns { await parts.launch.close() } else { await parts.session.transport.shutdown() }
    }

    // MARK: The loop

    func run(files: [String], parameters: [String: ParameterInput]) async throws {
        // Keys come as bytes while somebody listens; in between they end nothing.
        signal(SIGINT, SIG_IGN)
        let interactive = parts.interactive
        // Ready before the first line is.
        let start = Task(executorPreference: setup.loop) { try? await interactive.prepare() }
        greet()
        for file in files { await load(file, parameters) }
        loop: while true {
            switch await reader.readLine(await prompt()) {
            case .line(let text):
                await start.value
                if !(await handle(text)) { break loop }
            case .interrupted: continue
            case .end: if await mayLeave() { break loop }
            }
        }
        await close()
    }

    private func greet() {
        say("runbook \(programVersion), \(whereabouts)", .dim)
        setup.mode == .plan
            ? say("Plan mode: changes are shown, and sent by .apply.", .dim)
            : say("Live mode: changes are sent at once.", .yellow)
        say(".help lists commands, ?users what there is; Tab completes; .quit leaves.", .dim)
    }

    /// The target in words.
    var whereabouts: String {
        let target = parts.session.target
        guard let name = target["name"]?.stringValue else { return "no target (.help target tells how to get one)" }
        var addresses: [String] = []
        for service in ["console", "xpanse"] {
            if let address = target[service]?.stringValue, !addresses.contains(address) { addresses.append(address) }
        }
        return "target \(name)\(addresses.isEmpty ? "" : " (\(addresses.joined(separator: ", ")))")".shown
    }

    /// `lab plan (2 planned)> ` or `lab LIVE (198 left)> `.
    private func prompt() async -> LineEditor.Prompt {
        let planned = await parts.interactive.planned.count, left = await parts.interactive.changesLeft
        var text = StyledText(parts.targetName.shown, Style(.cyan))
        if setup.mode == .plan {
            text = text.adding(" plan", Style(.green))
            if planned > 0 { text = text.adding(" (\(planned) planned)", Style(.yellow)) }
        } else {
            text = text.adding(" LIVE", Style(.red, .bold))
            text = text.adding(
                " (\(Wording.number(left)) left\(planned > 0 ? ", \(planned) planned" : ""))", Style(.yellow))
        }
        let width = text.text.columns
        return LineEditor.Prompt(
            text.adding("> "), others: StyledText(String(repeating: " ", count: max(0, width - 2)) + "... "))
    }

    /// Whether the session may end: what is planned and not sent is gone then.
    func mayLeave() async -> Bool {
        let planned = await parts.interactive.planned.count
        guard planned > 0 else { return true }
        let (verb, them) = planned == 1 ? ("is", "it") : ("are", "them")
        let question = "\(Wording.count(planned, "change")) \(verb) planned and not sent. Leave without \(them)?"
        // Where nobody can answer any more nobody is waited for.
        return await link.ask(question) != .no
    }

    /// Does what a person typed.
    ///
    /// - Returns: whether the session goes on.
    private func handle(_ text: String) async -> Bool {
        switch TypedLine.parse(text) {
        case .empty: break
        case .code(let source, let isExpression): await evaluate(source, isExpression: isExpression)
        case .help(let name): await help(name)
        case .source(let name): await source(name)
        case .command(let name, let arguments): return await perform(name, arguments)
        }
        return true
    }

    // MARK: Statements

    private func evaluate(_ source: String, isExpression: Bool) async {
        number += 1
        let statement = Runbook(name: "repl[\(number)]", source: isExpression ? "return \(source)" : source)
        let outcome = await watched { [interactive = parts.interactive] in await interactive.evaluate(statement) }
        await show(outcome, isOneLine: !source.utf8.contains(UInt8(ascii: "\n")))
        keep(source, isExpression, outcome, .typed)
        if isExpression || outcome.run.status != .succeeded { return }
        if source.hasPrefix("local ") {
            say("'local' lasts for one statement: leave it out to keep the variable.", .dim)
        }
    }

    /// Loads a file: runs it as a statement.
    func load(_ path: String, _ parameters: [String: ParameterInput]) async {
        let runbook: Runbook
        do throws(CommandError) {
            runbook = try RunbookFile.read(path, directories: parts.session.configuration.runbookDirectories)
        } catch { return complain(error.message) }
        let outcome = await watched { [interactive = parts.interactive] in
            await interactive.evaluate(runbook, parameters: parameters)
        }
        await show(outcome, isOneLine: false)
        let hasManifest = outcome.operations.contains("runbook")
        keep(
            String(decoding: runbook.source, as: UTF8.self), false, outcome,
            .loaded(file: path, hasManifest: hasManifest))
    }

    /// Remembers a statement for `.record` and `.save`.
    private func keep(
        _ source: String, _ isExpression: Bool, _ outcome: StatementOutcome, _ origin: SessionStatement.Origin
    ) {
        let end: SessionStatement.Outcome =
            switch outcome.run.status {
            case .succeeded: .succeeded
            case .stopped, .cancelled: .stopped
            default: .failed
            }
        statements.append(
            SessionStatement(
                source, isExpression: isExpression, outcome: end, operations: outcome.operations,
                changes: outcome.run.changes.count, origin: origin, answer: SessionStatement.Answer(outcome.values)))
    }

    /// Runs something with Ctrl-C listened for: once ends the statement, twice the machine with it.
    func watched(_ body: @Sendable () async -> StatementOutcome) async -> StatementOutcome {
        link.began = .now
        let interactive = parts.interactive, terminal = parts.session.terminal
        let outcome = await reader.whileRunning(onInterrupt: { count in
            interactive.interrupt(isAgain: count > 1)
            if count == 1 { Self.announce(terminal) { interactive.statement } }
        }) { await body() }
        terminal.clearProgress()
        if outcome.run.calls > 0 { hasRuns = true }
        await noteChanges(outcome.run)
        return outcome
    }

    /// Says what Ctrl-C has begun, unless that is over at once.
    ///
    /// - Parameter current: what is under way; `nil` if nothing is.
    static func announce(_ terminal: Terminal, _ current: @escaping @Sendable () -> String?) {
        guard let asked = current() else { return }
        Task {
            try? await Task.sleep(for: .milliseconds(400))
            guard current() == asked else { return }
            terminal.write(
                line: "stopping: changes in flight are waited for. Ctrl-C again ends it at once; variables may be lost."
            )
        }
    }

    /// Notes a run that may have changed something.
    func noteChanges(_ run: RunOutcome) async {
        guard run.changes.contains(where: { [.done, .unknown].contains($0.outcome) }) else { return }
        lastChanging = run.id
        await parts.names.invalidate()
    }

    /// Notes that something was written to the store beside the statements.
    func noteRun() { hasRuns = true }
}
