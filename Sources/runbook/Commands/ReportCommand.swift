import ArgumentParser
import CommandSupport
import Operations
import RunbookHost
import SharedLoop

/// `runbook report RUN`.
struct ReportCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Report what a run changed, skipped and left open, and how to undo it.",
        discussion: """
            The HTML report is one file that needs nothing else, with a timeline of the calls. The JUnit report has a test \
            case for each change. Reports name people and what was done to them: a file is for you alone until you give it \
            away.

              runbook report last
              runbook report 01je --format html -o report.html
            """)

    @Argument(
        help: ArgumentHelp("The run's id, a beginning of it that no other has, or 'last'.", valueName: "run"),
        completion: WordCompletion.runs)
    var run: String

    @Option(
        help: ArgumentHelp(
            "The form: \(ReportFormat.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "format"))
    var format: ReportFormat?

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Write it to this file and not to stdout.", valueName: "file"),
        completion: .file())
    var output: String?

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        if options.json, let format, format != .json {
            throw ValidationError("--json and --format \(format.rawValue) contradict each other: give one of them")
        }
    }

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let configuration = try Configuration.load(options, environment: environment)
        let history = try await StateStore(configuration).history(run)
        var style = ScreenStyle()
        if output == nil { style = ScreenStyle(options: options, environment: environment) }
        let text = try await Self.text(of: history, format ?? (options.json ? .json : .text), style)
        guard let output else { return StandardStream.output.write(text) }
        let path = configuration.sources.absolute(output, from: configuration.sources.workingDirectory)
        do throws(FileFailure) { try PrivateFile.write(Array(text.utf8), to: path) } catch {
            throw CommandError("the report cannot be written to \(path): \(error.reason)", code: .failed)
        }
    }

    static func text(
        of history: RunHistory, _ format: ReportFormat, _ style: ScreenStyle
    ) async throws(CommandError) -> String {
        var review = RunReview(history.record, standing: history.standing)
        var timeline = Timeline()
        do throws(StoreError) {
            for try await entry in history.entries {
                review.add(entry)
                if format == .html { timeline.add(entry) }
            }
        } catch { throw StateStore.error(error) }
        return switch format {
        case .text: TextReport(review: review, undo: review.undo(), style: style).text
        case .markdown: MarkdownReport(review: review, undo: review.undo()).text
        case .html: HTMLReport(review: review, undo: review.undo(), timeline: timeline).text
        case .json: review.json.text + "\n"
        case .junit: JUnitReport(review: review).text
        }
    }
}
