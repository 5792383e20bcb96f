import CommandSupport
import LineEditor
import Operations
import RunbookHost
import Synchronization

/// The commands that begin with a dot.
extension Repl {
    /// - Returns: whether the session goes on.
    func perform(_ name: String, _ arguments: String) async -> Bool {
        guard let command = DotCommand(typed: name) else {
            let near = name.nearest(among: DotCommand.allCases.map(\.rawValue)).map { "Did you mean .\($0)?" }
            complain("there is no command .\(name). \(near ?? ".help lists them.")")
            return true
        }
        let arguments = arguments.trimmed
        switch command {
        case .help: arguments.isEmpty ? await listCommands() : await help(arguments)
        case .target: await target(arguments)
        case .mode: await mode(arguments)
        case .plan: await plan(arguments)
        case .apply: await apply()
        case .undo: await undo(arguments)
        case .runs: await runs(arguments)
        case .show: await showRun(arguments)
        case .load: await load(arguments)
        case .save: await save(arguments)
        case .record: await record(arguments)
        case .json: await look(arguments, as: .json)
        case .table: await look(arguments, as: .table)
        case .expand: await look(arguments, as: .expanded)
        case .vars: await variables()
        case .secret: await secret(arguments)
        case .timing: timing(arguments)
        case .watch: await watch(arguments)
        case .limits: await limits()
        case .quit: return await !mayLeave()
        }
        return true
    }

    // MARK: Help

    private func listCommands() async {
        var text = ""
        let width = DotCommand.allCases.map { $0.rawValue.columns + $0.arguments.columns }.max() ?? 0
        for command in DotCommand.allCases {
            let head = ".\(command.rawValue) \(command.arguments)"
            let space = String(repeating: " ", count: max(1, width + 4 - head.columns))
            text += "  \(head)\(space)\(paint(command.summary, .dim))\n"
        }
        text += """

            Anything else is Lua: users.list { locked = true }. There are the tables
            \(tableNames.joined(separator: ", ")).
            ?users lists functions, ?users.unlock explains one, ??users.patch shows its source.
            Tab completes, Ctrl-R searches what was typed, Ctrl-C stops, Ctrl-D leaves.
            """
        await page(text)
    }

    private var tableNames: [String] {
        var names: [String] = []
        for operation in parts.session.host.catalogue.operations where !names.contains(operation.table) {
            names.append(operation.table)
        }
        return names
    }

    private var paint: HelpSheet.Paint {
        let terminal = parts.session.terminal
        return { text, style in style.color.map { terminal.colored(text, $0) } ?? text }
    }

    /// Explains a name; of no name what there is.
    func help(_ name: String) async {
        let pages = HelpPages(
            catalogue: parts.session.host.catalogue, commands: DotCommand.allCases.map(\.described))
        let width = min(style.width ?? 100, 100)
        if name.isEmpty { return await page(pages.overview(width: width, paint: paint)) }
        guard let text = pages.help(for: name, width: width, paint: paint) else {
            return complain(pages.unknown(name))
        }
        await page(text)
    }

    /// Shows where a name is written.
    func source(_ name: String) async {
        let directories = parts.session.configuration.runbookDirectories
        let pages = SourcePages(catalogue: parts.session.host.catalogue) { name in
            (try? RunbookFile.read(name, directories: directories)).map { String(decoding: $0.source, as: UTF8.self) }
        }
        switch await pages.source(of: name) {
        case .source(let text): await page(text.shownLines)
        case .none(let why): say(why)
        }
    }

    // MARK: Target and mode

    private func target(_ name: String) async {
        let configuration = parts.session.configuration
        guard !name.isEmpty else {
            let names = configuration.targets.keys.sorted()
            guard !names.isEmpty else { return say(DotCommand.target.text) }
            for name in names { say("\(name == configuration.targetName ? "* " : "  ")\(name.shown)") }
            return
        }
        guard configuration.targets[name] != nil else {
            let near = name.nearest(among: Array(configuration.targets.keys)).map { "; did you mean '\($0)'?" }
            return complain("there is no target '\(name)'\(near ?? ": .target lists them")")
        }
        guard await mayLeave() else { return }
        do throws(CommandError) { try await connect(to: name) } catch { return complain(error.message) }
        say("\(whereabouts), in plan mode. Variables are gone, as is what was planned.", .dim)
    }

