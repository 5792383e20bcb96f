import CommandSupport
import Glibc
import Operations
import RunbookHost
import RunbookSchedule
import RunbookStore

/// What every subcommand of `runbook schedule` works with.
struct ScheduleDesk: Sendable {
    let configuration: Configuration
    let state: StateStore
    let terminal: Terminal
    let zones: TimeZoneCatalogue
    let book: ScheduleBook
    let environment: [String: String]

    /// A desk for what needs no runbook to be read.
    init(_ options: GlobalOptions, environment: [String: String]) throws(CommandError) {
        let configuration = try Configuration.load(options, environment: environment)
        self.init(
            configuration, state: StateStore(configuration),
            terminal: Terminal(options: options, environment: environment), environment: environment)
    }

    /// A desk on a session's state.
    init(_ session: Session, environment: [String: String]) {
        self.init(session.configuration, state: session.state, terminal: session.terminal, environment: environment)
    }

    private init(
        _ configuration: Configuration, state: StateStore, terminal: Terminal, environment: [String: String]
    ) {
        self.configuration = configuration
        self.state = state
        self.terminal = terminal
        self.environment = environment
        zones = TimeZoneCatalogue(environment: environment)
        book = ScheduleBook(store: state.store, zones: zones)
    }

    /// Where schedules are kept.
    var store: any ScheduleStore { state.store }

    /// Who does what is done here.
    var actor: String { Actor.name(environment: environment) }

    /// Says something that stops nothing.
    func warn(_ warning: String) { terminal.write(line: "runbook: warning: \(warning.shown)") }

    // MARK: Schedules

    /// All schedules, by name. Where there is no database there are none, and it is not made by asking.
    func entries() async throws(CommandError) -> [ScheduleEntry] {
        guard access(state.store.path, F_OK) == 0 else { return [] }
        do throws(StoreError) { return try await store.entries() } catch { throw StateStore.error(error) }
    }

    /// A schedule by its name or its id; by its id also one that was removed.
    func entry(_ name: String) async throws(CommandError) -> ScheduleEntry {
        if access(state.store.path, F_OK) == 0 {
            do throws(StoreError) {
                if let entry = try await store.entry(named: name) { return entry }
                if let entry = try await store.entry(id: name) { return entry }
            } catch { throw StateStore.error(error) }
        }
        let names = try await entries().map(\.schedule.name)
        guard !names.isEmpty else {
            throw CommandError(
                "there is no schedule '\(name.shown)', and no other in \(state.directory): add one with 'runbook schedule add'"
            )
        }
        let advice =
            name.nearest(among: names).map { "did you mean '\($0)'?" }
            ?? "'runbook schedule list' shows those that there are"
        throw CommandError("there is no schedule '\(name.shown)'; \(advice)")
    }

    /// A schedule that is not removed, by its name or its id.
    func present(_ name: String) async throws(CommandError) -> ScheduleEntry {
        let entry = try await entry(name)
        guard entry.schedule.phase != .removed else {
            throw CommandError(
                "the schedule '\(entry.schedule.name)' (\(entry.schedule.id)) was removed: add one anew with 'runbook schedule "
                    + "add'")
        }
        return entry
    }

    /// A schedule's slots, the latest first; so many at most.
    func slots(
        of schedule: Schedule, states: Set<Slot.State> = [], limit: Int
    ) async throws(CommandError) -> [Slot] {
        do throws(StoreError) {
            return try await store.slots(of: schedule.id, before: nil, states: states, limit: limit)
        } catch { throw StateStore.error(error) }
    }

    /// The daemons that are there.
    func daemons() async throws(CommandError) -> Daemons {
        guard access(state.store.path, F_OK) == 0 else { return Daemons([], isAlive: state.isAlive) }
        do throws(StoreError) { return Daemons(try await store.carriers(), isAlive: state.isAlive) } catch {
            throw StateStore.error(error)
        }
    }

    // MARK: Zones

    /// The zone of a name; the machine's own if none is given.
    func zone(_ name: String?) throws(CommandError) -> TimeZoneRules {
        do throws(ScheduleFault) { return try zones.zone(named: name ?? zones.local()) } catch {
            throw Self.error(error)
        }
    }

    /// What a schedule's times are shown in: its zone, or UTC if that is not there any more.
    func shownZone(of schedule: Schedule) -> TimeZoneRules { (try? zones.zone(named: schedule.zone)) ?? .utc }

    // MARK: Errors

    /// What a command says of a fault.
    static func error(_ fault: ScheduleFault) -> CommandError { CommandError(fault.message.shown) }

    /// What a command says of what the book has not done.
    static func error(_ failure: ScheduleBook.Failure) -> CommandError {
        switch failure {
        case .refused(let fault): error(fault)
        case .store(let failure): StateStore.error(failure)
        }
    }
}
