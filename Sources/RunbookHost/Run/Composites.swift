internal import Operations

/// The functions under way that make several changes which belong together, such as `users.patch`: an update that takes
/// access away, and what gives it back. However a run ends, the host itself makes what is left of them.
struct Composites: Sendable {
    /// A change that gives back what an update has taken.
    struct Restoration: Sendable, Hashable {
        let operation: String
        let arguments: [JSONValue]

        /// What a person types to do the same: `users.set_sites(5, { 1, 2 })`.
        var text: String {
            let texts = arguments.map { argument in
                argument.arrayValue.map { "{ \($0.map(\.text).joined(separator: ", ")) }" } ?? argument.text
            }
            return "\(operation)(\(texts.joined(separator: ", ")))"
        }
    }

    private struct Promise {
        var changes: Int
        /// Each with its place among the run's changes, once it is begun.
        var restorations: [(restoration: Restoration, change: Int?)]
        /// The place of the update among the run's changes, once it is made.
        var update: Int?
    }

    private var promises: [UInt32: Promise] = [:]

    /// What `users.patch` promises for a user: an update, and the restorations that it makes necessary.
    static func restorations(user: JSONValue, sites: JSONValue, assetGroups: JSONValue) -> [Restoration] {
        [("users.set_sites", sites), ("users.set_asset_groups", assetGroups)].compactMap { operation, ids in
            guard let list = ids.arrayValue, !list.isEmpty else { return nil }
            return Restoration(operation: operation, arguments: [user, ids])
        }
    }

    mutating func begin(in task: UInt32, _ restorations: [Restoration]) {
        promises[task] = Promise(changes: 1 + restorations.count, restorations: restorations.map { ($0, nil) })
    }

    /// - Returns: How many of the promised changes were not made.
    mutating func end(in task: UInt32) -> Int { promises.removeValue(forKey: task)?.changes ?? 0 }

    func isPromised(to task: UInt32) -> Bool { (promises[task]?.changes ?? 0) > 0 }

    /// One of the promised changes is made: `change` is its place among the run's changes.
    mutating func use(in task: UInt32, _ operation: String, change: Int) {
        promises[task]?.changes -= 1
        if operation == "users.update" {
            promises[task]?.update = change
        } else if let index = promises[task]?.restorations.firstIndex(where: { $0.restoration.operation == operation })
        {
            promises[task]?.restorations[index].change = change
        }
    }

    /// What is left to be made at the end of a run, with the place of the update that made it necessary: of the updates
    /// that were or may have been carried out, every restoration that was not. One that was begun may have waited for a
    /// connection, and was then not sent.
    mutating func takeUnfinished(_ changes: [ChangeRecord]) -> [(update: Int, restorations: [Restoration])] {
        defer { promises = [:] }
        return promises.sorted { $0.key < $1.key }.compactMap { _, promise in
            guard let update = promise.update, [.done, .unknown].contains(changes[update].outcome) else { return nil }
            let left = promise.restorations.filter { $0.change.map { changes[$0].outcome } != .done }
            return (update, left.map(\.restoration))
        }
    }
}
