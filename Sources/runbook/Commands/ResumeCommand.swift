import ArgumentParser
import CommandSupport
import Operations
import RunbookHost
import SharedLoop

/// `runbook resume RUN`.
struct ResumeCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with a run that was cut short.",
        discussion: """
            The script runs again from the start and is given the answers that the journal has; nothing is sent before \
            everything in the journal fitted. Then it goes on where it stopped. A call of which nobody knows whether it was \
            carried out is sent again if that does no harm, looked up if that is possible, and otherwise waits for \
            'runbook decide'.

            The run goes on with the source that it began with. If the file has changed since, say which one is meant.
            """)

    @Argument(
        help: ArgumentHelp("The run's id, a beginning of it that no other has, or 'last'.", valueName: "run"),
        completion: WordCompletion.openRuns)
    var run: String?

    @Flag(help: "Resume every run that a host has left which is no longer there.")
    var all = false

    @Flag(help: "Go on with the source that the run began with, also if the file has changed since.")
    var pinned = false

    @Option(
        help: ArgumentHelp(
            "Go on with this source instead; it must do what was done so far in the same way.", valueName: "file"),
        completion: .file(extensions: ["lua"]))
    var source: String?

    @Flag(name: .shortAndLong, help: "Answer every question of the runbook with yes.")
    var yes = false

    @Flag(help: "Run the script in a worker with full rights, on a system that cannot confine.")
    var unconfined = false

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        if all == (run != nil) { throw ValidationError("Name a run, or give --all.") }
        if pinned, source != nil { throw ValidationError("Give --pinned or --source, not both.") }
        if all, source != nil { throw ValidationError("--source is for one run.") }
    }

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let session = try Session(options, loop: loop, isUnconfined: unconfined, environment: environment)
        let launch = Launch(session: session, options: options, yes: yes, environment: environment)
        guard let run else { return try await resumeAll(launch) }
        let record = try await session.state.run(run)
        try await launch.finish(try await resume(record, launch))
    }

    private func resume(_ record: RunRecord, _ launch: Launch) async throws -> RunOutcome {
        let session = launch.session
        try Self.checkTarget(of: record, session)
        var source: Runbook?
        if let path = self.source {
            source = try RunbookFile.read(path: path)
        } else if let file = try? RunbookFile.read(path: record.runbook) {
            if file.sha256 == record.sha256 {
                // It may have been signed since.
                source = file
            } else if !pinned {
                throw CommandError(try await changed(file, record, launch), code: .diverged)
            }
        }
        let run: Run
        do throws(ResumeError) {
            run = try await session.host.resume(record.id, source: source, options: launch.runOptions())
        } catch {
            guard case .denied(let refusal) = error, source?.sha256 != record.sha256 else { throw Self.error(error) }
            throw CommandError(
                "\(refusal.message). If it goes on as it began, what has to be signed is what it began with (SHA-256 "
                    + "\(record.sha256.prefix(12))…): 'runbook resume \(record.id) --source FILE' names the file",
                code: .stopped)
        }
        return await launch.outcome(of: run)
    }

    private func changed(_ file: Runbook, _ record: RunRecord, _ launch: Launch) async throws -> String {
        "the run \(record.id) has diverged: \(file.name) was changed since the run began with it (SHA-256 "
            + "\(record.sha256.prefix(12))… then, \(file.sha256.prefix(12))… now). Nothing was sent. Go on with the source as it "
            + "was: 'runbook resume \(record.id) --pinned'; or with the file as it is, if it has done so far what the run did: "
            + "'runbook resume \(record.id) --source \(file.name)'"
    }

    /// Refuses to go on with a run at another server than it began with.
    static func checkTarget(of record: RunRecord, _ session: Session) throws(CommandError) {
        guard record.target != session.target else { return }
        throw CommandError(
            "the run \(record.id) is about the target \(record.target["name"]?.stringValue ?? "none") "
                + "(\(record.target["console"]?.stringValue ?? record.target["xpanse"]?.stringValue ?? "no address")), and "
                + "another one is chosen: choose that one with --target, or as it was configured")
    }

    static func error(_ error: ResumeError) -> CommandError {
        switch error {
        case .store(let error): StateStore.error(error)
        case .refused(let reason): CommandError(reason)
        case .denied(let error): CommandError(error.message, code: .stopped)
        case .undecided(let error): CommandError(error.message, code: .needsDecision)
        case .diverged(let reason): CommandError(reason, code: .diverged)
        }
    }

    /// Takes up what dead hosts have left, one after the other; the worst outcome is the command's.
    private func resumeAll(_ launch: Launch) async throws {
        let session = launch.session
        let dead = try await session.state.runs(RunFilter(statuses: [.running]))
            .filter { $0.mode != .plan && session.state.isAlive($0.owner) != true }
        let left = dead.filter { $0.target == session.target }
        for record in dead where record.target != session.target {
            session.terminal.write(
                line: "runbook: \(record.id), \(record.runbook.shown), is about another target: choose it with --target"
            )
        }
        var outcomes: [JSONValue] = []
        var worst: ExitStatus = .success
        for record in left.reversed() {
            session.terminal.write(line: "runbook: resuming \(record.id), \(record.runbook)")
            do {
                let outcome = try await resume(record, launch)
                outcomes.append(outcome.json)
                RunReport(terminal: session.terminal).write(outcome, asJSON: false, withResult: !options.json)
                let status = RunReport.exitStatus(outcome)
                if status.rawValue > worst.rawValue { worst = status }
                if outcome.status == .cancelled { break }
            } catch let error as CommandError {
                session.terminal.write(line: "runbook: \(error.message)")
                if error.code.rawValue > worst.rawValue { worst = error.code }
            }
        }
        if options.json { StandardStream.output.write(JSONValue.array(outcomes).text + "\n") }
        if dead.isEmpty { session.terminal.write(line: "runbook: no run was left behind") }
        await launch.close()
        if worst != .success { throw worst.exitCode }
    }
}
