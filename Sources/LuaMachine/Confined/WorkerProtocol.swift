internal import CRunbookVM

/// What a worker may say, and when. Its bytes go in, the machine's events come out, or an error that ends its run.
///
/// Threat model: the worker runs machine code of a hostile script's choosing. Every length, type, number and text is
/// checked here before anything else of the host sees it. No input and output, no clock: whoever owns the process keeps
/// those.
struct WorkerProtocol: Sendable {
    /// The longest greeting or complaint, in bytes.
    static let maximumGreeting = 4_096
    /// What a worker may use above its memory limit without being a liar, in bytes: room for error reports.
    static let memorySlack = 8 << 20
    /// The longest report of a failure or a limit, in bytes: its text and its value, with up to six bytes for one, and
    /// the traceback.
    static let maximumReport = 1 << 20
    /// The longest name of a call, in bytes.
    static let maximumName = 256
    /// The most that one step of a script puts out, in bytes: what is handed over (`RB_FLUSH_AT`) with a record
    /// of `RB_RECORD_MAX`.
    static let maximumCalls = 16 << 20 + 128 << 10
    /// The longest payload of a frame, in bytes: `RB_FRAME_MAX`.
    static let maximumPayload = 256 << 20

    /// What the worker said of its confinement, once it has greeted.
    private(set) var report: [UInt8]?
    /// Whether the last event or an error is known: nothing more is taken. A session is not over with a statement.
    private(set) var isOver = false
    /// Where it stands.
    private(set) var phase: Phase
    /// The calls that wait for an answer, with the task that each was made in.
    private(set) var pending: [UInt32: UInt32] = [:]
    /// How many bytes of answers were sent that the worker may not have taken, as far as its calls tell.
    private(set) var bytesAhead = 0

    /// Where a worker stands.
    enum Phase: Sendable, Hashable {
        /// A session's worker has not said yet that it is ready, at the beginning or after a statement.
        case preparing
        /// A session's worker waits for a statement, and has nothing to say.
        case ready
        /// A statement runs, or the one script of a run.
        case running
    }

    /// What the host has sent and the worker cannot have got past yet, in order. Not in here is what it may have taken at
    /// once: the answers to calls that wait.
    private enum Sent: Sendable {
        case answer(UInt32, bytes: Int)
        case synchronization

        func isAnswer(to call: UInt32) -> Bool {
            if case .answer(call, _) = self { true } else { false }
        }
    }

    private var limits: MachineLimits
    private let isSession: Bool
    private var hasStatement = false
    /// Whether a frame had begun, with less than its header, when the statement was sent.
    private var hasBegunEarly = false
    private var interrupt: MachineInterrupt?
    private var decoder = FrameDecoder()
    private var lastCall: UInt32 = 0
    private var waitingTasks: Set<UInt32> = []
    private var sent = Queue<Sent>()
    /// Whether it has said that it waits, and no answer that it could go on with was sent since.
    private var isSettled = false
    private var log = 0

    /// - Parameters:
    ///   - limits: What the run began with: a worker may not have heard yet that they are narrower.
    ///   - isSession: Default: `false`.
    init(limits: MachineLimits, isSession: Bool = false) {
        self.limits = limits
        self.isSession = isSession
        phase = isSession ? .preparing : .running
    }

    /// Whether a frame has begun and not ended.
    var isWithinFrame: Bool { decoder.pending > 0 }
    /// How many bytes of that frame have come.
    var bytesOfFrame: Int { decoder.pending }

    // MARK: What the host did

    /// Notes that call `id` is answered now; `false` if it does not wait for an answer.
    mutating func answer(_ id: UInt32) -> Bool {
        guard isListening, pending[id] != nil, !sent.contains(where: { $0.isAnswer(to: id) }) else { return false }
        sent.append(.answer(id, bytes: 0))
        takeAnswers()
        return true
    }

    /// Notes that the answer to call `id` is sent now, whether or not the call is made yet.
    mutating func answerAhead(_ id: UInt32, bytes: Int) {
        guard isListening else { return }
        sent.append(.answer(id, bytes: bytes))
        bytesAhead += bytes
        takeAnswers()
    }

    /// Notes that the worker is asked to say when it waits.
    mutating func synchronize() {
        if isListening { sent.append(.synchronization) }
    }

