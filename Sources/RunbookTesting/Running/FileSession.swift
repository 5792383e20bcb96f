internal import ConsoleModel
internal import Logging
internal import Operations
internal import RunbookHost
internal import Synchronization

/// The run of one test file: each case is run when the file comes to it.
final class FileSession: Sendable {
    /// A case whose run is over, and which the file has not looked at yet.
    private struct Pending: Sendable {
        let runner: CaseRunner
        let report: CaseReport
        let began: ContinuousClock.Instant
    }

    /// A test that has a name, and no fields as yet.
    private struct Named: Sendable, Hashable {
        let name: String
        let place: String
    }

    private struct State {
        /// Where the cases' runs take place; another one after a run that did not come back.
        var thread: RunThread
        var pending: Pending?
        /// Whether a case is under way: there is one world and one time.
        var isBusy = false
        var named: [Named] = []
        var cases = 0
    }

    private let file: TestFile
    private let tester: RunbookTester
    private let tell: @Sendable (TestEvent) -> Void
    private let own: RunThread
    private let stopwatch = Stopwatch()
    private let state: Mutex<State>

    init(
        _ file: TestFile, tester: RunbookTester, tell: @escaping @Sendable (TestEvent) -> Void
    ) throws(TestSetupError) {
        self.file = file
        self.tester = tester
        self.tell = tell
        own = try RunThread()
        state = Mutex(State(thread: try RunThread()))
    }

    deinit {
        own.stop()
        state.withLock(\.thread).stop()
    }

    // MARK: The file

    /// - Returns: how many cases there are.
    func run() async -> Int {
        let clock = VirtualClock(on: own, start: 1_767_225_600_000, hostWaits: 1)
        own.whenIdle { clock.goOn() }
        let began = ContinuousClock.now
        let tell = tell
        var logger = Logger(label: "test") { _ in NoteHandler { tell(.note($0)) } }
        logger.logLevel = .info
        var host = RunbookHost(
            catalogue: Catalogue([]), transport: NoTransport(), machines: .inProcessOn(own), clock: clock,
            random: { 1 }, logger: logger)
        register(in: &host)
        let tests = Runbook(name: file.tests.name, source: Self.prelude + file.tests.source)
        stopwatch.start()
        let run = host.start(tests, options: RunOptions(requiresManifest: false, grace: .zero))
        let ending = await RealTime.ending(of: run, on: own, within: tester.patience, by: stopwatch)
        own.whenIdle(nil)
        tellOfTheEnd(ending.outcome, since: began)
        return state.withLock(\.cases)
    }

    /// Tells how the file ended, if not as it should.
    private func tellOfTheEnd(_ outcome: RunOutcome?, since began: ContinuousClock.Instant) {
        let pending = state.withLock { $0.pending.take() }
        if outcome == nil || outcome?.status == .cancelled {
            let place = outcome?.error?.location
            if let pending {
                let prefix = place.map { "\($0): " } ?? ""
                return reportUnchecked(
                    pending,
                    "\(prefix)its check is still running after \(tester.patience.told) of real time (a loop that never "
                        + "ends?). \(Self.notRun)")
            }
            let message =
                outcome == nil
                ? "The test file does not come back: a function that never ends was called."
                : "The test file takes longer than \(tester.patience.told) by itself, and was ended"
                    + "\(place.map { " at \($0)" } ?? ""): the cases behind that were not run."
            return report(
                TestResult.wholeFile, place ?? "\(file.tests.name):1", .failed, message: message, since: began)
        }
        if let error = outcome?.error {
            let message = Self.sentence(error.told(in: file.tests.name, as: Self.reason(error)))
            if let pending {
                return reportUnchecked(
                    pending, "Its check ended the test file: \(message) \(Self.notRun)")
            }
            return report(
                TestResult.wholeFile, error.location ?? "\(file.tests.name):1", .failed,
                message: error.kind == RunError.Kind.syntax.rawValue ? message : "\(message) \(Self.notRun)",
                since: began)
        }
        if let pending {
            reportUnchecked(
                pending, "Its check did not end: it yields in a coroutine that nobody resumes. \(Self.notRun)")
        }
        for test in state.withLock(\.named) where isWanted(test.name, test.place) {
            report(
                test.name, test.place, .failed,
                message: "The test was not run, because it has no body: write test \"\(test.name)\" { … }.",
                since: began)
        }
    }