    private func mode(_ name: String) async {
        if name.isEmpty {
            return say(
                "\(setup.mode.rawValue) mode: changes are \(setup.mode == .plan ? "planned, not sent" : "sent at once")."
            )
        }
        guard let mode = ReplMode(rawValue: name) else { return complain("the modes are plan and live, not '\(name)'") }
        setup.mode = mode
        await parts.interactive.setMode(mode.run)
        let planned = await parts.interactive.planned.count
        switch mode {
        case .plan: say("Changes are shown and not sent until .apply.", .green)
        case .live:
            say("Changes are sent at once to \(whereabouts).", .red)
            if planned > 0 {
                say(
                    "\(Wording.count(planned, "change")) planned before: not sent until .apply, and reads do not show \(planned == 1 ? "it" : "them") now.",
                    .dim)
            }
        }
    }

    // MARK: The plan

    private func plan(_ word: String) async {
        let planned = await parts.interactive.planned
        switch word {
        case "":
            guard !planned.isEmpty else { return say("Nothing is planned.") }
            await page(PlanText(changes: planned, terminal: parts.session.terminal).text)
        case "clear":
            await parts.interactive.clearPlan()
            say(planned.isEmpty ? "Nothing was planned." : "\(Wording.count(planned.count, "change")) forgotten.")
        default: complain(".plan shows what is planned, '.plan clear' forgets it; '\(word)' is neither")
        }
    }

    private func apply() async {
        guard let script = await parts.interactive.script else {
            let isLive = setup.mode == .live
            return say("Nothing is planned\(isLive ? "; in live mode changes are sent at once" : "").")
        }
        let planned = await parts.interactive.planned.count, left = await parts.interactive.changesLeft
        guard let outcome = await applying(script.runbook, script.parameters, changes: planned + left) else { return }
        let interactive = parts.interactive
        await reader.whileRunning(onInterrupt: { interactive.interrupt(isAgain: $0 > 1) }) {
            await interactive.settle(outcome)
        }
        await told(outcome)
    }

    private func told(_ outcome: RunOutcome) async {
        let unknown = outcome.changes(.unknown).count
        if unknown > 0 {
            say(
                "\(Wording.count(unknown, "change")) may have been made: look before you apply what stays planned.",
                .yellow)
        }
        let left = await parts.interactive.planned.count
        if left > 0 {
            say(
                "\(Wording.count(left, "change")) \(left == 1 ? "stays" : "stay") planned: .plan shows \(left == 1 ? "it" : "them").",
                .yellow)
        }
    }

    /// Plans a runbook, asks, and applies the plan.
    ///
    /// - Returns: how that ended, if a yes was said.
    private func applying(
        _ runbook: Runbook, _ parameters: [String: ParameterInput], changes: Int,
        _ adjust: (inout RunOptions) -> Void = { _ in }
    ) async -> RunOutcome? {
        var launch = parts.launch
        launch.origin = "repl"
        let reader = reader
        let terminal = parts.session.terminal
        launch.attend = { run in
            let isOver = Atomic(false)
            let outcome = await reader.whileRunning(onInterrupt: { count in
                count == 1 ? run.cancel() : run.abandon()
                if count == 1 { Self.announce(terminal) { isOver.load(ordering: .relaxed) ? nil : run.id } }
            }) { await run.outcome }
            isOver.store(true, ordering: .relaxed)
            return outcome
        }
        var limits = await parts.interactive.options.limits
        limits.changes = changes
        var options = launch.runOptions(parameters, limits: limits)
        adjust(&options)
        do throws(CommandError) {
            noteRun()
            let (outcome, plan) = try await launch.plan(runbook, options)
            guard let plan else {
                RunReport(terminal: parts.session.terminal).write(outcome, asJSON: false)
                return nil
            }
            say(PlanText(plan: plan, terminal: parts.session.terminal).text)
            guard !plan.changes.isEmpty else { return nil }
            let count = plan.changes.count
            let question = count == 1 ? "Send this change" : "Send these \(count) changes"
            guard await link.confirm("\(question) to \(parts.targetName)?") else {
                say("Nothing was sent.")
                return nil
            }
            let applied = try await launch.apply(plan, approval: "asked")
            // What is left stays planned here, and is not to be done in two ways.
            RunReport(terminal: parts.session.terminal, withAdvice: false).write(applied, asJSON: false)
            await noteChanges(applied)
            return applied
        } catch {
            complain(error.message)
            return nil
        }
    }