    /// Notes why the host ends the run, or the statement; only the first reason reaches a script.
    mutating func interrupted(_ why: MachineInterrupt) {
        if phase == .running { interrupt = interrupt ?? why }
    }

    /// Notes that the next statement of a session is sent now; `false` if the worker is not ready for one.
    mutating func begin(_ limits: MachineLimits) -> Bool {
        guard !isOver, phase == .ready else { return false }
        self.limits = limits
        hasStatement = true
        hasBegunEarly = isWithinFrame
        phase = .running
        return true
    }

    /// Whether what is sent for the script may still reach it.
    var isListening: Bool { !isOver && phase == .running }

    /// Takes the host's word for how the run has ended: the worker can say nothing any more.
    mutating func end(_ event: MachineEvent) -> MachineEvent {
        isOver = true
        return event
    }

    /// The worker takes answers in the order in which they were sent, each when its call is made. From then on it may do what
    /// the answer allows.
    private mutating func takeAnswers() {
        while case .answer(let id, let bytes)? = sent.first, let task = pending.removeValue(forKey: id) {
            _ = sent.popFirst()
            bytesAhead -= bytes
            waitingTasks.remove(task)
            isSettled = false
        }
    }

    /// Nothing of a statement that has ended, or of a run, counts any more.
    private mutating func endScript() {
        guard isSession else {
            isOver = true
            return
        }
        phase = .preparing
        interrupt = nil
        pending = [:]
        waitingTasks = []
        sent.removeAll()
        bytesAhead = 0
        isSettled = false
        log = 0
    }

    // MARK: What the worker says

    /// Takes bytes in, in pieces of any size.
    ///
    /// - Returns: The events that they complete, in order.
    /// - Throws: ``MachineError/protocolViolation(reason:)``, or ``MachineError/confinement(reason:)`` if the worker says
    ///   that it could not be confined. Nothing is taken in after that.
    mutating func receive(_ bytes: UnsafeRawBufferPointer) throws(MachineError) -> [MachineEvent] {
        guard !isOver else { return [] }
        do throws(MachineError) {
            var events: [MachineEvent] = []
            decoder.append(bytes)
            while !isOver {
                guard let header = decoder.header else { break }
                try judge(header.type, header.length)
                guard let frame = decoder.next() else { break }
                if let event = try take(frame) { events.append(event) }
            }
            if isOver, isWithinFrame { throw Self.violation("something after the script's end") }
            return events
        } catch {
            isOver = true
            decoder = FrameDecoder()
            throw error
        }
    }

    private static func violation(_ reason: String) -> MachineError { .protocolViolation(reason: reason) }

    /// Whether a frame of this type and length may come now.
    private func judge(_ type: UInt8, _ length: Int) throws(MachineError) {
        guard !hasBegunEarly || type == UInt8(RB_FRAME_BROKEN.rawValue) else {
            throw Self.violation("a frame that began before its statement")
        }
        let longest: Int
        switch UInt32(type) {
        case RB_FRAME_BROKEN.rawValue: longest = Self.maximumGreeting
        case RB_FRAME_HELLO.rawValue:
            guard report == nil else { throw Self.violation("a second greeting") }
            longest = Self.maximumGreeting
        case RB_FRAME_CALLS.rawValue: longest = Self.maximumCalls
        case RB_FRAME_FINISHED.rawValue:
            let result = limits.result == 0 ? Self.maximumPayload : min(limits.result, Self.maximumPayload)
            longest = Self.outcomeHeader + result
        case RB_FRAME_FAILED.rawValue, RB_FRAME_LIMIT.rawValue:
            longest = Self.outcomeHeader + Self.maximumReport
        case RB_FRAME_DIVERGED.rawValue: longest = Self.divergence
        case RB_FRAME_WAITING.rawValue: longest = 0
        case RB_FRAME_READY.rawValue where isSession: longest = 0
        default: throw Self.violation("a frame of unknown type \(type)")
        }
        let isGreeting = type == UInt8(RB_FRAME_HELLO.rawValue) || type == UInt8(RB_FRAME_BROKEN.rawValue)
        guard isGreeting || report != nil else { throw Self.violation("no greeting") }
        try judgePhase(type, isGreeting)
        guard length > 0 || longest == 0 else { throw Self.violation("an empty frame") }
        guard length <= min(longest, Self.maximumPayload) else {
            throw Self.violation("a frame of \(length) bytes where at most \(longest) may come")
        }
    }

