import Glibc

/// A long text in the rows of a screen.
///
/// Rows are told by where they begin, in bytes of UTF-8. Only what is asked for is laid out, so that a text of many
/// megabytes, or one line of as many, is shown at once.
struct PagedText {
    /// A row on the screen.
    struct Row {
        /// What is written, with its colours put back at the end.
        var text = ""
        /// Whether the line goes on beyond the screen.
        var goesOn = false
    }

    /// How rows are laid out.
    struct Layout: Equatable {
        /// Columns of the screen, at least 1.
        var width: Int
        /// Whether a line that is wider than the screen goes on in the next row; it is cut otherwise.
        var wraps: Bool
        /// Columns that are left out at the left, where lines are cut.
        var left = 0
    }

    /// Of every so many lines it is kept where they begin.
    private static let stride = 64
    /// A line of more rows is broken where so many of narrow characters end, if lines wrap: rows are counted from there.
    private static let rowsOfPiece = 64
    /// Bytes of a line that are looked at to tell a column.
    private static let mostWalked = 100_000
    /// Bytes of a sequence that sets colours.
    private static let longestSequence = 32
    private static let newline = UInt8(ascii: "\n")

    private let text: String
    private let marks: [Int]
    /// Bytes.
    let size: Int
    /// Lines; the last may have no end.
    let lineCount: Int
    /// Bytes of the longest line.
    let longestLine: Int

    init(_ text: String) {
        var text = text
        var marks: [Int] = []
        var count = 0
        var longest = 0
        text.withUTF8 { bytes in
            var start = 0
            while start < bytes.count {
                if count % Self.stride == 0 { marks.append(start) }
                count += 1
                let end = Self.place(of: Self.newline, in: bytes, from: start) ?? bytes.count
                longest = max(longest, end - start)
                start = end + 1
            }
        }
        self.text = text
        self.marks = marks
        size = text.utf8.count
        lineCount = count
        longestLine = longest
    }

    // MARK: Lines

    /// The number of the line in which a place is, from 1 on.
    func lineNumber(at offset: Int) -> Int { lineStart(at: offset).number }

    /// Where the line of a place begins, and where it ends: at its line end, or that of the text.
    private func line(at offset: Int) -> Range<Int> {
        let start = lineStart(at: offset).offset
        return withBytes { start..<(Self.place(of: Self.newline, in: $0, from: offset) ?? $0.count) }
    }

