internal import ConsoleModel

/// Says of each request what befalls it.
struct FaultSource: Sendable {
    private let faults: Faults
    /// Whether no request ever suffers one.
    let areNone: Bool
    private var random: SplitMix64
    private var position = 0

    init(_ faults: Faults, random: SplitMix64) {
        self.faults = faults
        self.random = random
        areNone = faults.areNone
    }

    /// The next request's fault.
    mutating func next(method: String, path: String) -> Fault {
        if areNone || !faults.applies(method, path) { return .none }
        if position < faults.script.count {
            position += 1
            return faults.script[position - 1]
        }
        return faults.fault(for: random.fraction())
    }
}
