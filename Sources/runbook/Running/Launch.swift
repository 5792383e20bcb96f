import CommandSupport
import Operations
import RunbookHost
import RunbookStore
import Synchronization

/// Carries one run at a terminal: questions, progress, Ctrl-C, and at the end the checkpoint of the audit log.
struct Launch {
    let session: Session
    let options: GlobalOptions
    /// Whether every question is answered with yes.
    let yes: Bool
    let environment: [String: String]
    /// What asked for the runs, for their records.
    var origin = "command"
    /// Waits for a run's end and sees to Ctrl-C. Default: the first ends the run in order, the second the program.
    var attend: (@Sendable (Run) async -> RunOutcome)?

    /// Whether a person sits there who can be asked.
    var hasPerson: Bool { StandardStream.error.isTerminal && Prompt.canAsk }

    /// The options that all runs of the command have in common.
    func runOptions(_ parameters: [String: ParameterInput] = [:], limits: RunLimits? = nil) -> RunOptions {
        var run = RunOptions(parameters: parameters, limits: limits ?? session.configuration.limits)
        let terminal = session.terminal, mayAsk = !options.noInput, environment = environment
        if yes {
            run.confirm = { _ in true }
        } else if mayAsk, hasPerson {
            run.confirm = { question in
                terminal.clearProgress()
                return Prompt.confirm(question) ?? false
            }
        }
        run.secret = { name, text throws(ParameterFault) in
            do throws(CommandError) {
                return try SecretInput.read(
                    text, name: "the parameter '\(name)'", environment: environment, mayAsk: mayAsk)
            } catch { throw ParameterFault(parameter: name, reason: "cannot be had: \(error.message)") }
        }
        run.file = { name, path throws(ParameterFault) in try FileInput.read(name, path, environment: environment) }
        let started = ContinuousClock.now
        run.observer = { event in
            if case .call(let calls, let changes, let operation) = event {
                terminal.show(
                    progress: "  \(calls) calls, \(changes) changes, \((ContinuousClock.now - started).readable): "
                        + operation)
            }
        }
        run.actor = Actor.name(environment: environment)
        run.origin = origin
        run.approval = yes ? "yes" : ""
        run.target = session.target
        return run
    }

    /// Waits for a run's end; Ctrl-C ends it in order.
    func outcome(of run: Run) async -> RunOutcome {
        let terminal = session.terminal
        if let attend {
            defer { terminal.clearProgress() }
            return await attend(run)
        }
        let interruption = Interruption {
            terminal.write(
                line: "runbook: stopping; changes in flight are waited for. Press Ctrl-C again to leave at once.")
            run.cancel()
        }
        let outcome = await run.outcome
        interruption.end()
        terminal.clearProgress()
        return outcome
    }

    /// Closes what the run has used, shows how it ended, and ends the command if that was not well.
    func finish(_ outcome: RunOutcome) async throws {
        let isConfigurationMissing = session.transport.failure != nil && outcome.status == .failed
        await close()
        RunReport(terminal: session.terminal).write(outcome, asJSON: options.json)
        let status = isConfigurationMissing ? ExitStatus.usage : RunReport.exitStatus(outcome)
        if status != .success { throw status.exitCode }
    }

    /// Closes what was used.
    func close() async {
        await session.transport.shutdown()
        if let problem = await AuditCheckpointer(session.configuration).endRun(session.state.store) {
            session.terminal.write(line: "runbook: \(problem.shown)")
        }
        await session.state.store.tidy()
    }

    // MARK: Plans

    /// Makes a plan and keeps it in the store.
    ///
    /// - Returns: the plan, or how the run ended that should have made it.
    func plan(_ runbook: Runbook, _ options: RunOptions) async throws(CommandError) -> (
        outcome: RunOutcome, plan: Plan?
    ) {
        var options = options
        options.mode = .plan
        let outcome = await outcome(of: session.host.start(runbook, options: options))
        guard outcome.status == .succeeded, let plan = outcome.plan else {
            // What the script would have done before it failed tells much of why.
            if let plan = outcome.plan, !plan.changes.isEmpty {
                session.terminal.write(line: PlanText(plan: plan, terminal: session.terminal).text)
            }
            return (outcome, nil)
        }
        do throws(StoreError) { try await session.host.keep(plan, actor: options.actor) } catch {
            throw StateStore.error(error)
        }
        return (outcome, plan)
    }

    /// Applies a plan: its changes and no others are made, once.
    ///
    /// - Parameter approval: how it was approved, for the record.
    func apply(_ plan: Plan, approval: String) async throws(CommandError) -> RunOutcome {
        guard let journaling = session.host.journaling else { throw CommandError("plans need a state folder") }
        let now = Timestamp.now
        guard now.unixMilliseconds < plan.expires else {
            throw CommandError(
                "the plan \(plan.id) has expired at \(Timestamp(unixMilliseconds: plan.expires)), since much may have changed: "
                    + "make a new one", code: .stopped)
        }
        guard plan.target == session.target else {
            throw CommandError(
                "the plan \(plan.id) was made for \(Self.text(plan.target)), and this would be \(Self.text(session.target)): "
                    + "choose the same target, or make a new plan", code: .stopped)
        }
        var options = runOptions(plan.parameters.mapValues { .value($0) }, limits: plan.limits)
        options.mode = .apply
        options.plan = plan
        options.requiresManifest = plan.requiresManifest
        options.approval = approval
        options.id = session.host.makeRunID()
        // What is not signed as it must be does not use it up, and is refused below.
        let runbook = signed(plan.runbook, options)
        let isRefused = session.host.refusal(of: runbook, options: options) != nil
        do throws(StoreError) {
            if !isRefused { try await journaling.store.claim(plan: plan.id, for: options.id ?? "") }
        } catch {
            if case .unknown = error {
                throw CommandError(
                    "the plan \(plan.id) is not in the state folder \(session.configuration.stateDirectory), which has to know that "
                        + "it works once: apply it where it was made, or make a new one", code: .stopped)
            }
            if case .planUsed = error { throw CommandError(error.description, code: .stopped) }
            throw StateStore.error(error)
        }
        return await outcome(of: session.host.start(runbook, options: options))
    }

    /// A plan's runbook, with the signature that its file has now if the one that it had then does not count.
    private func signed(_ runbook: Runbook, _ options: RunOptions) -> Runbook {
        guard session.host.refusal(of: runbook, options: options) != nil,
            let file = try? RunbookFile.read(path: runbook.name), file.sha256 == runbook.sha256
        else { return runbook }
        return file
    }

    private static func text(_ target: JSONValue) -> String {
        let members = target.objectValue ?? [:]
        let addresses = ["console", "xpanse"].compactMap { members[$0]?.stringValue }
        return (members["name"]?.stringValue.map { "the target '\($0)'" } ?? "no target")
            + (addresses.isEmpty ? "" : " (\(addresses.joined(separator: ", ")))")
    }
}
