import ArgumentParser
import CommandSupport
import Operations
import RunbookSchedule
import SharedLoop

/// `runbook schedule list`.
struct ScheduleListCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the schedules: when each runs next, and how it went last.")

    @OptionGroup var options: GlobalOptions

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let desk = try ScheduleDesk(options, environment: environment)
        let now = desk.book.now
        var rows: [ScheduleTable.Row] = []
        for entry in try await desk.entries() {
            let last = try await desk.slots(of: entry.schedule, states: [.ran, .skipped, .missed], limit: 1).first
            rows.append(ScheduleTable.Row(entry: entry, last: last, zone: desk.shownZone(of: entry.schedule)))
        }
        if options.json {
            let list = rows.map { row -> JSONValue in
                let times = try? ScheduleTimes(of: row.entry.schedule, zones: desk.zones)
                return .object(
                    ScheduleDocument(
                        entry: row.entry, firings: times?.firings(after: now, count: 1) ?? [],
                        slots: row.last.map { [$0] } ?? [], zone: row.zone, now: now
                    ).members)
            }
            StandardStream.output.write(JSONValue.array(list).text + "\n")
            return
        }
        guard !rows.isEmpty else {
            StandardStream.error.write("no schedules yet in \(desk.state.directory)\n")
            return
        }
        let table = ScheduleTable(rows: rows, now: now)
        StandardStream.output.write(table.text(ScreenStyle(options: options, environment: environment)))
        let daemons = try await desk.daemons()
        if daemons.isEmpty { desk.terminal.write(line: "runbook: \(daemons.text)") }
    }
}