    /// Whether a worker that stands where this one does has anything of the kind to say.
    private func judgePhase(_ type: UInt8, _ isGreeting: Bool) throws(MachineError) {
        let isReady = type == UInt8(RB_FRAME_READY.rawValue)
        switch phase {
        case _ where isGreeting: return
        case .running:
            guard isReady else { return }
            throw Self.violation("a word that it is ready, in the midst of a statement")
        case .ready: throw Self.violation("a frame of type \(type) where no statement runs")
        case .preparing:
            // A prelude that fails is told as the script's failure.
            let isFailure = type == UInt8(RB_FRAME_FAILED.rawValue) && !hasStatement
            guard isReady || isFailure else { throw Self.violation("a frame of type \(type) where no statement runs") }
        }
    }

    private mutating func take(_ frame: FrameDecoder.Frame) throws(MachineError) -> MachineEvent? {
        switch UInt32(frame.type) {
        case RB_FRAME_HELLO.rawValue:
            guard JSONScanner.kind(of: frame.payload) == .object else {
                throw Self.violation("a greeting that is not a JSON object")
            }
            report = frame.payload
            return nil
        case RB_FRAME_CALLS.rawValue:
            try checkUnsettled("calls")
            let calls = try CallRecords.read(frame.payload)
            for call in calls { try check(call) }
            return .calls(calls)
        case RB_FRAME_FINISHED.rawValue:
            try checkUnsettled("a result")
            let (usage, json) = try outcome(frame.payload)
            guard JSONScanner.kind(of: json) != nil else { throw Self.violation("a result that is not JSON") }
            endScript()
            return .finished(result: json, usage: usage)
        case RB_FRAME_FAILED.rawValue:
            try checkUnsettled("a failure")
            let (usage, json) = try outcome(frame.payload)
            try checkReport(json)
            if phase == .preparing { isOver = true } else { endScript() }
            return .failed(report: json, usage: usage)
        case RB_FRAME_LIMIT.rawValue:
            let (usage, json) = try outcome(frame.payload)
            try checkLimit(json)
            endScript()
            return .stopped(report: json, usage: usage)
        case RB_FRAME_DIVERGED.rawValue:
            let call = try checkDivergence(frame.payload)
            isOver = true
            return .diverged(call: call, usage: try usage(frame.payload))
        case RB_FRAME_WAITING.rawValue:
            try checkWaiting()
            return .waiting
        case RB_FRAME_READY.rawValue:
            phase = .ready
            return .ready
        default:
            let reason = Self.printable(frame.payload.prefix(500))
            if report == nil { throw .confinement(reason: reason) }
            throw reason.hasPrefix("not enough memory") ? .outOfMemory : Self.violation(reason)
        }
    }

    // MARK: Calls

    private mutating func check(_ call: MachineCall) throws(MachineError) {
        guard Self.isName(call.name) else {
            throw Self.violation("a call's name that no function has: \(Self.printable(call.name.utf8.prefix(60)))")
        }
        let what = call.isNote ? "the note \(call.name)" : "call \(call.id) (\(call.name))"
        guard call.line <= UInt32(Int32.max) else { throw Self.violation("\(what) from line \(call.line)") }
        guard JSONScanner.kind(of: call.arguments) == .array else {
            throw Self.violation("the arguments of \(what) are not a JSON array")
        }
        if call.isNote {
            log += call.arguments.count
            guard limits.log == 0 || log <= limits.log else {
                throw Self.violation("more than \(limits.log) bytes of notes")
            }
            return
        }
        // The machine numbers its calls upwards, so a number that was used before is a lie.
        guard call.id > lastCall else { throw Self.violation("\(what) after call \(lastCall)") }
        guard call.task > 0 else { throw Self.violation("\(what) outside every task") }
        guard waitingTasks.insert(call.task).inserted else {
            throw Self.violation("\(what) in task \(call.task), which waits for the answer to another one")
        }
        guard pending.count < max(1, limits.tasks) else {
            throw Self.violation("\(what) is one more than the \(limits.tasks) tasks that may wait for an answer")
        }
        lastCall = call.id
        pending[call.id] = call.task
        takeAnswers()
    }

