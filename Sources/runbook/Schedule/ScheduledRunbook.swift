import CommandSupport
import Operations
import RunbookHost
import RunbookSchedule

/// A runbook that was found fit to be scheduled: read and checked, its parameters complete.
struct ScheduledRunbook: Sendable {
    /// Under its absolute path: a daemon in another folder finds it too.
    let runbook: Runbook
    let manifest: Manifest
    let parameters: ScheduledParameters

    /// Reads and checks a runbook.
    ///
    /// - Parameters:
    ///   - name: its path, or its name in one of the configured folders.
    ///   - inputs: the parameters.
    /// - Throws: ``CommandError`` if it cannot be read, or could not be run.
    init(
        _ name: String, parameters inputs: [String: ParameterInput], _ session: Session
    ) async throws(CommandError) {
        let configuration = session.configuration
        let found = try RunbookFile.read(name, directories: configuration.runbookDirectories)
        let path = Path.joined(configuration.sources.workingDirectory, found.name)
        try await self.init(
            Runbook(name: path, source: found.source, signature: found.signature), parameters: inputs, session)
    }

    /// Checks a runbook.
    init(
        _ runbook: Runbook, parameters inputs: [String: ParameterInput], _ session: Session
    ) async throws(CommandError) {
        try Self.checkSignature(of: runbook, session.configuration)
        let findings = await session.host.check(runbook)
        for finding in findings { session.terminal.write(line: finding.description.shown) }
        let errors = findings.count { $0.severity == .error }
        guard errors == 0 else {
            throw CommandError(
                "\(runbook.name.shown) could not be run, and is not scheduled: it has \(Wording.count(errors, "error")), which "
                    + "'runbook check' shows too. Mend it, and try again", code: .failed)
        }
        do throws(RunError) { manifest = try await session.host.manifest(of: runbook) } catch {
            throw CommandError("\(runbook.name.shown): \(error.message.shown)", code: .failed)
        }
        self.runbook = runbook
        parameters = try await ScheduledParameters(
            inputs, of: runbook, manifest, host: session.host, sources: session.configuration.sources)
    }

    /// Refuses what would be refused at each firing.
    static func checkSignature(of runbook: Runbook, _ configuration: Configuration) throws(CommandError) {
        if let refusal = configuration.policy.signatures.refusal(of: runbook, isScheduled: true) {
            throw CommandError(refusal.shown, code: .stopped)
        }
    }

    /// What is likely to go wrong when it runs, a sentence each.
    func warnings(_ configuration: Configuration) -> [String] {
        var warnings: [String] = []
        if let allowed = configuration.policy.capabilities {
            let refused = manifest.needs.filter { !allowed.contains($0) }.map(\.rawValue)
            if !refused.isEmpty {
                warnings.append(
                    "the operator's policy does not allow \(refused.joined(separator: ", ")), which \(runbook.name) needs: calls "
                        + "of it will be denied")
            }
        }
        if configuration.targetName == nil, !manifest.needs.isEmpty {
            warnings.append(
                "no target is chosen here, and \(runbook.name) calls one: the daemon needs one when the schedule runs; 'runbook config' "
                    + "shows what is configured")
        }
        return warnings
    }

    /// Lets a schedule run it from now on.
    func pin(to schedule: inout Schedule, sealer: Sealer) {
        schedule.runbook = runbook.name
        schedule.sha256 = runbook.sha256
        schedule.capabilities = manifest.needs
        takeParameters(to: &schedule, sealer: sealer)
    }

    /// Gives a schedule the parameters, and the source that goes with them.
    func takeParameters(to schedule: inout Schedule, sealer: Sealer) {
        schedule.parameters = parameters.shown
        schedule.sealed = ScheduledSource(
            source: runbook.source, signature: runbook.signature, parameters: parameters.inputs
        )
        .sealed(by: sealer, for: schedule.id)
    }
}
