internal import Glibc

extension String {
    /// The offset in UTF-8 after the last line end before an offset; 0 in the first line.
    func lineStart(before offset: Int) -> Int {
        withUTF8Bytes { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            // Glibc's search from the end is not to be had in Swift: ever larger pieces are searched from their
            // beginnings.
            var end = offset
            var piece = 256
            while end > 0 {
                let start = max(0, end - piece)
                var from = start
                while from < end, let found = memchr(base + from, 0x0A, end - from) {
                    from = UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
                }
                if from > start { return from }
                end = start
                piece = min(piece * 2, 65_536)
            }
            return 0
        }
    }

    /// The offset in UTF-8 of the first line end at or after an offset, or of the text's end.
    func lineEnd(from offset: Int) -> Int {
        withUTF8Bytes { bytes in
            guard let base = bytes.baseAddress, offset < bytes.count,
                let found = memchr(base + offset, 0x0A, bytes.count - offset)
            else { return bytes.count }
            return UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }

    /// The index of an offset in UTF-8, in constant time.
    func index(atOffset offset: Int) -> Index { utf8.index(startIndex, offsetBy: offset) }

    /// The offset in UTF-8 of an index, in constant time.
    func offset(of index: Index) -> Int { utf8.distance(from: startIndex, to: index) }

    /// The text from one offset in UTF-8 to another.
    func slice(_ range: Range<Int>) -> Substring {
        self[index(atOffset: range.lowerBound)..<index(atOffset: range.upperBound)]
    }

    /// The start of the character that has the byte at an offset in UTF-8, or follows it.
    func characterStart(at offset: Int) -> Int {
        let size = utf8.count
        guard offset > 0 else { return 0 }
        guard offset < size else { return size }
        let index = index(atOffset: offset)
        // An index within a character counts as the character's start when another is asked for.
        let after = self.index(after: index)
        return self.offset(of: self.index(before: after))
    }

    /// The nearest offset at or after one that is a border between characters.
    func characterBorder(from offset: Int) -> Int {
        let start = characterStart(at: offset)
        guard start < offset else { return start }
        return self.offset(of: index(after: index(atOffset: start)))
    }

    /// Calls a function with the text's bytes. Texts of the editor are stored as UTF-8 in one piece, so nothing is
    /// copied.
    func withUTF8Bytes<Value>(_ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
        if let value = utf8.withContiguousStorageIfAvailable(body) { return value }
        return Array(utf8).withUnsafeBufferPointer(body)
    }
}
