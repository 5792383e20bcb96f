extension Slot {
    /// Whether it keeps others from being started: one that waits for their end itself does not.
    var isInTheWay: Bool { isUnderWay && due != Slot.held }

    /// Gives it its fate.
    mutating func end(_ state: State, _ reason: String, at unixMilliseconds: Int64) {
        self.state = state
        self.reason = reason
        ended = unixMilliseconds
        carrier = nil
        due = planned
    }
}
