/// Carries the runs of slots. A program that schedules something else than runbooks brings its own.
public protocol SlotRunner: Sendable {
    /// Begins or takes up a slot's run and returns at its end.
    func run(_ order: SlotOrder) async -> SlotResult
}
