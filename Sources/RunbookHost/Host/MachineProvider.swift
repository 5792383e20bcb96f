public import LuaMachine

/// Where scripts run.
public enum MachineProvider: Sendable {
    /// In confined workers: the default, and the only place for scripts that are not trusted.
    case confined(WorkerSupervisor)
    /// In workers without confinement, where the system cannot confine; each run's record says so.
    case unconfined(WorkerSupervisor)
    /// In this process, for scripts that are trusted.
    case inProcess

    /// Whether scripts are confined.
    public var isConfined: Bool {
        if case .confined = self { return true }
        return false
    }

    /// Where runs are executed; `nil` for the concurrency pool.
    var executor: (any TaskExecutor)? {
        switch self {
        case .confined(let supervisor), .unconfined(let supervisor): supervisor.executor
        case .inProcess: nil
        }
    }

    func start(_ program: MachineProgram) async throws(MachineError) -> any LuaMachine {
        switch self {
        case .confined(let supervisor): try await supervisor.start(program)
        case .unconfined(let supervisor): try await supervisor.start(program, isConfined: false)
        case .inProcess: try InProcessMachine(program)
        }
    }
}
