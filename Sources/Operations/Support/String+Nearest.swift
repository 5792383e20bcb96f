extension String {
    /// The candidate that this was most likely meant to be, if one is near: for "did you mean".
    ///
    /// Near is a third of the letters, and at least one, that is missing, too many, wrong or swapped with its
    /// neighbour; case does not count. Of equally near ones the first in alphabetical order.
    public func nearest(among candidates: some Sequence<String>) -> String? {
        let letters = Array(lowercased())
        // Nobody mistypes more than this, and the work grows with the square.
        guard letters.count <= 64 else { return nil }
        let limit = Swift.max(1, letters.count / 3)
        var best: (distance: Int, name: String)?
        for candidate in candidates {
            let other = Array(candidate.lowercased())
            guard abs(other.count - letters.count) <= limit else { continue }
            let distance = Self.editDistance(letters, other)
            // Not one letter in common is not near, however short.
            guard distance <= limit, distance < Swift.max(letters.count, other.count) else { continue }
            if best.map({ (distance, candidate) < $0 }) ?? true { best = (distance, candidate) }
        }
        return best?.name
    }

    /// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.
    private static func editDistance(_ left: [Character], _ right: [Character]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let replaced = previous[column] + (left[row] == right[column] ? 0 : 1)
                var best = Swift.min(replaced, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = Swift.min(best, beforePrevious[column - 1] + 1)
                }
                current.append(best)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[right.count]
    }
}
