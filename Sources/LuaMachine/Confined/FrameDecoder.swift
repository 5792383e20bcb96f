internal import CRunbookVM

/// Cuts the bytes that a worker sends into frames. They are untrusted: what a header announces can be judged as
/// soon as it is there, before anything is stored for it.
struct FrameDecoder {
    struct Frame {
        let type: UInt8
        let payload: [UInt8]
    }

    private var buffer: [UInt8] = []
    private var start = 0

    /// How many bytes wait for the rest of their frame.
    var pending: Int { buffer.count - start }

    /// What the next frame announces, as soon as that much of it has arrived.
    var header: (type: UInt8, length: Int)? {
        guard pending >= Int(RB_FRAME_HEADER) else { return nil }
        let length = buffer.withUnsafeBytes { bytes in
            Int(bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self).littleEndian)
        }
        return (buffer[start + 4], length)
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) { buffer.append(contentsOf: bytes) }

    /// The next whole frame, if it has arrived.
    mutating func next() -> Frame? {
        guard let header else { return nil }
        let payloadStart = start + Int(RB_FRAME_HEADER)
        guard buffer.count - payloadStart >= header.length else { return nil }
        let frame = Frame(
            type: header.type, payload: Array(buffer[payloadStart..<payloadStart + header.length]))
        start = payloadStart + header.length
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
