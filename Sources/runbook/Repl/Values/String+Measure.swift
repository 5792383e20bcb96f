extension String {
    /// Bytes a column may take: the longest of the characters that people use, and a bound for those made to be long.
    private static let bytesPerColumn = 32

    /// What of it can be seen in so many columns, and a little more; of a long text only its beginning is looked at.
    func beginning(columns: Int) -> (text: String, isWhole: Bool) {
        let most = max(1, columns + 1) * Self.bytesPerColumn
        guard utf8.count > most else { return (self, true) }
        // Of ASCII a byte is a column.
        let narrow = utf8.prefix(columns + 2)
        if narrow.allSatisfy({ $0 < 0x80 }) { return (String(self[..<narrow.endIndex]), false) }
        var end = utf8.index(startIndex, offsetBy: most)
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return (String(self[..<end]), false)
    }

    /// How many columns of a terminal it takes; quick for ASCII, in which nothing is to be harmful.
    var measuredColumns: Int {
        var text = self
        let isNarrow = text.withUTF8 { bytes in bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7f } }
        return isNarrow ? utf8.count : columns
    }
}
