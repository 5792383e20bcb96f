import ArgumentParser
import CommandSupport
import Operations
import RunbookHost
import SharedLoop

/// `runbook show RUN`.
struct ShowCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a run: what it was, how it stands, what it changed.",
        discussion: """
            The number of a call is what 'runbook decide' takes.

              runbook show last
              runbook show 01je --calls --log
            """)

    @Argument(
        help: ArgumentHelp("The run's id, a beginning of it that no other has, or 'last'.", valueName: "run"),
        completion: WordCompletion.runs)
    var run: String

    @Flag(help: "List every call.")
    var calls = false

    @Flag(help: "List the log lines.")
    var log = false

    @OptionGroup var options: GlobalOptions

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let state = StateStore(try Configuration.load(options, environment: environment))
        let history = try await state.history(run)
        do {
            let review = try await RunReview(reading: history)
            if options.json {
                try await writeJSON(review, history)
            } else {
                let style = ScreenStyle(options: options, environment: environment)
                let page = RunPage(review: review, undo: review.undo(), style: style)
                try await write(page, history)
            }
        } catch let error as StoreError { throw StateStore.error(error) }
    }

    private func write(_ page: RunPage, _ history: RunHistory) async throws {
        var output = BufferedOutput()
        output.write(page.head)
        if calls || log {
            output.write("\n" + page.heading(calls ? "Calls" : "Log") + "\n")
            for try await entry in history.entries where isWanted(entry) { output.write(page.line(of: entry)) }
        }
        if !calls { output.write(page.changeList) }
        output.write(page.advice)
        output.flush()
    }

    /// One document, of which the calls are written as they are read.
    private func writeJSON(_ review: RunReview, _ history: RunHistory) async throws {
        var output = BufferedOutput()
        output.write(String(review.json.text.dropLast()))
        if calls || log {
            output.write(",\"entries\":[")
            var separator = ""
            for try await entry in history.entries where isWanted(entry) {
                output.write(separator + entry.json.text)
                separator = ","
            }
            output.write("]")
        }
        output.write("}\n")
        output.flush()
    }

    private func isWanted(_ entry: HistoryEntry) -> Bool {
        switch entry {
        case .call: calls
        case .log: log
        case .decision, .resumption: true
        }
    }
}
