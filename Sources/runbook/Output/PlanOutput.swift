import CommandSupport
import Operations
import RunbookHost

/// Gives a plan out: to a file if one is named, to a person or a program on stdout.
struct PlanOutput {
    let plan: Plan
    let options: GlobalOptions
    /// The file to write to.
    let output: String?

    func finish(_ launch: Launch, _ isDetailed: Bool) async throws {
        guard let journaling = launch.session.host.journaling else { return }
        if let output { try PlanFile.write(plan, to: output, sealer: journaling.sealer) }
        await launch.close()
        if options.json {
            StandardStream.output.write(
                String(decoding: PlanDocument.write(plan, sealer: journaling.sealer), as: UTF8.self) + "\n")
        } else {
            StandardStream.output.write(PlanText(plan: plan, terminal: launch.session.terminal).text + "\n")
        }
        if !plan.changes.isEmpty {
            launch.session.terminal.write(
                line: "Apply it with: runbook apply \(output ?? plan.id) (until "
                    + "\(Timestamp(unixMilliseconds: plan.expires)), once)")
        }
        if isDetailed, !plan.changes.isEmpty { throw ExitStatus.changes.exitCode }
    }
}
