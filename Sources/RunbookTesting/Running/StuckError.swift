/// A run did not end, whatever it was told: a function written in C does not come back.
struct StuckError: Error, Sendable {}
