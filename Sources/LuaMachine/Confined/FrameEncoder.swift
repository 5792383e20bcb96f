internal import CRunbookVM

/// Writes the frames that a host sends to a worker; see `rb_frame.h`.
enum FrameEncoder {
    static func start(_ program: MachineProgram) -> [UInt8] {
        let texts = [program.bindingNames, program.prelude, Array(program.name.utf8), program.source]
        var out: [UInt8] = []
        appendHeader(RB_FRAME_INIT, length(of: texts) + limitsLength + 16, to: &out)
        append(program.limits, to: &out)
        append(program.seed, to: &out)
        append(UInt32(program.isSession ? 1 : 0), to: &out)
        append(UInt32(0), to: &out)
        append(texts, to: &out)
        return out
    }

    /// Appends the statement of that number.
    static func append(_ statement: MachineStatement, number: UInt32, to out: inout [UInt8]) {
        let texts = [Array(statement.name.utf8), statement.source]
        appendHeader(RB_FRAME_STATEMENT, length(of: texts) + limitsLength + 8, to: &out)
        append(statement.limits, to: &out)
        append(number, to: &out)
        append(statement.kind.rawValue, to: &out)
        append(texts, to: &out)
    }

    /// How long the frame of an answer is.
    static func length(of reply: MachineReply) -> Int { Int(RB_FRAME_HEADER) + replyHead + reply.json.count }

    /// Appends the answer to a call that waits, or one given ahead.
    static func append(_ reply: MachineReply, isAhead: Bool, to out: inout [UInt8]) {
        if out.isEmpty { out.reserveCapacity(length(of: reply)) }
        appendHeader(isAhead ? RB_FRAME_AHEAD : RB_FRAME_REPLY, replyHead + reply.json.count, to: &out)
        append(reply.id, to: &out)
        append(reply.reading.rawValue, to: &out)
        append(UInt64(bitPattern: reply.unixMilliseconds), to: &out)
        append(UInt64(bitPattern: reply.runMilliseconds), to: &out)
        out.append(contentsOf: reply.json)
    }

    static func appendLimits(_ limits: MachineLimits, to out: inout [UInt8]) {
        appendHeader(RB_FRAME_NARROW, limitsLength, to: &out)
        append(limits, to: &out)
    }

    static func appendSynchronization(to out: inout [UInt8]) { appendHeader(RB_FRAME_SYNCHRONIZE, 0, to: &out) }

    /// What stands before the JSON of an answer, in bytes.
    private static let replyHead = 24
    private static let limitsLength = 40

    private static func appendHeader(_ type: rb_frame, _ length: Int, to out: inout [UInt8]) {
        append(UInt32(length), to: &out)
        out.append(UInt8(type.rawValue))
    }

    private static func length(of texts: [[UInt8]]) -> Int { texts.reduce(0) { $0 + 4 + $1.count } }

    private static func append(_ texts: [[UInt8]], to out: inout [UInt8]) {
        for text in texts {
            append(UInt32(text.count), to: &out)
            out.append(contentsOf: text)
        }
    }

    private static func append(_ limits: MachineLimits, to out: inout [UInt8]) {
        for bytes in [limits.memory, limits.source, limits.log, limits.result] { append(UInt64(bytes), to: &out) }
        append(UInt32(clamping: limits.tasks), to: &out)
        append(UInt32(0), to: &out)
    }

    private static func append(_ value: some FixedWidthInteger, to out: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { out.append(contentsOf: $0) }
    }
}
