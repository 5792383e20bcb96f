import ArgumentParser
import CommandSupport
import Glibc
import Operations
import RunbookHost
import RunbookTesting
import SharedLoop
import Synchronization

/// `runbook test [FILE|DIR]…`.
struct TestCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the tests that stand beside runbooks.",
        discussion: """
            The tests of unlock.lua stand in unlock_test.lua beside it: Lua that says which users there are, with which \
            parameters the runbook is run, and what it must change and return. They are run in this process against both \
            systems in memory; nothing is sent. Of each case three more things are tested: that planned and applied it does \
            the same, that a second run changes nothing, and that killed before or after any change and resumed it does the \
            same; of a run with more than 10 changes 20 such places are tried.

              runbook test runbooks/
              runbook test unlock.lua --filter disabled
              runbook test unlock.lua --from-run last

            With --from-run the test is a run that was recorded: given the same parameters, time and answers the script must \
            make the same calls and come to the same result, and its manifest must allow them.

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
        tally.begin()
        let refusal: CommandError?
        do {
            try checkPlace(configuration)
            if let fromRun {
                try await replay(fromRun, configuration, terminal, tally)
            } else {
                try await runTests(configuration, tally)
            }
            refusal = nil
        } catch let error as CommandError { refusal = error }
        // Whoever reads the results is not to find those of an earlier time, nor half of these.
        tally.end(refused: refusal?.message)
        if options.json {
            let document = TestDocument(results: tally.results, refusal: refusal?.message)
            StandardStream.output.write(document.json.text + "\n")
        }
        if refusal == nil { terminal.write(line: tally.summary) }
        do throws(CommandError) {
            if let junit { try write(TestJUnit(results: tally.results).text, to: junit, configuration) }
        } catch { throw refusal ?? error }
        if let refusal { throw refusal }
        if tally.failures > 0 { throw ExitStatus.failed.exitCode }
    }

    private func runTests(_ configuration: Configuration, _ tally: TestTally) async throws(CommandError) {
        let paths = paths.isEmpty ? ["."] : paths
        let files = try TestFiles.find(
            paths, directories: configuration.runbookDirectories, from: configuration.sources.workingDirectory)
        guard !files.isEmpty else {
            throw CommandError(
                "there are no tests in \(paths.joined(separator: ", ")): the tests of NAME.lua stand in "
                    + "NAME\(TestFile.suffix) beside it")
        }
        let counts: [Int?]
        do { counts = try await Self.run(files, RunbookTester(filter: filter ?? ""), tally) } catch {
            throw CommandError("\(error)")
        }
        guard counts.contains(where: { $0 != 0 }) else {
            throw CommandError(
                "\(paths.joined(separator: ", ")): the test files have no tests: write test \"what it does\" { … }")
        }
        guard tally.count > 0 else {
            let cases = counts.reduce(0) { $0 + ($1 ?? 0) }
            throw CommandError(
                cases == 1
                    ? "the one test there is has no '\(filter ?? "")' in its name"
                    : "none of the \(cases) tests has '\(filter ?? "")' in its name")
        }
    }

    /// Runs the files, as many beside one another as there are processors.
    ///
    /// - Returns: how many cases each of them has; `nil` if it cannot be known.
    private static func run(
        _ files: [TestFiles.Found], _ tester: RunbookTester, _ tally: TestTally
    ) async throws -> [Int?] {
        try await withThrowingTaskGroup(of: Int?.self) { group in
            var counts: [Int?] = []
            let width = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
            for (index, file) in files.enumerated() {
                if index >= width, let count = try await group.next() { counts.append(count) }
                group.addTask {
                    tally.take(.note(file.name), of: index)
                    defer { tally.end(index) }
                    return try await run(file, tester) { tally.take($0, of: index) }
                }
            }
            for try await count in group { counts.append(count) }
            return counts
        }
    }

    private static func run(
        _ found: TestFiles.Found, _ tester: RunbookTester, tell: @escaping @Sendable (TestEvent) -> Void
    ) async throws -> Int? {
        let file: TestFile
        do throws(CommandError) { file = try found.file.get() } catch {
            tell(.result(.failure(of: found.name, error.message)))
            return nil
        }
        let results = Atomic(0)
        let count = try await tester.run(file) { event in
            if case .result = event { results.add(1, ordering: .relaxed) }
            tell(event)
        }
        if count == 0, results.load(ordering: .relaxed) > 0 { return nil }
        // A filter leaves out all that it has.
        if count == 0, tester.filter.isEmpty {
            tell(.result(.failure(of: found.name, "\(found.name) has no tests: write test \"what it does\" { … }")))
        }
        return count
    }

    private func replay(
        _ name: String, _ configuration: Configuration, _ terminal: Terminal, _ tally: TestTally
    ) async throws {
        let state = StateStore(configuration)
        let record = try await state.run(name)
        let source = try paths.first.map { path throws(CommandError) in
            guard LocalFiles().status(path)?.isDirectory != true else {
                throw CommandError(
                    "--from-run replays a run with one runbook, and \(path) is a folder: name the runbook")
            }
            return try RunbookFile.read(
                TestFile.runbook(of: path) ?? path, directories: configuration.runbookDirectories)
        }
        let test = RecordedTest(
            store: state.store, sealer: try StateKey(configuration).sealer(warn: { terminal.write(line: $0) }))
        do { tally.take(.result(try await test.run(record, source: source))) } catch let error as TestSetupError {
            throw CommandError(error.description.shown)
        } catch let error as StoreError { throw StateStore.error(error) }
    }

    private func place(_ path: String, _ configuration: Configuration) -> String {
        configuration.sources.absolute(path, from: configuration.sources.workingDirectory)
    }

    /// Refuses a place for the results where they cannot be written, before any test is run.
    private func checkPlace(_ configuration: Configuration) throws(CommandError) {
        guard let junit else { return }
        let place = place(junit, configuration)
        let folder = Path.parent(place)
        guard LocalFiles().status(folder)?.isDirectory == true else {
            throw CommandError(
                "the results cannot be written to \(place): there is no folder \(folder); make it, or name another file"
            )
        }
        guard LocalFiles().status(place)?.isDirectory != true else {
            throw CommandError("the results cannot be written to \(place): it is a folder; name a file")
        }
    }

    private func write(_ text: String, to path: String, _ configuration: Configuration) throws(CommandError) {
        let place = place(path, configuration)
        do throws(FileFailure) { try PublicFile.write(Array(text.utf8), to: place) } catch {
            throw CommandError("the results cannot be written to \(place): \(error.reason)", code: .failed)
        }
    }
}
