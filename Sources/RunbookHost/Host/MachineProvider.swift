public import LuaMachine

/// Where scripts run.
public enum MachineProvider: Sendable {
    /// In confined workers: the default, and the only place for scripts that are not trusted.
    case confined(WorkerSupervisor)
    /// In workers without confinement, where the system cannot confine; each run's record says so.
    case unconfined(WorkerSupervisor)
    /// In this process, for scripts that are trusted.
    case inProcess
    /// The same, on a thread of the program's choice: that on which its transport waits for servers spares each call two
    /// changes of threads. A script that computes shares it with the others there.
    case inProcessOn(any TaskExecutor)

    /// Whether scripts are confined.
    public var isConfined: Bool {
        if case .confined = self { return true }
        return false
    }

    /// Where runs are executed; `nil` for the concurrency pool.
    var executor: (any TaskExecutor)? {
        if case .inProcessOn(let executor) = self { executor } else { executorWithoutScripts }
    }

    /// The same, if no script runs there itself.
    var executorWithoutScripts: (any TaskExecutor)? {
        switch self {
        case .confined(let supervisor), .unconfined(let supervisor): supervisor.executor
        case .inProcess, .inProcessOn: nil
        }
    }

    func start(_ program: MachineProgram) async throws(MachineError) -> any LuaMachine {
        switch self {
        case .confined(let supervisor): try await supervisor.start(program)
        case .unconfined(let supervisor): try await supervisor.start(program, isConfined: false)
        case .inProcess, .inProcessOn: try InProcessMachine(program)
        }
    }
}
