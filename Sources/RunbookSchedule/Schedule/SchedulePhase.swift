/// Whether a schedule runs anything.
public enum SchedulePhase: String, Sendable, Hashable, CaseIterable {
    /// Its slots are run.
    case active
    /// Its slots are skipped until somebody resumes it.
    case paused
    /// It is kept for its history alone, and its name may be used anew.
    case removed
}
