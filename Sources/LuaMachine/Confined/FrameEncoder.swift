internal import CRunbookVM

/// Writes the frames that a host sends to a worker; see `rb_frame.h`.
enum FrameEncoder {
    static func start(_ program: MachineProgram) -> [UInt8] {
        var out = header(RB_FRAME_INIT)
        append(program.limits, to: &out)
        append(program.seed, to: &out)
        for text in [program.bindingNames, program.prelude, Array(program.name.utf8), program.source] {
            append(UInt32(text.count), to: &out)
            out.append(contentsOf: text)
        }
        return withLength(out)
    }

    static func reply(_ reply: MachineReply) -> [UInt8] {
        var out = header(RB_FRAME_REPLY)
        out.reserveCapacity(Int(RB_FRAME_HEADER) + 24 + reply.json.count)
        append(reply.id, to: &out)
        append(reply.reading.rawValue, to: &out)
        append(UInt64(bitPattern: reply.unixMilliseconds), to: &out)
        append(UInt64(bitPattern: reply.runMilliseconds), to: &out)
        out.append(contentsOf: reply.json)
        return withLength(out)
    }

    static func limits(_ limits: MachineLimits) -> [UInt8] {
        var out = header(RB_FRAME_NARROW)
        append(limits, to: &out)
        return withLength(out)
    }

    private static func header(_ type: rb_frame) -> [UInt8] { [0, 0, 0, 0, UInt8(type.rawValue)] }

    private static func withLength(_ frame: [UInt8]) -> [UInt8] {
        var frame = frame
        let length = UInt32(frame.count - Int(RB_FRAME_HEADER))
        for byte in 0..<4 { frame[byte] = UInt8(truncatingIfNeeded: length >> (8 * UInt32(byte))) }
        return frame
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
