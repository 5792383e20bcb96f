extension Inverse {
    /// What restores the state before a run's changes.
    ///
    /// Per target only the earliest image counts. Roles come first, for users need them; then users who were created are
    /// deleted, for their logins may be needed; then users are restored, the last changed first; roles that were created
    /// are deleted once nobody has them.
    ///
    /// - Parameter changes: the run's changes that were or may have been carried out, oldest first.
    /// - Returns: the calls in the order in which to make them, and the changes that stay, each with the reason.
    public static func plan(
        _ changes: [MadeChange]
    ) -> (steps: [InverseStep], impossible: [(change: MadeChange, reason: String)]) {
        var planner = InversePlanner()
        for change in changes { planner.add(change) }
        return planner.finish()
    }
}
