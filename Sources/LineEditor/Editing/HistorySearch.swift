/// A search in the history that goes on with each key.
struct HistorySearch: Sendable {
    /// A search's state before a key, to come back to.
    struct Step: Sendable {
        var query: String
        var position: Int
        var isFailing: Bool
        var match: Range<Int>?
    }

    private let entries: [String]
    /// What was edited when the search began.
    let original: String
    let originalCursor: Int
    private(set) var isBackward: Bool
    private(set) var now: Step
    private var steps: [Step] = []

    init(entries: [String], original: String, cursor: Int, isBackward: Bool) {
        self.entries = entries
        self.original = original
        originalCursor = cursor
        self.isBackward = isBackward
        now = Step(query: "", position: entries.count, isFailing: false, match: nil)
    }

    /// The text found, or the one that was edited.
    var text: String { now.position < entries.count ? entries[now.position] : original }

    /// Adds to what is searched for. The entry found stays while it fits.
    mutating func add(_ text: String) {
        for character in text {
            steps.append(now)
            now.query.append(character)
            find(from: now.position)
        }
    }

    /// Goes back to before the last character or step; false when there is none.
    mutating func removeLast() -> Bool {
        guard let step = steps.popLast() else { return false }
        now = step
        return true
    }

    /// Looks for the next one in a direction.
    mutating func again(backward: Bool, lastQuery: String) {
        isBackward = backward
        steps.append(now)
        if now.query.isEmpty { now.query = lastQuery }
        guard !now.query.isEmpty else {
            steps.removeLast()
            return
        }
        find(from: now.position + (backward ? -1 : 1), differingFrom: now.match == nil ? nil : text)
    }

    private mutating func find(from start: Int, differingFrom current: String? = nil) {
        let needle = SearchText(now.query)
        var index = start
        while (0...entries.count).contains(index) {
            let candidate = index < entries.count ? entries[index] : original
            if candidate != current, let match = needle.range(in: candidate) {
                now.position = index
                now.match = match
                now.isFailing = false
                return
            }
            index += isBackward ? -1 : 1
        }
        now.isFailing = true
    }
}
