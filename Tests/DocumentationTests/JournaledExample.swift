import Operations
import RunbookHost
import RunbookStore

// Examples of the article "Embedding the host". A test holds the two against each other, and runs them.

/// A host that writes every call down before it is made: its runs can be resumed, undone, reported and audited.
func makeJournaledHost(_ transport: any Transport, _ machines: MachineProvider, sealer: Sealer) -> RunbookHost {
    let store = SQLiteStore(path: "/var/lib/example/runbook.db")
    let journaling = Journaling(store: store, sealer: sealer, owner: .current)
    let policy = Policy(capabilities: ["users:read", "users:unlock"])
    return RunbookHost(transport: transport, machines: machines, policy: policy, journaling: journaling)
}

/// Predicts what a runbook would change, and makes exactly these changes if `approve` agrees.
func planAndApply(
    _ runbook: Runbook, on host: RunbookHost, approve: (Plan) async -> Bool
) async -> RunOutcome {
    var options = RunOptions()
    options.mode = .plan
    let prediction = await host.start(runbook, options: options).outcome
    guard let plan = prediction.plan, !plan.changes.isEmpty, await approve(plan) else { return prediction }
    options.mode = .apply
    options.plan = plan
    return await host.start(runbook, options: options).outcome
}
