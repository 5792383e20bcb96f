internal import LuaMachine

/// The functions under way that make several changes which belong together, such as `users.patch`: what would end the run
/// waits until they are done.
struct Composites: Sendable {
    /// What an interruption does.
    enum Hold: Sendable {
        /// Nothing is under way: it need not wait.
        case none
        /// It waits from now on.
        case now
        /// Another one waits already. A second reason, such as the deadline after a Ctrl-C, is no reason to cut through.
        case already
    }

    /// The tasks they run in, with how many of the changes are still promised.
    private var promises: [UInt32: Int] = [:]
    /// Their calls that wait for an answer.
    private var calls: Set<UInt32> = []
    /// How often one of them was called or ended.
    private var turns = 0
    /// The interruption that waits for their end.
    private(set) var heldInterrupt: MachineInterrupt?

    var isEmpty: Bool { promises.isEmpty }

    mutating func begin(in task: UInt32, changes: Int) {
        promises[task] = changes
        turns += 1
    }

    /// - Returns: How many of the promised changes were not made.
    mutating func end(in task: UInt32) -> Int {
        turns += 1
        return promises.removeValue(forKey: task) ?? 0
    }

    func promised(to task: UInt32) -> Int { promises[task] ?? 0 }

    /// One of the promised changes is made.
    mutating func use(in task: UInt32) { promises[task] = max(0, promised(to: task) - 1) }

    /// - Returns: Whether the call belongs to one of the functions.
    mutating func made(_ call: UInt32, in task: UInt32) -> Bool {
        guard promises[task] != nil else { return false }
        calls.insert(call)
        turns += 1
        return true
    }

    /// - Returns: Whether it is the script's turn now, while an interruption waits.
    mutating func answered(_ call: UInt32) -> Bool {
        calls.remove(call) != nil && turn != nil
    }

    mutating func hold(_ why: MachineInterrupt) -> Hold {
        if isEmpty { return .none }
        if heldInterrupt != nil { return .already }
        heldInterrupt = why
        return .now
    }

    /// The number of the script's turn, while an interruption waits and no answer is owed to the script.
    var turn: Int? { heldInterrupt != nil && !isEmpty && calls.isEmpty ? turns : nil }
}
