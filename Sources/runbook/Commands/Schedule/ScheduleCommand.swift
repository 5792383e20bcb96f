import ArgumentParser

/// `runbook schedule`.
struct ScheduleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Run runbooks at set times.",
        discussion: """
            A daemon runs what is due: start it with 'runbook serve'. Each planned time becomes a slot with one fate: it ran, was \
            skipped, or was missed, and why. Nothing that you do here runs what is past.

              runbook schedule add nightly ./sweep.lua --cron '0 3 * * *'
              runbook schedule list
              runbook schedule next --cron '30 2 * * *' --tz Europe/Berlin
            """,
        subcommands: [
            ScheduleAddCommand.self, ScheduleListCommand.self, ScheduleShowCommand.self, ScheduleEditCommand.self,
            SchedulePauseCommand.self, ScheduleResumeCommand.self, ScheduleRemoveCommand.self, ScheduleRunCommand.self,
            ScheduleNextCommand.self,
        ])
}