    private static let notRun = "The cases behind it were not run."

    /// Tells of a case whose own check has not come to an end.
    private func reportUnchecked(_ pending: Pending, _ message: String) {
        report(
            pending.runner.test.name, pending.runner.test.location, .failed, message: message,
            differences: pending.runner.judge(pending.report).differences, pending.report, since: pending.began)
    }

    /// What went wrong in the file. A limit is its own, which no option and no manifest raises.
    private static func reason(_ error: RunError) -> String {
        guard error.kind == RunError.Kind.limit.rawValue, let end = error.message.firstRange(of: " was reached") else {
            return error.message
        }
        return "\(error.message[..<end.lowerBound]), which test files have, was reached"
    }

    private static func sentence(_ text: String) -> String { text.hasSuffix(".") ? text : "\(text)." }

    /// On one line, so that the file's own lines keep their numbers.
    private static let prelude: [UInt8] = {
        let lines = String(decoding: PackageResources.testing_lua, as: UTF8.self).split(separator: "\n")
        let code = lines.filter { !$0.hasPrefix("--") }.map { line in
            String(line.drop { $0 == " " })
        }
        return Array((code.joined(separator: " ") + " ").utf8)
    }()

    /// What the file's functions come to.
    private func register(in host: inout RunbookHost) {
        func text(_ name: String, _ meaning: String) -> Parameter {
            Parameter(name, .string(minimumLength: 0), in: .body, documentation: meaning)
        }
        func operation(_ name: String, _ parameters: [Parameter]) -> Operation {
            Operation(
                "testing.\(name)", apiName: name, endpoint: nil, parameters: parameters, result: .value, effect: .read,
                capability: "testing:report", summary: "Report to the test runner")
        }
        let name = text("name", "What the test is called."), place = text("place", "Where it stands.")
        host.register(
            operation("case", [name, place, Parameter("fields", .any, in: .body, documentation: "The test.")])
        ) { [self] call throws(APIError) in
            try await stopwatch.paused { await self.take(call) }.get()
        }
        host.register(
            operation(
                "checked",
                [
                    Parameter("ok", .boolean, in: .body, documentation: "Whether its own check passed."),
                    text("failure", "Why not."),
                ])
        ) { [self] call throws(APIError) in
            let isGood = call.arguments["ok"]?.boolValue ?? false
            let text = call.arguments["failure"]?.stringValue ?? ""
            let failure = text.isEmpty ? "an error without a message" : text
            await stopwatch.paused { await self.finish(isGood ? nil : failure) }
            state.withLock { $0.isBusy = false }
            return .null
        }
        host.register(operation("broken", [name, place, text("fault", "What is wrong with it.")])) {
            [self] call throws(APIError) in
            let (name, place, fault) = Self.texts(call)
            if isWanted(name, place) { report(name, place, .failed, message: fault, since: .now) }
            return .null
        }
        host.register(operation("named", [name, place])) { [self] call throws(APIError) in
            let (name, place, _) = Self.texts(call)
            state.withLock { $0.named.append(Named(name: name, place: place)) }
            return .null
        }
    }

    private static func texts(_ call: OperationCall) -> (name: String, place: String, fault: String) {
        (
            call.arguments["name"]?.stringValue ?? "", call.arguments["place"]?.stringValue ?? "",
            call.arguments["fault"]?.stringValue ?? ""
        )
    }

    /// Counts a case, and says whether it is run.
    private func isWanted(_ name: String, _ place: String) -> Bool {
        state.withLock { state in
            state.cases += 1
            if let index = state.named.firstIndex(of: Named(name: name, place: place)) { state.named.remove(at: index) }
        }
        return tester.filter.isEmpty || name.lowercased().contains(tester.filter.lowercased())
    }

    // MARK: One case

