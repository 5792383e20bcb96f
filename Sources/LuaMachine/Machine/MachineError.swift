/// Why a machine cannot go on, other than by the script's own doing.
public enum MachineError: Error, Sendable, Hashable {
    /// The worker process could not be started.
    case launch(path: String, reason: String)
    /// The worker could not confine itself; it has run nothing.
    case confinement(reason: String)
    /// The worker has died of a signal, such as SIGSEGV or SIGSYS.
    case killed(signal: Int32)
    /// The worker was stopped from outside by a signal such as SIGSTOP; it was then killed.
    case suspended(signal: Int32)
    /// The worker has ended without saying why; the status is -1 if nobody can tell it.
    case exited(status: Int32)
    /// The worker has sent something that is not the protocol; it was killed.
    case protocolViolation(reason: String)
    /// What every script or session begins with has failed in the machine.
    case setUp(reason: String)
    /// There is no memory for a machine within the memory limit.
    case outOfMemory
    /// The statement of a session could be ended only with the machine, or has used up its memory.
    case sessionLost
    /// The machine has been closed.
    case closed
}

extension MachineError: CustomStringConvertible {
    /// What happened and what to do, for a person.
    public var description: String {
        switch self {
        case .launch(let path, let reason):
            "the worker \(path) could not be started: \(reason). Install runbook-vm beside runbook."
        case .setUp(let reason):
            "the machine could not be set up: \(reason). Nothing was run. Raise the limits, if they are lower than the usual ones."
        case .confinement(let reason):
            """
            the worker could not be confined: \(reason). Nothing was run. Use a kernel with seccomp, or allow \
            --unconfined for a runbook that you trust.
            """
        case .killed(let signal):
            """
            the worker that ran the script died of signal \(signal) (\(Self.name(of: signal))). The script may have hit \
            a fault of the Lua library or tried something forbidden; nothing else was touched.
            """
        case .suspended(let signal):
            """
            the worker that ran the script was stopped from outside by signal \(signal) (\(Self.name(of: signal))) and was \
            killed: a run cannot be paused. Start the runbook again.
            """
        case .exited(let status):
            """
            the worker that ran the script ended by itself \(status < 0 ? "" : "with status \(status) ")and did not say \
            how the script ended; nothing else was touched. Start the runbook again.
            """
        case .protocolViolation(let reason):
            "the worker that ran the script sent what no worker sends (\(reason)) and was killed; nothing else was touched."
        case .outOfMemory: "there is not enough memory to start the script: raise the memory limit."
        case .sessionLost:
            """
            the session's machine is gone, with the variables that it held: the last statement could be ended in no other \
            way, or it has used up the memory. Start a new one.
            """
        case .closed: "the machine has been closed."
        }
    }

    private static func name(of signal: Int32) -> String {
        switch signal {
        case 4: "SIGILL"
        case 6: "SIGABRT"
        case 7: "SIGBUS"
        case 9: "SIGKILL"
        case 11: "SIGSEGV"
        case 19: "SIGSTOP"
        case 20: "SIGTSTP"
        case 21: "SIGTTIN"
        case 22: "SIGTTOU"
        case 24: "SIGXCPU, out of processor time"
        case 31: "SIGSYS, a forbidden system call"
        default: "signal \(signal)"
        }
    }
}
