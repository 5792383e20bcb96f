import ArgumentParser
import CommandSupport
import LuaMachine
import SharedLoop

/// `runbook`: the command.
@main
struct RunbookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runbook",
        abstract: "Run security administration scripts, confined and logged.",
        discussion: """
            A runbook is a Lua script over the InsightVM console's and Cortex Xpanse's user administration. Point it at a \
            console with RUNBOOK_CONSOLE_URL, RUNBOOK_CONSOLE_USER and RUNBOOK_CONSOLE_PASSWORD, or with named targets \
            in a configuration file (see 'runbook config --help').

            Exit codes: 0 finished, 1 the runbook failed, 3 the plan has changes (with --detailed-exit-code), 4 denied or \
            stopped by a limit, 5 a call needs a decision, 6 the journal does not fit the script, 7 audit verification \
            failed, 64 usage or configuration, 130 interrupted.
            """,
        version: "runbook \(programVersion)",
        subcommands: [
            RunCommand.self, ReplCommand.self, PlanCommand.self, ApplyCommand.self, ResumeCommand.self,
            DecideCommand.self,
            UndoCommand.self, ServeCommand.self, ScheduleCommand.self,
            ListCommand.self, CheckCommand.self, TestCommand.self, NewCommand.self, SignCommand.self,
            CallCommand.self, OperationsCommand.self,
            RunsCommand.self, ShowCommand.self, ReportCommand.self,
            TrustCommand.self, DoctorCommand.self, ConfigCommand.self, SimulateCommand.self,
            AuditCommand.self,
            StubsCommand.self, CompletionsCommand.self, ManualCommand.self,
        ])

    static func main() {
        // Passwords and seeds are going to be in this memory. Where that cannot be had it is no worse than elsewhere.
        _ = PrivateMemory.keep()
        if let answer = TargetCompletion.answer(to: CommandLine.arguments) {
            return StandardStream.output.write(answer)
        }
        do {
            var command = try parseAsRoot()
            guard let working = command as? any LoopCommand else { return try command.run() }
            SharedLoop.run { loop in
                do { try await working.run(on: loop) } catch { end(error) }
                // At once: nothing has to be taken down in order.
                end()
            }
        } catch { end(error) }
    }
}
