/// The changes made, to be taken back and made again.
struct UndoHistory: Sendable {
    /// Changes kept; older ones cannot be undone.
    private static let limit = 1_000

    private var done: [Edit] = []
    private var undone: [Edit] = []

    /// Keeps a change.
    ///
    /// - Parameter isContinued: whether it is undone together with the one before, if it goes on where that one ended.
    mutating func add(_ edit: Edit, isContinued: Bool) {
        undone = []
        if isContinued, let last = done.last, let both = Self.joined(last, edit) {
            done[done.count - 1] = both
            return
        }
        if done.count == Self.limit { done.removeFirst(Self.limit / 10) }
        done.append(edit)
    }

    /// The change to take back.
    mutating func undo() -> Edit? {
        guard let edit = done.popLast() else { return nil }
        undone.append(edit)
        return edit
    }

    /// The change to make again.
    mutating func redo() -> Edit? {
        guard let edit = undone.popLast() else { return nil }
        done.append(edit)
        return edit
    }

    private static func joined(_ first: Edit, _ second: Edit) -> Edit? {
        var both = first
        both.cursorAfter = second.cursorAfter
        if second.removed.isEmpty, first.removed.isEmpty,
            second.offset == first.offset + first.inserted.utf8.count
        {
            both.inserted += second.inserted
            return both
        }
        guard first.inserted.isEmpty, second.inserted.isEmpty else { return nil }
        if second.offset + second.removed.utf8.count == first.offset {
            both.offset = second.offset
            both.removed = second.removed + first.removed
            return both
        }
        guard second.offset == first.offset else { return nil }
        both.removed += second.removed
        return both
    }
}
