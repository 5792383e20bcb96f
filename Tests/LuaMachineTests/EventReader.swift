import LuaMachine

/// Asks a machine for its events and tells them in short: `get 1` for call 1, `log` for a note, and what came otherwise.
struct EventReader {
    let machine: any LuaMachine
    private var told: [String] = []

    init(_ machine: any LuaMachine) { self.machine = machine }

    /// The next word; calls that are told by one event are words of their own.
    mutating func next() async throws -> String {
        while told.isEmpty {
            switch try await machine.nextEvent() {
            case .calls(let calls): told = calls.map { $0.isNote ? $0.name : "\($0.name) \($0.id)" }
            case .finished(let json, _): told = ["finished \(String(decoding: json, as: UTF8.self))"]
            case .failed: told = ["failed"]
            case .stopped: told = ["stopped"]
            case .waiting: told = ["waiting"]
            case .ready: told = ["ready"]
            case .diverged(let call, _): told = ["diverged \(call)"]
            }
        }
        return told.removeFirst()
    }

    mutating func next(_ count: Int) async throws -> [String] {
        var words: [String] = []
        for _ in 0..<count { words.append(try await next()) }
        return words
    }

    /// Up to the end, and the first word after it.
    mutating func rest() async throws -> [String] {
        var words: [String] = []
        while true {
            let word = try await next()
            words.append(word)
            guard !["finished", "failed", "stopped", "diverged"].contains(word.prefix { $0 != " " }) else { break }
        }
        return words + [try await next()]
    }
}