    /// Runs a case as it is written, if no other is under way.
    ///
    /// - Returns: what its check gets; `null` if there is nothing to check.
    private func take(_ call: OperationCall) async -> Result<JSONValue, APIError> {
        let wasBusy = state.withLock { state in
            defer { state.isBusy = true }
            return state.isBusy
        }
        guard !wasBusy else {
            return .failure(
                APIError(
                    .invalidArgument, operation: "test",
                    message: "A test cannot be run within another one, nor beside it: put it into the file by itself."))
        }
        let report = await begin(call)
        if report.isNull { state.withLock { $0.isBusy = false } }
        return .success(report)
    }

    private func begin(_ call: OperationCall) async -> JSONValue {
        let (name, place, _) = Self.texts(call)
        let began = ContinuousClock.now
        guard isWanted(name, place) else { return .null }
        let test: TestCase
        do throws(GivenFault) {
            test = try TestCase(name, place, call.arguments["fields"] ?? .null, tester.catalogue)
        } catch {
            report(name, place, .failed, message: error.description, since: began)
            return .null
        }
        let runner = CaseRunner(
            runbook: file.runbook, test: test, thread: state.withLock(\.thread), patience: tester.patience)
        do throws(StuckError) {
            let report = try await runner.straight()
            state.withLock { $0.pending = Pending(runner: runner, report: report, began: began) }
            return report.json
        } catch {
            if error.report == nil { replaceThread() }
            report(name, place, .failed, message: error.message, error.report, since: began)
            return .null
        }
    }

    /// Goes on without a thread that does not come back.
    private func replaceThread() {
        guard let thread = try? RunThread() else { return }
        state.withLock { state in
            state.thread.stop()
            state.thread = thread
        }
    }

    /// Tells of the case whose run is over, and makes the further checks of it.
    ///
    /// - Parameter failure: why its own check failed; `nil` if it passed, or there is none.
    private func finish(_ failure: String?) async {
        guard let pending = state.withLock({ $0.pending.take() }) else { return }
        let (runner, straight) = (pending.runner, pending.report)
        let test = runner.test
        var verdict = runner.judge(straight)
        if let failure {
            verdict.differences.append(Difference("check", expected: "no error", found: failure))
        }
        report(
            test.name, test.location, verdict.isGood ? .passed : .failed, message: verdict.message,
            differences: verdict.differences, straight, since: pending.began)
        let isGood = verdict.isGood
        await check("plan equals apply", pending, isGood) { runner throws(StuckError) in
            try await runner.planned(straight)
        }
        await check("again changes nothing", pending, isGood) { runner throws(StuckError) in
            try await runner.again(straight)
        }
        await check("killed and resumed", pending, isGood) { runner throws(StuckError) in
            try await runner.killed(straight)
        }
    }

    private func check(
        _ name: String, _ pending: Pending, _ isWanted: Bool,
        _ body: (CaseRunner) async throws(StuckError) -> CaseRunner.Verdict
    ) async {
        let test = pending.runner.test
        let full = "\(test.name): \(name)"
        let began = ContinuousClock.now
        guard isWanted else {
            return report(full, test.location, .skipped("the case itself failed"), since: began)
        }
        let runner = CaseRunner(
            runbook: file.runbook, test: test, thread: state.withLock(\.thread), patience: tester.patience)
        do throws(StuckError) {
            let verdict = try await body(runner)
            if let reason = verdict.leftOut { return report(full, test.location, .skipped(reason), since: began) }
            report(
                full, test.location, verdict.isGood ? .passed : .failed, message: verdict.message,
                differences: verdict.differences, since: began)
        } catch {
            if error.report == nil { replaceThread() }
            report(full, test.location, .failed, message: error.message, since: began)
        }
    }

    private func report(
        _ name: String, _ place: String, _ status: TestResult.Status, message: String = "",
        differences: [Difference] = [], _ straight: CaseReport? = nil, since began: ContinuousClock.Instant
    ) {
        tell(
            .result(
                TestResult(
                    file: file.tests.name, name: name, location: place, status: status, message: message,
                    differences: differences, changes: straight?.changes.map(\.description) ?? [],
                    log: straight?.log ?? [], duration: ContinuousClock.now - began)))
    }
}

/// A test file itself reaches no server.
private struct NoTransport: Transport {
    func send(_ call: OperationCall) async throws(APIError) -> OperationReply {
        throw APIError(.denied, operation: call.operation.name, message: "a test file calls no server")
    }
}
