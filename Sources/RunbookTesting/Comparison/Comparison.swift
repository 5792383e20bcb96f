internal import Operations

/// Compares values as a test means them.
///
/// An empty table of Lua may be a list or none, so the two are the same when they are empty; `null` and what is absent are
/// the same; and a secret reads as `‹secret›`, or as its text where the test knows it.
enum Comparison {
    /// How much must be equal.
    enum Extent: Sendable {
        /// Everything.
        case full
        /// The fields that are given, at every level; lists in full, and so is what is empty below the top.
        case partial
    }

    /// The first difference; `nil` if there is none.
    ///
    /// - Parameter path: what the value is called: `result`.
    static func difference(
        _ expected: JSONValue, _ found: JSONValue, _ path: String, _ extent: Extent
    ) -> Difference? {
        switch (expected, found) {
        case (.object(let wanted), .object(let members)):
            return difference(wanted, members, path, extent)
        case (.array(let wanted), .array(let elements)):
            return difference(wanted, elements, path, extent)
        case (.array(let wanted), .object(let members)) where wanted.isEmpty:
            return extent == .partial ? nil : difference([:], members, path, extent)
        case (.object(let wanted), .array(let elements)) where wanted.isEmpty && elements.isEmpty: return nil
        case (.secret(let wanted), .secret(let secret)) where wanted.reveal() == secret.reveal(): return nil
        case (_, .secret(let secret)):
            let text = expected.stringValue
            if text == SecretValue.redacted || text == secret.reveal() { return nil }
        case (.secret, .string(SecretValue.redacted)): return nil
        default:
            if expected == found || areEqualNumbers(expected, found) { return nil }
        }
        return Difference(path, expected: ShownJSON.text(expected), found: ShownJSON.text(found))
    }

    /// Whether they are the same number, be it an integer or none. As floats integers beyond 2^53 are not told apart.
    private static func areEqualNumbers(_ expected: JSONValue, _ found: JSONValue) -> Bool {
        if let wanted = expected.integerValue, let number = found.integerValue { return wanted == number }
        guard let wanted = expected.doubleValue, let number = found.doubleValue else { return false }
        return wanted == number
    }

    /// The difference of what stands in a list or a table: there an empty table is one that is empty, as an empty list is.
    private static func innerDifference(
        _ expected: JSONValue, _ found: JSONValue, _ path: String, _ extent: Extent
    ) -> Difference? {
        let isEmpty = expected.arrayValue?.isEmpty ?? expected.objectValue?.isEmpty ?? false
        return difference(expected, found, path, isEmpty ? .full : extent)
    }

    private static func difference(
        _ expected: [String: JSONValue], _ found: [String: JSONValue], _ path: String, _ extent: Extent
    ) -> Difference? {
        let names = extent == .full ? Set(expected.keys).union(found.keys) : Set(expected.keys)
        for name in names.sorted() {
            let place = "\(path)\(self.place(of: name))"
            let wanted = expected[name] ?? .null, value = found[name] ?? .null
            if value.isNull != wanted.isNull {
                return Difference(place, expected: self.text(wanted), found: self.text(value))
            }
            if let difference = innerDifference(wanted, value, place, extent) { return difference }
        }
        return nil
    }

    private static func difference(
        _ expected: [JSONValue], _ found: [JSONValue], _ path: String, _ extent: Extent
    ) -> Difference? {
        for index in 0..<min(expected.count, found.count) {
            let place = "\(path)[\(index + 1)]"
            if let difference = innerDifference(expected[index], found[index], place, extent) {
                return difference
            }
        }
        let place = "\(path)[\(min(expected.count, found.count) + 1)]"
        if expected.count > found.count {
            return Difference(place, expected: text(expected[found.count]), found: "nothing")
        }
        if found.count > expected.count {
            return Difference(place, expected: "nothing", found: text(found[expected.count]))
        }
        return nil
    }

    private static func text(_ value: JSONValue) -> String { value.isNull ? "nothing" : ShownJSON.text(value) }

    /// As Lua writes a field: `.name`, `["a name"]`.
    static func place(of name: String) -> String {
        let isPlain =
            name.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                default: false
                }
            } && name.first?.isNumber == false
        return isPlain ? ".\(name)" : "[\(JSONValue.string(name).text)]"
    }
}
