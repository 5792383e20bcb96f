internal import LuaMachine
internal import Operations

/// What a statement of a session finds there: the machine, and what the statements before it left to the host.
struct SessionStage: Sendable {
    let machine: any LuaMachine
    /// How the statement is run.
    let kind: MachineStatement.Kind
    /// The secrets that the session's variables refer to.
    let vault: SecretVault
    let known: KnownSecrets
    /// What is planned so far.
    let draft: PlanDraft

    /// Gives the machine a statement.
    func begin(_ runbook: Runbook, limits: MachineLimits) {
        machine.evaluate(MachineStatement(name: runbook.name, source: runbook.source, kind: kind, limits: limits))
    }
}
