// What the host makes of the bytes of a worker. Compiled together with the host's own sources for that; see scripts/fuzz.
//
// The first byte chooses the limits and whether it is a session, the second in what pieces the bytes arrive; then comes a row of chunks, each a byte
// for its kind, two for its length and its bytes:
//   0  a greeting
//   1  a record of a call: a byte each for its id, its task, its line and the length of its name, the name, the arguments
//   2  a result          3  a failure          4  a limit          5  a complaint
//   6  bytes as they are
//   7  the host answers the call of that id
//   8  the host interrupts the run
//   9  the host gives the answers ahead to the calls that the bytes name
//   10 the host asks to be told when the script waits
//   11 the word that it waits          12 the word that it diverges, and at which call
//   13 the word that it is ready       14 the host sends a statement, if it may

/// Ends the program with a word on why.
private func check(_ holds: Bool, _ otherwise: @autoclosure () -> String) {
    if !holds { fatalError("FINDING: \(otherwise())") }
}

private enum Chunk: UInt8 {
    case greeting, record, result, failure, limit, complaint, raw, answer, interrupt, answersAhead, synchronization
    case waiting, divergence, ready, statement

    /// The type of its frame.
    var type: UInt8 {
        switch self {
        case .greeting: UInt8(ascii: "H")
        case .record: UInt8(ascii: "C")
        case .result: UInt8(ascii: "F")
        case .failure: UInt8(ascii: "E")
        case .limit: UInt8(ascii: "L")
        case .waiting: UInt8(ascii: "W")
        case .divergence: UInt8(ascii: "D")
        case .ready: UInt8(ascii: "Y")
        default: UInt8(ascii: "X")
        }
    }
}

private func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

private func frame(_ type: UInt8, _ payload: [UInt8]) -> [UInt8] { word(UInt32(payload.count)) + [type] + payload }

private func bytes(of chunk: Chunk, _ content: ArraySlice<UInt8>) -> [UInt8] {
    switch chunk {
    case .greeting, .complaint: return frame(chunk.type, Array(content))
    case .record:
        let head = Array(content.prefix(4)) + [UInt8](repeating: 0, count: max(0, 4 - content.count))
        let rest = content.dropFirst(4)
        let name = rest.prefix(Int(head[3])), arguments = rest.dropFirst(Int(head[3]))
        let numbers = word(UInt32(head[0])) + word(UInt32(head[1])) + word(UInt32(head[2]))
        let lengths = word(UInt32(name.count)) + word(UInt32(arguments.count))
        return frame(chunk.type, numbers + lengths + name + arguments)
    case .result, .failure, .limit: return frame(chunk.type, word(1_000) + word(0) + content)
    case .raw: return Array(content)
    case .waiting, .ready: return frame(chunk.type, [])
    case .divergence: return frame(chunk.type, word(1_000) + word(0) + word(UInt32(content.first ?? 1)))
    case .answer, .interrupt, .answersAhead, .synchronization, .statement: return []
    }
}

/// One host, which gets the bytes in pieces of one size.
private struct Host {
    var worker: WorkerProtocol
    let limits: MachineLimits
    let piece: Int
    let isSession: Bool
    /// Whether a script runs, as far as the host knows.
    var isRunning: Bool
    var failure: MachineError?
    var lastCall: UInt32 = 0
    var calls = 0
    var ahead: Set<UInt32> = []
    var asked = 0, waited = 0
    var hasEnded = false

    init(limits: MachineLimits, piece: Int, isSession: Bool) {
        worker = WorkerProtocol(limits: limits, isSession: isSession)
        self.limits = limits
        self.piece = piece
        self.isSession = isSession
        isRunning = !isSession
    }

    mutating func begin() {
        guard worker.begin(limits) else { return }
        check(isSession && !isRunning, "a statement begins while another one runs")
        check(worker.pending.isEmpty && worker.bytesAhead == 0, "something is left of the statement before")
        isRunning = true
    }

    mutating func giveAhead(_ calls: ArraySlice<UInt8>) {
        for call in calls where worker.isListening {
            ahead.insert(UInt32(call))
            worker.answerAhead(UInt32(call), bytes: 1)
        }
    }

    mutating func synchronize() {
        if worker.isListening { asked += 1 }
        worker.synchronize()
    }

