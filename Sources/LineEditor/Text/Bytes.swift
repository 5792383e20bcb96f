internal import Glibc

extension [UInt8] {
    /// Where a byte is found first at or after an offset; searched by the C library, also in debug builds.
    func firstOffset(of byte: UInt8, from start: Int) -> Int? {
        withUnsafeBytes { bytes in
            guard start < bytes.count, let base = bytes.baseAddress else { return nil }
            guard let found = memchr(base + start, Int32(byte), bytes.count - start) else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    /// The text of these bytes with `\n` for every CR LF and every CR; what is no UTF-8 is replaced.
    consuming func textWithPlainLineEnds() -> String {
        guard var from = firstOffset(of: 0x0D, from: 0) else { return String(decoding: self, as: UTF8.self) }
        var plain: [UInt8] = []
        plain.reserveCapacity(count)
        plain.append(contentsOf: self[..<from])
        while from < count {
            plain.append(0x0A)
            from += from + 1 < count && self[from + 1] == 0x0A ? 2 : 1
            let next = firstOffset(of: 0x0D, from: from) ?? count
            plain.append(contentsOf: self[from..<next])
            from = next
        }
        return String(decoding: plain, as: UTF8.self)
    }
}
