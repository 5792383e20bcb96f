internal import CRunbookVM

/// Cuts the bytes that a worker sends into frames. They are untrusted: a length that no worker has reason to send ends
/// the run before anything is stored for it.
struct FrameDecoder {
    struct Frame {
        let type: UInt8
        let payload: [UInt8]
    }

    /// The longest payload that is accepted.
    let maximumPayload: Int
    private var buffer: [UInt8] = []
    private var start = 0

    init(maximumPayload: Int) { self.maximumPayload = maximumPayload }

    mutating func append(_ bytes: UnsafeRawBufferPointer) { buffer.append(contentsOf: bytes) }

    /// The next whole frame, if it has arrived.
    mutating func next() throws(MachineError) -> Frame? {
        let header = Int(RB_FRAME_HEADER)
        guard buffer.count - start >= header else { return nil }
        let length = buffer.withUnsafeBytes { bytes in
            Int(bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self).littleEndian)
        }
        guard length <= maximumPayload else {
            throw .protocolViolation(reason: "a frame of \(length) bytes, longer than \(maximumPayload)")
        }
        guard buffer.count - start >= header + length else { return nil }
        let payloadStart = start + header
        let frame = Frame(type: buffer[start + 4], payload: Array(buffer[payloadStart..<payloadStart + length]))
        start = payloadStart + length
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.count < 1 << 20)
            start = 0
        } else if start > 1 << 20 {
            buffer.removeSubrange(..<start)
            start = 0
        }
        return frame
    }
}
