import Operations
import RunbookHost

extension Wording {
    /// Lists that are longer than this are told by what was added and removed.
    private static let longList = 8

    /// The values of a difference for a person; of long lists only what is new and what is gone.
    static func beforeAndAfter(_ difference: FieldChange) -> (before: String, after: String) {
        guard case .array(let old) = difference.before, case .array(let new) = difference.after,
            old.count > longList || new.count > longList
        else { return (list(difference.before), list(difference.after)) }
        let before = Set(old), after = Set(new)
        return (
            part(old.filter { !after.contains($0) }, of: old.count, "of", "removed"),
            part(new.filter { !before.contains($0) }, of: new.count, "of now", "added")
        )
    }

    private static func part(_ values: [JSONValue], of count: Int, _ words: String, _ verb: String) -> String {
        guard !values.isEmpty else { return "\(self.count(count, "entry", plural: "entries")), none \(verb)" }
        let texts = values.prefix(longList).map { value($0) }
        let rest = values.count > texts.count ? " and \(values.count - texts.count) more" : ""
        return "\(values.count) \(words) \(count) \(verb): \(texts.joined(separator: ", "))\(rest)"
    }

    /// A short list of plain values is written without brackets.
    private static func list(_ value: JSONValue) -> String {
        guard case .array(let elements) = value, !elements.isEmpty else {
            return value == .array([]) ? "none" : self.value(value)
        }
        let isPlain = elements.allSatisfy { $0.arrayValue == nil && $0.objectValue == nil }
        return isPlain ? elements.map { self.value($0) }.joined(separator: ", ") : self.value(value)
    }
}
