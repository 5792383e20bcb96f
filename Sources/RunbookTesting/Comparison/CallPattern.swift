internal import Operations

/// A call as a test names it: the operation, and its arguments as far as they matter.
struct CallPattern: Sendable, Hashable {
    let operation: String
    let arguments: [JSONValue]

    /// Whether it is this call: tables match partially, arguments at the end may be left out.
    func matches(_ change: SentChange) -> Bool { difference(from: change, "") == nil }

    /// What is different in a call.
    ///
    /// - Parameter path: what the call is called: `changes[2]`.
    func difference(from change: SentChange, _ path: String) -> Difference? {
        guard let inner = innerDifference(from: change, path) else { return nil }
        // The whole call tells more than one argument of it, unless it is lost in a large one.
        if description.utf8.count <= 160, change.description.utf8.count <= 160 {
            return Difference(path, expected: description, found: change.description)
        }
        return inner
    }

    private func innerDifference(from change: SentChange, _ path: String) -> Difference? {
        guard operation == change.operation else {
            return Difference(path, expected: description, found: change.description)
        }
        for (index, argument) in arguments.enumerated() {
            let found = index < change.arguments.count ? change.arguments[index] : .null
            let place = "\(path) \(operation), argument \(index + 1)"
            if argument.isNull != found.isNull {
                return Difference(place, expected: ShownJSON.text(argument), found: ShownJSON.text(found))
            }
            if let difference = Comparison.difference(argument, found, place, .partial) { return difference }
        }
        return nil
    }
}

extension CallPattern: CustomStringConvertible {
    /// `users.unlock(7)`.
    var description: String { ShownJSON.call(operation, arguments) }
}
