import LuaMachine
import Operations

/// What a run did, call by call, and the answers that it was given, in their order: enough to do it again.
struct RecordedRun {
    /// How a recorded run is done again.
    enum Way: CaseIterable, Sendable {
        /// Each answer once its call is told and the machine waits.
        case oneByOne
        /// Each answer as soon as its call is told, as many at once as there are.
        case atOnce
        /// All of them before anything is asked for.
        case allAhead
        /// A few ahead, now and then.
        case fewAhead
    }

    /// Calls, notes and the end, a line each.
    private(set) var lines: [String] = []
    private(set) var replies: [MachineReply] = []

    /// Runs the script with answers of which order, time and content are drawn.
    init(of machine: any LuaMachine, drawing random: inout SeededGenerator) async throws {
        var waiting: [MachineCall] = []
        func answer(_ random: inout SeededGenerator) {
            guard let index = waiting.indices.randomElement(using: &random) else { return }
            let reply = Self.draw(waiting.remove(at: index), replies.last, &random)
            replies.append(reply)
            machine.reply(reply)
        }
        machine.synchronize()
        while true {
            let event = try await machine.nextEvent()
            note(event)
            switch event {
            case .calls(let calls):
                waiting += calls.filter { !$0.isNote }
                while Int.random(in: 0...2, using: &random) == 0, !waiting.isEmpty { answer(&random) }
            case .waiting:
                for _ in 0...Int.random(in: 0...2, using: &random) { answer(&random) }
                machine.synchronize()
            case .finished, .failed, .stopped, .diverged, .ready: return
            }
        }
    }

    /// Runs the script with answers that are given.
    init(of machine: any LuaMachine, again replies: [MachineReply], _ way: Way, drawing random: inout SeededGenerator)
        async throws
    {
        var left = replies[...], told: Set<UInt32> = [], hasGiven = false
        func give(_ count: Int) {
            machine.replay(Array(left.prefix(count)))
            left = left.dropFirst(count)
            hasGiven = true
        }
        func answer() -> Bool {
            guard let reply = left.first, told.contains(reply.id) else { return false }
            machine.reply(reply)
            left = left.dropFirst()
            hasGiven = true
            return true
        }
        if way == .allAhead { give(left.count) }
        if way == .fewAhead { give(Int.random(in: 0...3, using: &random)) }
        machine.synchronize()
        while true {
            let event = try await machine.nextEvent()
            note(event)
            switch event {
            case .calls(let calls):
                told.formUnion(calls.map(\.id))
                if way == .atOnce { while answer() {} }
                if way == .fewAhead, Bool.random(using: &random) { give(Int.random(in: 1...9, using: &random)) }
            case .waiting:
                if way == .oneByOne { _ = answer() }
                if way == .fewAhead, !left.isEmpty { give(Int.random(in: 1...9, using: &random)) }
                guard hasGiven else {
                    lines.append("it waits for other answers")
                    return
                }
                hasGiven = false
                machine.synchronize()
            case .finished, .failed, .stopped, .diverged, .ready: return
            }
        }
    }

    private mutating func note(_ event: MachineEvent) {
        switch event {
        case .calls(let calls):
            lines += calls.map { call in
                "\(call.id) \(call.task) \(call.line) \(call.name) \(String(decoding: call.arguments, as: UTF8.self))"
            }
        case .finished(let json, _): lines.append("finished \(String(decoding: json, as: UTF8.self))")
        case .failed(let json, _): lines.append("failed \(String(decoding: json, as: UTF8.self))")
        case .stopped(let json, _): lines.append("stopped \(String(decoding: json, as: UTF8.self))")
        case .diverged(let call, _): lines.append("diverged \(call)")
        case .waiting, .ready: break
        }
    }

    // MARK: Answers

    private static func draw(
        _ call: MachineCall, _ last: MachineReply?, _ random: inout SeededGenerator
    ) -> MachineReply {
        let passed = Int64.random(in: 0...5_000, using: &random)
        let run = (last?.runMilliseconds ?? 0) + passed, unix = 1_700_000_000_000 + run
        func reply(_ reading: MachineReply.Reading, _ json: JSONValue) -> MachineReply {
            MachineReply(
                id: call.id, reading: reading, json: json.bytes(), unixMilliseconds: unix, runMilliseconds: run)
        }
        if call.name == "clock" { return reply([], ["unix": .integer(unix), "run": .integer(run)]) }
        switch Int.random(in: 0...20, using: &random) {
        case 0...2: return reply(.nothing, .null)
        case 3...6: return reply([], .integer(Int64.random(in: -9...9, using: &random)))
        case 7...9: return reply([], .string(String(repeating: "é", count: Int.random(in: 0...60, using: &random))))
        case 10:
            let operation = JSONValue.string(call.name)
            return reply(
                .error, ["kind": "not_found", "message": "no such user", "status": 404, "operation": operation])
        case 11...12:
            return reply(.secrets, ["password": ["$secret": 1], "other": ["$secret": 2], "same": ["$secret": 1]])
        case 13...14: return reply([.resources, .page], ["resources": [1, ["id": 2]], "page": ["totalPages": 3]])
        default:
            var members: [String: JSONValue] = [:]
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let number = Int64.random(in: 0...99, using: &random)
                let value = JSONValue.integer(number)
                members["field\(number)"] = number % 3 == 0 ? ["inner": value, "links": []] : value
            }
            return reply(.droppingLinks, .object(members))
        }
    }
}
