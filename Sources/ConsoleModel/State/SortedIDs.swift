/// Identifiers in ascending order without gaps in memory, so that a page is a slice.
///
/// Appending the highest id is quick; anything else moves what follows, four bytes an id.
struct SortedIDs: Sendable, Hashable {
    private(set) var ids: [Int32] = []

    var count: Int { ids.count }
    var isEmpty: Bool { ids.isEmpty }

    func contains(_ id: Int32) -> Bool {
        let index = position(of: id)
        return index < ids.count && ids[index] == id
    }

    mutating func insert(_ id: Int32) {
        if let last = ids.last, last >= id {
            let index = position(of: id)
            if ids[index] != id { ids.insert(id, at: index) }
        } else {
            ids.append(id)
        }
    }

    mutating func remove(_ id: Int32) {
        let index = position(of: id)
        if index < ids.count, ids[index] == id { ids.remove(at: index) }
    }

    /// The first position whose id is not below `id`.
    private func position(of id: Int32) -> Int {
        var low = 0
        var high = ids.count
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
