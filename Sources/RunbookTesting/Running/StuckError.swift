internal import RunbookHost

/// A run did not end in its time.
struct StuckError: Error, Sendable {
    /// What is told of it.
    let message: String
    /// What it had come to when it was ended; `nil` if it did not end even so, and its thread is lost.
    let report: CaseReport?

    /// A function written in C does not come back, whatever the run is told.
    static let neverBack = StuckError(
        message: "The run does not end: it calls a function of the library that never comes back, and was given up.",
        report: nil)

    /// A run that was ended because its time was up: nobody else ends the run of a case.
    ///
    /// - Parameter report: what it had come to; `nil` if it has not even ended.
    static func overdue(_ report: CaseReport?, after patience: Duration) -> StuckError {
        StuckError(message: overdue("a case's own clock", at: report?.error?.location, after: patience), report: report)
    }

    /// What is told of a run that was ended because its time was up.
    ///
    /// - Parameters:
    ///   - clock: the clock that stands still meanwhile.
    ///   - place: where it was then, if that is known.
    static func overdue(_ clock: String, at place: String?, after patience: Duration) -> String {
        "\(place.map { "\($0): " } ?? "")still running after \(patience.told) of real time (a loop that never ends?); "
            + "\(clock) does not stop it."
    }
}