    /// Where the line of a place begins, and its number: counted from the last mark before.
    private func lineStart(at offset: Int) -> (offset: Int, number: Int) {
        var low = 0
        var high = marks.count
        while low < high {
            let middle = (low + high) / 2
            if marks[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return (0, 1) }
        var start = marks[low - 1]
        var number = (low - 1) * Self.stride + 1
        withBytes { bytes in
            while let end = Self.place(of: Self.newline, in: bytes, from: start), end < offset {
                start = end + 1
                number += 1
            }
        }
        return (start, number)
    }

    /// What rows are counted in: a line, or a part of a very long one.
    private func piece(at offset: Int, _ layout: Layout) -> Range<Int> {
        let line = line(at: offset)
        let longest = layout.width * Self.rowsOfPiece
        guard layout.wraps, line.count > longest else { return line }
        let number = min(offset - line.lowerBound, line.count - 1) / longest
        var start = boundary(line.lowerBound + number * longest)
        var end = boundary(line.lowerBound + (number + 1) * longest)
        // The boundary may stand behind the place, in the midst of a character's code.
        if offset < start {
            end = start
            start = boundary(line.lowerBound + (number - 1) * longest)
        }
        return start..<min(end, line.upperBound)
    }

    /// The first place from an offset on where a character's code begins.
    private func boundary(_ offset: Int) -> Int {
        guard offset < size else { return size }
        var end = offset
        withBytes { bytes in while end < bytes.count, bytes[end] & 0xc0 == 0x80 { end += 1 } }
        return end
    }

    // MARK: Rows

    /// Where the row after the one that begins at an offset begins; `nil` if it is the last.
    func row(after offset: Int, _ layout: Layout) -> Int? {
        let piece = piece(at: offset, layout)
        let end = layout.wraps ? rowEnd(from: offset, to: piece.upperBound, layout.width) : piece.upperBound
        guard end >= piece.upperBound else { return end }
        let isLineEnd = end < size && withBytes { $0[end] == Self.newline }
        let next = isLineEnd ? end + 1 : end
        return next < size ? next : nil
    }

    /// Where the row before the one that begins at an offset begins; `nil` if there is none.
    func row(before offset: Int, _ layout: Layout) -> Int? {
        guard offset > 0 else { return nil }
        let piece = piece(at: offset - 1, layout)
        guard layout.wraps else { return piece.lowerBound }
        var row = piece.lowerBound
        let limit = min(offset, piece.upperBound)
        while case let end = rowEnd(from: row, to: piece.upperBound, layout.width), end < limit { row = end }
        return row
    }

    /// Where the row begins in which a place is.
    func row(at offset: Int, _ layout: Layout) -> Int {
        let piece = piece(at: offset, layout)
        var row = piece.lowerBound
        while layout.wraps, case let end = rowEnd(from: row, to: piece.upperBound, layout.width),
            end <= offset, end < piece.upperBound
        {
            row = end
        }
        return row
    }

    /// Where the last page begins: that many rows before the end.
    func lastTop(rows: Int, _ layout: Layout) -> Int {
        guard size > 0 else { return 0 }
        var top = size
        for _ in 0..<max(1, rows) {
            guard let before = row(before: top, layout) else { break }
            top = before
        }
        return top
    }

    /// How many rows there are, but no more are counted than asked for.
    func rowCount(atMost most: Int, _ layout: Layout) -> Int {
        guard size > 0 else { return 0 }
        var count = 1
        var row = 0
        while count < most, let next = self.row(after: row, layout) {
            row = next
            count += 1
        }
        return count
    }

    /// A row as it is written.
    ///
    /// - Parameter match: what is shown in reverse, in bytes of the text.
    func row(from offset: Int, _ layout: Layout, marking match: Range<Int>? = nil) -> Row {
        let piece = piece(at: offset, layout)
        // A character takes few bytes for each column, unless it is made not to.
        let most = (layout.left + layout.width + 2) * 64
        var walk = RowWalk(text[index(offset)..<index(min(piece.upperBound, boundary(offset + most)))], from: offset)
        var row = CellRow(layout: layout, match: match)
        while let step = walk.next(column: row.column) {
            guard row.take(step) else { return layout.wraps ? row.whole : row.cut }
        }
        return offset + most < piece.upperBound && !layout.wraps ? row.cut : row.whole
    }

    /// Where a row ends that begins at an offset.
    private func rowEnd(from offset: Int, to end: Int, _ width: Int) -> Int {
        var walk = RowWalk(text[index(offset)..<index(min(end, boundary(offset + (width + 2) * 64)))], from: offset)
        var column = 0
        while let step = walk.next(column: column) {
            if column + step.width > width, column > 0 { return step.offset }
            column += step.width
        }
        return walk.offset
    }

    private func index(_ offset: Int) -> String.Index { text.utf8.index(text.startIndex, offsetBy: offset) }

    /// The column of its line at which a place is; `nil` if that is so far on that it would take long to tell.
    func column(at offset: Int) -> Int? {
        let line = line(at: offset)
        guard offset - line.lowerBound <= Self.mostWalked else { return nil }
        var walk = RowWalk(text[index(line.lowerBound)..<index(line.upperBound)], from: line.lowerBound)
        var column = 0
        while walk.offset < offset, let step = walk.next(column: column) { column += step.width }
        return column
    }

    // MARK: Search

    /// The first place from an offset on where a text stands, or the last before one; small letters stand for large ones
    /// as well. What sets colours is no text.
    func place(of pattern: String, from offset: Int, backwards: Bool = false) -> Range<Int>? {
        let sought = Array(pattern.utf8)
        guard let first = sought.first else { return nil }
        let ignoresCase = !sought.contains { (0x41...0x5a).contains($0) }
        let other = ignoresCase && (0x61...0x7a).contains(first) ? first - 32 : first
        return withBytes { bytes in
            var last: Range<Int>?
            var small = Self.place(of: first, in: bytes, from: backwards ? 0 : offset)
            var large = other == first ? nil : Self.place(of: other, in: bytes, from: backwards ? 0 : offset)
            while let start = [small, large].compactMap({ $0 }).min() {
                if backwards, start >= offset { break }
                if start + sought.count <= bytes.count,
                    sought.indices.allSatisfy({ Self.isEqual(bytes[start + $0], sought[$0], ignoresCase) }),
                    !Self.isInSequence(start, bytes)
                {
                    last = start..<start + sought.count
                    if !backwards { break }
                }
                if start == small { small = Self.place(of: first, in: bytes, from: start + 1) }
                if start == large { large = Self.place(of: other, in: bytes, from: start + 1) }
            }
            return last
        }
    }

    private static func isEqual(_ byte: UInt8, _ sought: UInt8, _ ignoresCase: Bool) -> Bool {
        byte == sought || (ignoresCase && (0x41...0x5a).contains(byte) && byte + 32 == sought)
    }

    private static func isInSequence(_ offset: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var place = offset
        while place > max(0, offset - longestSequence) {
            if bytes[place] == 0x1b { return true }
            place -= 1
            if bytes[place] == UInt8(ascii: "m") || bytes[place] == newline { return false }
        }
        return bytes[place] == 0x1b
    }

    // MARK: Bytes

    private func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        // The text is native UTF-8 since it was made, so that nothing is copied.
        text.utf8.withContiguousStorageIfAvailable(body) ?? body(UnsafeBufferPointer(start: nil, count: 0))
    }

    private static func place(of byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress else { return nil }
        guard let found = memchr(base + start, Int32(byte), bytes.count - start) else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
}