    private func undo(_ name: String) async {
        guard let wanted = name.isEmpty ? lastChanging : name else {
            return say("Nothing was changed in this session. '.undo RUN' takes an earlier run back: .runs lists them.")
        }
        let session = parts.session
        do throws(CommandError) {
            let record = try await session.state.run(wanted)
            try ResumeCommand.checkTarget(of: record, session)
            let undo: Undo
            do throws(ResumeError) { undo = try await session.host.undo(record.id) } catch {
                throw ResumeCommand.error(error)
            }
            for loss in undo.losses { say("cannot be taken back: \(loss.summary): \(loss.reason)".shown, .yellow) }
            guard undo.steps > 0 else { return say("There is nothing to take back.") }
            let left = await parts.interactive.changesLeft
            let applied = await applying(undo.runbook, [:], changes: left) { options in
                options.undoes = record.id
                options.known = undo.secrets
            }
            if let applied { await parts.interactive.count(applied) }
        } catch { complain(error.message) }
    }

    // MARK: Runs

    private func runs(_ text: String) async {
        let count = text.isEmpty ? 10 : Int(text) ?? 0
        guard count > 0 else { return complain(".runs takes how many to list, such as .runs 20, not '\(text)'") }
        let state = parts.session.state
        do throws(CommandError) {
            let runs = try await state.runs(RunFilter(limit: count)).map {
                (record: $0, standing: RunStanding($0, isAlive: state.isAlive))
            }
            runs.isEmpty ? say("There are no runs yet.") : await page(RunsTable(runs: runs).text(style))
        } catch { complain(error.message) }
    }

    private func showRun(_ name: String) async {
        do {
            let history = try await parts.session.state.history(name.isEmpty ? "last" : name)
            let review = try await RunReview(reading: history)
            let view = RunPage(review: review, undo: review.undo(), style: style)
            await page(view.head + view.changeList + view.advice)
        } catch let error as CommandError {
            complain(error.message)
        } catch let error as StoreError {
            complain(error.description)
        } catch { complain("\(error)") }
    }

    // MARK: Values

    /// The whole of a value.
    private func whole(_ expression: String) async -> [ShownValue]? {
        let text = expression.isEmpty ? "_" : expression
        guard case .code(let source, true) = TypedLine.parse(text) else {
            complain("'\(text)' is no expression: give one, such as users.get(7), or nothing for the last value")
            return nil
        }
        let statement = Runbook(name: "expression", source: "return \(source)")
        let outcome = await watched { [interactive = parts.interactive] in
            await interactive.evaluate(statement, purpose: .value)
        }
        guard outcome.run.status == .succeeded else {
            await show(outcome, isOneLine: true)
            return nil
        }
        return outcome.values
    }

    private func look(_ expression: String, as form: ValueForm) async {
        guard let values = await whole(expression) else { return }
        await page(ValuePrinter(style: style).text(of: values, as: form))
    }

    private func variables() async {
        let names = await parts.interactive.variables
        if await parts.interactive.isMachineLost { return say(Self.lost, .yellow) }
        guard !names.isEmpty else { return say("There are no variables yet: x = users.get(7) makes one.") }
        let width = names.map(\.name.columns).max() ?? 0
        for (name, kind) in names {
            say(name.shown + String(repeating: " ", count: width - name.columns + 2), ending: "")
            say(kind, .dim)
        }
    }

    private static func isVariable(_ text: String) -> Bool {
        var tokens = LuaTokenizer(Array(text.utf8)).makeIterator()
        guard let token = tokens.next(), token.kind == .name else { return false }
        return tokens.next() == nil
    }

    private func secret(_ name: String) async {
        guard Self.isVariable(name) else {
            return complain(".secret takes the name of a variable, such as .secret password")
        }
        guard await parts.interactive.isFree(name) else {
            return complain(
                "\(name) is a name that the session needs itself: take another one, such as .secret password")
        }
        let secret = await link.whilePaused { await OffThread.run { Prompt.readSecret("\(name): ") } }
        guard let secret else { return say("Nothing was typed; \(name) is as it was.") }
        let source =
            "runbook { params = { \(name) = { type = \"secret\", required = true } } } \(name) = params.\(name)"
        let statement = Runbook(name: "secret", source: source)
        let outcome = await watched { [interactive = parts.interactive] in
            await interactive.evaluate(statement, parameters: [name: .value(.secret(secret))])
        }
        guard outcome.run.status == .succeeded else { return await show(outcome, isOneLine: true) }
        if !secretNames.contains(name) { secretNames.append(name) }
        say("\(name) holds the secret now.", .dim)
    }

