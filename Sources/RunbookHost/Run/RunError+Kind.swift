extension RunError {
    /// The kinds of errors besides those of failed calls, which are those of `APIError`.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The script raised an error of its own, or made a mistake.
        case script = "error"
        /// The source is not Lua.
        case syntax
        /// The manifest is missing, late or wrong.
        case manifest
        /// A parameter is missing, or does not fit its declaration.
        case parameters
        /// A limit was reached.
        case limit
        /// Somebody ended the run.
        case cancelled
        /// The machine that runs the script could not be started, or was lost.
        case machine
        /// Every task waits for another one.
        case deadlock
        /// The store could not keep what must be kept before anything is sent.
        case store
        /// The run would have done what its plan does not have.
        case plan
        /// Nobody knows what became of a call that must not be made twice.
        case decision
        /// A call may have been carried out and can be made again, but not now.
        case unsettled
        /// The script does not go as its journal has it.
        case diverged
    }
}
