/// A text and a cursor, which stands on a border between characters always.
///
/// Offsets count the bytes of the text's UTF-8: they are found in constant time, in a text of any size.
struct TextBuffer: Sendable {
    private(set) var text: String
    private(set) var cursor: Int

    init(_ text: String = "") {
        self.text = text
        self.text.makeContiguousUTF8()
        cursor = self.text.utf8.count
    }

    var count: Int { text.utf8.count }
    var isEmpty: Bool { text.isEmpty }
    var isAtEnd: Bool { cursor == count }

    /// Sets the cursor to the border at or after an offset.
    mutating func move(to offset: Int) { cursor = text.characterBorder(from: max(0, min(offset, count))) }

    /// Puts a text in the place of a part; the cursor goes after it.
    mutating func replace(_ range: Range<Int>, with new: String) -> Edit {
        var new = new
        new.makeContiguousUTF8()
        let before = cursor
        let indices = text.index(atOffset: range.lowerBound)..<text.index(atOffset: range.upperBound)
        let removed = String(text[indices])
        text.replaceSubrange(indices, with: new)
        move(to: range.lowerBound + new.utf8.count)
        return Edit(
            offset: range.lowerBound, removed: removed, inserted: new, cursorBefore: before, cursorAfter: cursor)
    }

    /// Takes a change back.
    mutating func undo(_ edit: Edit) {
        _ = replace(edit.offset..<edit.offset + edit.inserted.utf8.count, with: edit.removed)
        move(to: edit.cursorBefore)
    }

    /// Makes a change again.
    mutating func redo(_ edit: Edit) {
        _ = replace(edit.offset..<edit.offset + edit.removed.utf8.count, with: edit.inserted)
        move(to: edit.cursorAfter)
    }

    // MARK: Places

    /// The border before an offset.
    func before(_ offset: Int) -> Int {
        guard offset > 0 else { return 0 }
        return text.offset(of: text.index(before: text.index(atOffset: offset)))
    }

    /// The border after an offset.
    func after(_ offset: Int) -> Int {
        guard offset < count else { return count }
        return text.offset(of: text.index(after: text.index(atOffset: offset)))
    }

    /// The character after an offset.
    func character(at offset: Int) -> Character? { offset < count ? text[text.index(atOffset: offset)] : nil }

    func lineStart(_ offset: Int) -> Int { text.lineStart(before: offset) }
    func lineEnd(_ offset: Int) -> Int { text.lineEnd(from: offset) }

    /// The beginning of the word before an offset.
    func wordStart(before offset: Int, where isWord: (Character) -> Bool = Self.isWord) -> Int {
        var place = offset
        var isInWord = false
        while place > 0 {
            let next = before(place)
            let belongs = character(at: next).map(isWord) ?? false
            if isInWord, !belongs { break }
            isInWord = isInWord || belongs
            place = next
        }
        return place
    }

    /// The end of the word after an offset.
    func wordEnd(after offset: Int) -> Int {
        var place = offset
        var isInWord = false
        while let character = character(at: place) {
            let belongs = Self.isWord(character)
            if isInWord, !belongs { break }
            isInWord = isInWord || belongs
            place = after(place)
        }
        return place
    }

    /// Letters, digits and the underscore make words.
    static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }

    /// Everything but blanks and line ends.
    static func isNoBlank(_ character: Character) -> Bool { !character.isWhitespace }
}