    // MARK: Files

    private func load(_ arguments: String) async {
        guard let words = arguments.quotedWords else { return complain("a quotation mark has no end") }
        guard let file = words.first else {
            return complain(".load takes a file, such as .load unlock.lua role=auditor")
        }
        do throws(CommandError) {
            await load(file, try RunCommand.parameters(Array(words.dropFirst())))
        } catch { complain("\(error.message)".replacingPlaces(of: "--param", with: ".load FILE")) }
    }

    private func save(_ path: String) async {
        guard !path.isEmpty else {
            return complain(
                ".save takes a file: users.json or users.csv for the last value, session.lua for what was typed")
        }
        let form = SavedValue.Form(path: path), interactive = parts.interactive
        var value = ShownValue.nothing
        if form != .lua {
            guard let last = await whole("")?.first, last != .nothing else {
                return complain("there is no value yet to write: type an expression first")
            }
            value = last
        }
        let saved = SavedValue(
            form, value: value, statements: statements, catalogue: parts.session.host.catalogue,
            isSecret: { interactive.holdsSecret($0) })
        do throws(CommandError) { try NewFile.write(saved.text, to: path) } catch { return complain(error.message) }
        say("\(path.shown) written.", .dim)
    }

    private func record(_ path: String) async {
        guard !path.isEmpty else { return complain(".record takes a file, such as .record unlock.lua") }
        let interactive = parts.interactive
        let facts = SessionScript.Facts(
            title: "Recorded from a session", target: parts.session.configuration.targetName,
            unixMilliseconds: Timestamp.now.unixMilliseconds, secretNames: secretNames,
            catalogue: parts.session.host.catalogue,
            isSecret: { interactive.holdsSecret($0) })
        let script = SessionScript(statements, facts)
        for warning in script.warnings { say(warning.shown, .yellow) }
        guard script.count > 0 else {
            return say("There is nothing to record yet: what only looked, or failed, is left out.")
        }
        do throws(CommandError) { try NewFile.write(script.text, to: path) } catch { return complain(error.message) }
        await page(script.text)
        say(
            "\(path.shown) written. Run it here with .load \(path.shown), or anywhere with: runbook run \(path.shown)",
            .dim)
    }

    // MARK: The rest

    private func timing(_ word: String) {
        switch word {
        case "": showsTiming.toggle()
        case "on": showsTiming = true
        case "off": showsTiming = false
        default: return complain(".timing takes on or off, not '\(word)'")
        }
        say(showsTiming ? "Each statement says how long it took." : "Times are not shown.", .dim)
    }

    private func limits() async {
        let limits = await parts.interactive.options.limits, left = await parts.interactive.changesLeft
        say("changes    \(Wording.number(left)) left of \(Wording.number(limits.changes)) in this session")
        say("time       \(limits.time.readable) for each statement")
        say("calls      \(Wording.number(limits.calls)) for each statement")
        say("memory     \(limits.memory.readableBytes) for all variables")
        say(
            "output     \(limits.log.readableBytes) printed, \(limits.result.readableBytes) of a value, for each statement"
        )
    }
}

extension HelpStyle {
    /// How a part of a page looks; `nil` for plain.
    fileprivate var color: Terminal.Color? {
        switch self {
        case .title, .heading: .bold
        case .name: .cyan
        case .dim: .dim
        case .code: nil
        }
    }
}

extension String {
    /// Its words. One that begins with a quotation mark, or has one behind `=`, goes on to the next mark; `nil` if there is
    /// none.
    fileprivate var quotedWords: [String]? {
        var words: [String] = [], word = "", quote: Character?, isWord = false
        for character in self {
            if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "\"" || character == "'", word.isEmpty || word.last == "=" {
                quote = character
                isWord = true
            } else if character.isWhitespace {
                if isWord { words.append(word) }
                (word, isWord) = ("", false)
            } else {
                word.append(character)
                isWord = true
            }
        }
        if isWord { words.append(word) }
        return quote == nil ? words : nil
    }
}
