/// The members that a line of the audit log may have.
enum AuditMember: String, Sendable, CaseIterable {
    case sequence, previous, hash, time, event
    case host, pid, version, actor, origin, schedule
    case run, runbook, sha256, mode, plan, approval
    case signer = "signed_by"
    case targetSystem = "target_system"
    case operation, capability, effect
    case targetType = "target_type"
    case targetID = "target_id"
    case targetName = "target_name"
    case summary, arguments, digest, before, after, outcome, changes, status, error, attempt
    case duration = "duration_ms"
    case callsUsed = "calls_used"
    case changesUsed = "changes_used"
    case call, line, action, slot, count, first, last, reason, checkpoint, key, destination

    /// What it says.
    var meaning: String {
        switch self {
        case .sequence: "The line's place, from 1, without gaps."
        case .previous: "The hash of the line before; 64 zeros in the first."
        case .hash: "SHA-256 of the line's canonical form without this member, hexadecimal."
        case .time: "When, milliseconds since 1970."
        case .event: "What happened: see above."
        case .host: "The machine."
        case .pid: "The process."
        case .version: "The program's version."
        case .actor: "The login name of who asked for it."
        case .origin:
            "What asked for the run: command, repl, schedule:NAME, host for what the host does itself, or an embedding "
                + "program's own word."
        case .schedule: "The schedule's name."
        case .run: "The run's id."
        case .runbook: "The path that the runbook was read from."
        case .sha256: "The hash of the runbook's source."
        case .signer: "The fingerprint of the listed key that has signed this source under this name."
        case .mode: "run, plan or apply."
        case .plan: "The plan that is applied, or was made."
        case .approval: "How the run's changes were approved: plan, yes, asked."
        case .targetSystem: "The target's name."
        case .operation: "The operation, such as users.unlock; or confirm, secrets.reveal."
        case .capability: "The right that it needed."
        case .effect: "Its effect class."
        case .targetType: "What it was made on: user, role and so on."
        case .targetID: "The identifier of that."
        case .targetName: "The name of that."
        case .summary: "The change in one line."
        case .arguments: "The arguments by name, secrets redacted, long ones cut short."
        case .digest:
            "A keyed digest of the whole arguments, secrets included: equal for equal arguments, and without the key nothing "
                + "can be guessed from it."
        case .before: "An object from field to value: what was there before the change."
        case .after: "An object from field to value: what is there after it."
        case .outcome:
            "Of a call done, failed, unknown, planned or not_sent; of a run its status; of a decision sent or not_sent; of a "
                + "checkpoint done or failed."
        case .changes: "Of a plan: how many changes it has."
        case .status: "The HTTP status, if the server answered."
        case .error: "What went wrong."
        case .attempt: "How often it was sent."
        case .duration: "How long it took, in milliseconds."
        case .callsUsed: "How many calls the run had made then."
        case .changesUsed: "How many changes the run had made then."
        case .call: "The call's number in its run."
        case .line: "The script's line."
        case .action: "Of a schedule: what was done to it, such as added, edited, paused, resumed, removed."
        case .slot: "The planned time, milliseconds since 1970."
        case .count: "How many slots were missed."
        case .first: "The first planned time that was missed, milliseconds since 1970."
        case .last: "The last one."
        case .reason: "Why."
        case .checkpoint: "The place that a checkpoint was signed for."
        case .key: "The fingerprint of the key that it was signed with."
        case .destination: "Where it went."
        }
    }
}
