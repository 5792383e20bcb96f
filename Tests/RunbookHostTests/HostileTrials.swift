/// Runs each script of the corpus once on each kind of machine, however many tests ask how it went.
actor HostileTrials {
    private struct Key: Hashable {
        let script: String
        let kind: MachineKind
    }
    private var trials: [Key: Task<HostileTrial, any Error>] = [:]
    /// Each takes a core as long as it may, and in this process one of the threads that all tests share.
    private let turnstiles: [MachineKind: Turnstile] = [.confined: Turnstile(3), .inProcess: Turnstile(1)]

    func trial(of script: HostileScript, on kind: MachineKind) async throws -> HostileTrial {
        let key = Key(script: script.name, kind: kind)
        if let trial = trials[key] { return try await trial.value }
        let turnstile = turnstiles[kind] ?? Turnstile(1)
        let trial = Task {
            try await turnstile.pass { try await HostileTrial(of: script, on: kind) }
        }
        trials[key] = trial
        return try await trial.value
    }
}
