internal import ConsoleModel
internal import Synchronization

/// The one place where the simulated world is shared between requests.
final class SimulatorCore: Sendable {
    private let simulation: Mutex<Simulation>
    private let faults: Mutex<FaultSource>
    private let areFaultsNone: Bool

    init(_ simulation: Simulation, faults: FaultSource) {
        self.simulation = Mutex(simulation)
        self.faults = Mutex(faults)
        areFaultsNone = faults.areNone
    }

    func answer(_ request: SimulatedRequest, at moment: Timestamp) -> SimulatedReply {
        simulation.withLock { $0.answer(request, at: moment) }
    }

    func nextFault(method: String, path: String) -> Fault {
        areFaultsNone ? .none : faults.withLock { $0.next(method: method, path: path) }
    }

    /// Tells what links start with, now that the port is known.
    func listen(at origin: String) { simulation.withLock { $0.origin = origin } }

    func info(url: String, certificate: String?) -> SimulatorInfo {
        simulation.withLock { SimulatorInfo(url: url, simulation: $0, certificate: certificate) }
    }

    /// The body of a refusal that a fault makes.
    func refusal(_ status: Int, path: String) -> [UInt8] {
        let message =
            path.utf8.starts(with: Simulation.xpansePrefix.utf8)
            ? "Simulated failure" : "A simulated failure: nothing was done."
        return simulation.withLock { $0.refusal(status, message, path: path).body }
    }
}
