import RunbookHost

extension RunError.Kind {
    /// What happened, in a sentence.
    var meaning: String {
        switch self {
        case .script: "The script raised an error of its own, or made a mistake."
        case .syntax: "The source is not Lua."
        case .manifest: "runbook { … } is missing, comes too late, or says something that it cannot."
        case .parameters: "A parameter is missing, or its value does not fit the declaration. Nothing was run."
        case .limit: "The run reached one of its limits; nothing more was sent."
        case .cancelled: "Somebody ended the run: Ctrl-C, or the end of the daemon."
        case .machine:
            "The worker that runs the script could not be started, was lost, or did not keep to what it should send."
        case .deadlock: "Every task of the script waits for another one, and none for a reply."
        case .store: "What must be on the disk before anything is sent could not be written."
        case .plan: "The run was about to make a change that the approved plan does not have."
        case .decision: "Nobody knows whether the server carried out a call that must not be made twice."
        case .unsettled: "A change may have been carried out, and the server cannot be asked now."
        case .diverged: "The resumed script makes other calls than its journal has. Nothing was sent."
        }
    }

    /// What to do about it, in a sentence.
    var advice: String {
        switch self {
        case .script: "Look at the line and the traceback. runbook check finds many mistakes without running anything."
        case .syntax, .manifest: "Mend the file at the line that is named; runbook check shows the rest."
        case .parameters: "Give it with --param NAME=VALUE; runbook list --json tells what a runbook takes."
        case .limit: "See whether so much is meant. If it is, raise the limit as the message says, and run it again."
        case .cancelled: "runbook resume goes on where it stopped."
        case .machine: "runbook doctor tells what the system lacks. A script that crashes a worker is stopped safely."
        case .deadlock: "Let tasks wait for replies, not for each other's variables."
        case .store: "Make room, or mend the state folder that runbook doctor names; then run or resume it."
        case .plan: "Make a new plan with runbook plan, and look at it."
        case .decision: "Look at the server, say what happened with runbook decide, then go on with runbook resume."
        case .unsettled: "Go on with runbook resume once the server answers again."
        case .diverged: "Resume it with the source, and the version of runbook, that it began with."
        }
    }
}
