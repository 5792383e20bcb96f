import ArgumentParser
import CommandSupport
import Operations
import RunbookSchedule
import SharedLoop

/// `runbook schedule remove NAME`.
struct ScheduleRemoveCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "End a schedule.",
        discussion:
            "What runs goes on. Its slots and runs are kept; its name may be used anew. On a terminal you are asked.")

    @Argument(help: "Its name.", completion: WordCompletion.schedules)
    var name: String

    @Flag(name: .shortAndLong, help: "Ask nothing.")
    var yes = false

    @OptionGroup var options: GlobalOptions

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let desk = try ScheduleDesk(options, environment: environment)
        let entry = try await desk.present(name)
        let name = entry.schedule.name
        if !yes, Prompt.canAsk {
            guard !options.noInput else {
                throw CommandError("removing '\(name)' waits for a yes, and nobody may be asked: give --yes")
            }
            guard Prompt.confirm("Remove the schedule '\(name)'?") == true else {
                throw CommandError("nothing was changed: '\(name)' is still there", code: .stopped)
            }
        }
        let removed: Schedule
        do throws(ScheduleBook.Failure) { removed = try await desk.book.remove(name, actor: desk.actor) } catch {
            throw ScheduleDesk.error(error)
        }
        if options.json {
            let document = ScheduleDocument(
                entry: ScheduleEntry(removed), firings: [], slots: [], zone: desk.shownZone(of: removed),
                now: desk.book.now)
            StandardStream.output.write(JSONValue.object(document.members).text + "\n")
        } else {
            let running = ScheduleState(entry).running
            let rest = running > 0 ? "; \(Wording.count(running, "slot")) of it still runs, to its end" : ""
            StandardStream.output.write(
                "\(name) was removed\(rest). Its slots are kept: 'runbook schedule show \(removed.id)' shows them\n")
        }
    }
}
