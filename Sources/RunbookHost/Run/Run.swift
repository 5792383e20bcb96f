internal import Operations
internal import Synchronization

/// A run under way: ask its ``outcome``, or ``cancel()`` it.
public final class Run: Sendable {
    /// The run's id.
    public let id: String
    /// What it runs.
    public let runbook: Runbook
    let execution: RunExecution
    private let task: Task<RunOutcome, Never>

    /// - Parameter past: what an earlier process left of the run, if it is taken up again.
    init(
        _ runbook: Runbook, id: String? = nil, host: RunbookHost, options: RunOptions, past: RunExecution.Past? = nil
    ) {
        let id = id ?? options.id ?? host.makeRunID()
        let execution = RunExecution(id: id, runbook: runbook, host: host, options: options, past: past)
        self.id = id
        self.runbook = runbook
        self.execution = execution
        task = Task(executorPreference: host.machines.executor) { await execution.run() }
    }

    /// How it ended; waits for the end.
    public var outcome: RunOutcome {
        get async { await task.value }
    }

    /// What it has planned.
    var draft: PlanDraft { execution.state.withLock(\.draft) }

    /// Ends the run soon: the script is stopped where it stands, reads in flight are abandoned, changes in flight are
    /// waited for, as long as the options' grace allows.
    public func cancel() { execution.cancel() }

    /// Ends the run at once: changes in flight are not waited for, and nobody knows then what became of them.
    public func abandon() { execution.abandon() }
}