    /// What bindings and the prelude's functions are called: nothing that could act on a terminal or in a log.
    private static func isName(_ name: String) -> Bool {
        (1...maximumName).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    // MARK: Waiting

    /// The script goes on with an answer alone.
    private func checkUnsettled(_ what: String) throws(MachineError) {
        guard !isSettled else { throw Self.violation("\(what) without an answer, after it said that it waits for one") }
    }

    private mutating func checkWaiting() throws(MachineError) {
        switch sent.first {
        case .synchronization?: break
        case .answer(let id, _)?:
            throw Self.violation("a word that it waits, before it can have taken the answer to call \(id)")
        case nil: throw Self.violation("a word that it waits, which nobody asked for")
        }
        guard !pending.isEmpty else { throw Self.violation("a word that it waits for an answer, where no call does") }
        _ = sent.popFirst()
        isSettled = true
        takeAnswers()
    }

    /// The call that is answered ahead and not made.
    private func checkDivergence(_ payload: [UInt8]) throws(MachineError) -> UInt32 {
        guard payload.count == Self.divergence else { throw Self.violation("a word of divergence is cut short") }
        let call = payload.withUnsafeBytes { bytes in
            bytes.loadUnaligned(fromByteOffset: Self.outcomeHeader, as: UInt32.self).littleEndian
        }
        guard case .answer(call, _)? = sent.first else {
            throw Self.violation("a word that it diverges at call \(call), which was not to be next")
        }
        return call
    }

    // MARK: Outcomes

    private static let outcomeHeader = 8
    private static let divergence = outcomeHeader + 4

    private func outcome(_ payload: [UInt8]) throws(MachineError) -> (MachineUsage, [UInt8]) {
        guard payload.count > Self.outcomeHeader else { throw Self.violation("an outcome is cut short") }
        return (try usage(payload), Array(payload[Self.outcomeHeader...]))
    }

    private func usage(_ payload: [UInt8]) throws(MachineError) -> MachineUsage {
        let peak = payload.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self).littleEndian }
        let (allowed, isUnlimited) = limits.memory.addingReportingOverflow(Self.memorySlack)
        guard isUnlimited || peak <= UInt64(allowed) else {
            throw Self.violation("a use of \(peak) bytes of memory where \(limits.memory) are allowed")
        }
        return MachineUsage(peakMemory: Int(clamping: peak))
    }

    /// An object that says at least what kind of failure it was, and nothing of another type than it should be.
    @discardableResult
    private func checkReport(_ json: [UInt8]) throws(MachineError) -> [String: [UInt8]] {
        guard let members = JSONScanner.members(of: json) else {
            throw Self.violation("a report that is not a JSON object")
        }
        var texts: [String: [UInt8]] = [:]
        for (key, kind, range) in members {
            guard !key.contains("\\") else { throw Self.violation("a report with an escaped member") }
            guard texts.updateValue(Array(json[range]), forKey: key) == nil else {
                throw Self.violation("a report with a member that is there twice")
            }
            let isRight =
                switch key {
                case "kind", "message", "where", "limit": kind == .string
                case "traceback": kind == .array
                default: true
                }
            guard isRight else { throw Self.violation("a report whose \(key) is of the wrong type") }
        }
        guard texts["kind"] != nil else { throw Self.violation("a report without a kind") }
        return texts
    }

    /// A script is stopped for want of time, or cancelled, by the host alone.
    private func checkLimit(_ json: [UInt8]) throws(MachineError) {
        let limit = try checkReport(json)["limit"]
        if limit != Array(#""time""#.utf8), limit != Array(#""cancelled""#.utf8) { try checkUnsettled("a limit") }
        switch limit {
        case nil: throw Self.violation("a report of a limit that does not say which")
        case Array(#""time""#.utf8) where interrupt != .time,
            Array(#""cancelled""#.utf8) where interrupt != .cancel:
            throw Self.violation("an end that nobody has asked for")
        default: return
        }
    }

    /// Text that is safe to show, whatever the bytes.
    private static func printable(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.map { (0x20..<0x7f).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
}