    mutating func receive(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(piece))
            rest = rest.dropFirst(piece)
            let result = part.withUnsafeBytes { bytes in
                Result { () throws(MachineError) in try worker.receive(bytes) }
            }
            check(failure == nil || (try? result.get())?.isEmpty == true, "more is taken after a failure")
            switch result {
            case .success(let events): for event in events { look(at: event) }
            case .failure(let error):
                check(worker.isOver && !worker.isWithinFrame, "a failure does not end the run")
                check(!error.description.isEmpty, "an error without words")
                failure = error
            }
        }
    }

    private mutating func look(at event: MachineEvent) {
        check(!hasEnded, "an event after the last one")
        switch event {
        case .ready:
            check(isSession && !isRunning, "it is ready in the midst of a statement")
            return
        case .failed where !isRunning: break  // the prelude
        default: check(isRunning, "an event where no script runs")
        }
        switch event {
        case .ready: break
        case .calls(let made):
            check(worker.pending.count <= max(1, limits.tasks), "more calls wait than there may be tasks")
            for call in made {
                if let arguments = parse(call.arguments) {
                    check(arguments.arrayValue != nil, "arguments that are no JSON array")
                }
                check(isPlain(call.name), "a name that could act on a terminal")
                calls += 1
                if call.isNote { continue }
                check(call.id > lastCall, "calls out of order")
                lastCall = call.id
            }
        case .waiting:
            waited += 1
            check(waited <= asked, "it says oftener that it waits than it was asked")
        case .diverged(let call, let usage):
            check(ahead.contains(call), "it diverges at a call that was not answered ahead")
            check(usage.peakMemory <= limits.memory + WorkerProtocol.memorySlack, "more memory than the limit")
            hasEnded = true
        case .finished(let json, let usage): end(json, usage)
        case .failed(let json, let usage), .stopped(let json, let usage):
            end(json, usage)
            if let report = parse(json) { check(report["kind"]?.stringValue != nil, "a report that says nothing") }
        }
    }

    private mutating func end(_ json: [UInt8], _ usage: MachineUsage) {
        hasEnded = !isSession || !isRunning
        isRunning = false
        asked = waited
        ahead = []
        check(worker.isOver == hasEnded, "it goes on after its end, or a session does not")
        _ = parse(json)
        check(usage.peakMemory <= limits.memory + WorkerProtocol.memorySlack, "more memory than the limit")
    }

    /// The value, as the host reads it later; `nil` for the one thing that it may refuse by then.
    private func parse(_ json: [UInt8]) -> JSONValue? {
        do throws(JSONSyntaxError) { return try JSONValue(parsing: json) } catch {
            check(error.reason == "a number is out of range", "taken for JSON, which it is not: \(error.reason)")
            return nil
        }
    }

    private func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { (0x21..<0x7f).contains($0) }
    }
}

/// One input.
///
/// The C function of that name is what libFuzzer calls.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    let input = Array(UnsafeBufferPointer(start: data, count: size))
    guard input.count >= 2 else { return 0 }
    var limits = MachineLimits()
    limits.tasks = Int(input[0] & 7)
    limits.log = input[0] & 8 == 0 ? 1 << 20 : 16
    limits.result = input[0] & 16 == 0 ? 1 << 20 : 16
    limits.source = input[0] & 32 == 0 ? 1 << 20 : 0
    let isSession = input[0] & 64 != 0
    // The same bytes at once and in pieces lead to the same end.
    var hosts = [
        Host(limits: limits, piece: 1 << 20, isSession: isSession),
        Host(limits: limits, piece: Int(input[1] & 31) + 1, isSession: isSession),
    ]
    var rest = input[2...]
    while rest.count >= 3 {
        let start = rest.startIndex
        let length = Int(rest[start + 1]) | Int(rest[start + 2]) << 8
        let chunk = Chunk(rawValue: rest[start] % 15)
        let content = rest.dropFirst(3).prefix(length)
        rest = rest.dropFirst(3 + length)
        guard let chunk else { continue }
        for index in hosts.indices {
            switch chunk {
            case .answer: _ = hosts[index].worker.answer(UInt32(content.first ?? 1))
            case .answersAhead: hosts[index].giveAhead(content)
            case .synchronization: hosts[index].synchronize()
            case .statement: hosts[index].begin()
            case .interrupt: hosts[index].worker.interrupted(content.isEmpty ? .time : .cancel)
            default: hosts[index].receive(bytes(of: chunk, content))
            }
        }
    }
    // What comes after the last event is noticed only if it comes with it.
    check(hosts[0].failure == hosts[1].failure || hosts[1].hasEnded, "what fails depends on the pieces")
    check(hosts[0].hasEnded == hosts[1].hasEnded || hosts[0].failure != nil, "whether it ends depends on the pieces")
    let ahead = hosts.map(\.worker.bytesAhead)
    check(ahead[0] >= 0 && ahead[0] == ahead[1], "what is ahead depends on the pieces")
    check(hosts[0].worker.pending == hosts[1].worker.pending, "what waits depends on the pieces")
    return 0
}
