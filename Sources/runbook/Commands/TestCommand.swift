import ArgumentParser
import CommandSupport
import Glibc
import Operations
import RunbookHost
import RunbookTesting
import SharedLoop

/// `runbook test [FILE|DIR]…`.
struct TestCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the tests that stand beside runbooks.",
        discussion: """
            The tests of unlock.lua stand in unlock_test.lua beside it: Lua that says which users there are, with which \
            parameters the runbook is run, and what it must change and return. They are run in this process against both \
            systems in memory; nothing is sent. Of each case three more things are tested: that planned and applied it does \
            the same, that a second run changes nothing, and that killed at any change and resumed it does the same.

              runbook test runbooks/
              runbook test unlock.lua --filter disabled
              runbook test unlock.lua --from-run last

            With --from-run the test is a run that was recorded: given the same parameters, time and answers the script must \
            make the same calls and come to the same result.

            Results are written to stdout in the Test Anything Protocol. Exits with 1 if a test failed, and with 64 if there \
            are none.
            """)

    @Argument(
        help: ArgumentHelp(
            "Runbooks, their tests, or folders with tests in them and below. Default: the current folder.",
            valueName: "file|dir"),
        completion: .file(extensions: ["lua"]))
    var paths: [String] = []

    @Option(help: ArgumentHelp("Only the cases whose names contain this text.", valueName: "text"))
    var filter: String?

    @Option(
        help: ArgumentHelp(
            "Replay this recorded run with the runbook, or with the source that it ran if none is given: its id, a beginning "
                + "of it, or 'last'.", valueName: "run"), completion: WordCompletion.runs)
    var fromRun: String?

    @Option(
        help: ArgumentHelp("Also write the results to this file, as JUnit XML.", valueName: "file"),
        completion: .file(extensions: ["xml"]))
    var junit: String?

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard fromRun != nil else { return }
        if filter != nil { throw ValidationError("--filter chooses among test files, and --from-run needs none") }
        if paths.count > 1 { throw ValidationError("--from-run replays a run with one runbook: give one file at most") }
    }

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let configuration = try Configuration.load(options, environment: environment)
        let terminal = Terminal(options: options, environment: environment)
        let tally = TestTally(writesTAP: !options.json)
        if let fromRun {
            try await replay(fromRun, configuration, terminal, tally)
        } else {
            try await runTests(configuration, tally)
        }
        tally.end()
        if options.json { StandardStream.output.write(TestDocument(results: tally.results).json.text + "\n") }
        if let junit { try write(TestJUnit(results: tally.results).text, to: junit, configuration) }
        terminal.write(line: tally.summary)
        if tally.failures > 0 { throw ExitStatus.failed.exitCode }
    }

    private func runTests(_ configuration: Configuration, _ tally: TestTally) async throws(CommandError) {
        let paths = paths.isEmpty ? ["."] : paths
        let files = try TestFiles.find(paths, directories: configuration.runbookDirectories)
        guard !files.isEmpty else {
            throw CommandError(
                "there are no tests in \(paths.joined(separator: ", ")): the tests of NAME.lua stand in "
                    + "NAME\(TestFile.suffix) beside it")
        }
        tally.begin()
        let cases: Int
        do { cases = try await Self.run(files, RunbookTester(filter: filter ?? ""), tally) } catch {
            throw CommandError("\(error)")
        }
        guard tally.count > 0 else {
            throw CommandError(
                cases == 0
                    ? "\(paths.joined(separator: ", ")): the test files have no tests: write test \"what it does\" { … }"
                    : "none of the \(cases) tests has '\(filter ?? "")' in its name")
        }
    }

    /// Runs the files, as many beside one another as there are processors.
    private static func run(_ files: [TestFile], _ tester: RunbookTester, _ tally: TestTally) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            var cases = 0
            let width = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
            for (index, file) in files.enumerated() {
                if index >= width { cases += try await group.next() ?? 0 }
                group.addTask {
                    tally.take(.note(file.tests.name), of: index)
                    defer { tally.end(index) }
                    return try await tester.run(file) { tally.take($0, of: index) }
                }
            }
            for try await count in group { cases += count }
            return cases
        }
    }

    private func replay(
        _ name: String, _ configuration: Configuration, _ terminal: Terminal, _ tally: TestTally
    ) async throws {
        let state = StateStore(configuration)
        let record = try await state.run(name)
        let source = try paths.first.map { path throws(CommandError) in
            try RunbookFile.read(path, directories: configuration.runbookDirectories)
        }
        let test = RecordedTest(
            store: state.store, sealer: try StateKey(configuration).sealer(warn: { terminal.write(line: $0) }))
        tally.begin()
        do { tally.take(.result(try await test.run(record, source: source))) } catch let error as TestSetupError {
            throw CommandError(error.description.shown)
        } catch let error as StoreError { throw StateStore.error(error) }
    }

    private func write(_ text: String, to path: String, _ configuration: Configuration) throws(CommandError) {
        let place = configuration.sources.absolute(path, from: configuration.sources.workingDirectory)
        do throws(FileFailure) { try PublicFile.write(Array(text.utf8), to: place) } catch {
            throw CommandError("the results cannot be written to \(place): \(error.reason)", code: .failed)
        }
    }
}
