import RunbookHost
import RunbookSchedule

/// The daemons that run what is due.
struct Daemons: Sendable {
    /// Those that live, as far as can be told from here.
    let living: [Carrier]
    private let isAlive: @Sendable (RunOwner) -> Bool?

    /// - Parameters:
    ///   - carriers: all that have not left.
    ///   - isAlive: whether a process lives; `nil` if that cannot be told from here.
    init(_ carriers: [Carrier], isAlive: @escaping @Sendable (RunOwner) -> Bool?) {
        living = carriers.filter { isAlive($0.owner) != false }
        self.isAlive = isAlive
    }

    /// Whether nobody is there to run anything.
    var isEmpty: Bool { living.isEmpty }

    /// Who is there, or what to do if nobody is.
    var text: String {
        guard let first = living.first else {
            return "no daemon is running, and nothing will be run: start 'runbook serve'"
        }
        let place = "process \(first.owner.process) on \(first.owner.host.shown)"
        let certain = isAlive(first.owner) == true ? "" : ", which cannot be looked at from here"
        return living.count == 1
            ? "a daemon is running: \(place)\(certain)"
            : "\(living.count) daemons are running, among them \(place)\(certain)"
    }
}
