/// A part of a YAML document.
struct YAMLNode {
    enum Content {
        /// A single value; `isPlain` if it stands without quotes.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([(key: YAMLNode, value: YAMLNode)])
    }

    let content: Content
    /// The line it begins on; of what a reference repeats, the line where that stands.
    let line: Int
    /// How many levels of lists it has, itself included.
    let depth: Int
    /// How much a reader of the whole node has to do: its nodes and their bytes, with all that references repeat.
    let weight: Int

    init(_ content: Content, line: Int) {
        self.content = content
        self.line = line
        switch content {
        case .scalar(let text, _): (depth, weight) = (0, 1 + text.utf8.count)
        case .sequence(let elements): (depth, weight) = Self.measure(elements)
        case .mapping(let members): (depth, weight) = Self.measure(members.map(\.key) + members.map(\.value))
        }
    }

    private static func measure(_ parts: [YAMLNode]) -> (depth: Int, weight: Int) {
        (1 + (parts.map(\.depth).max() ?? 0), parts.reduce(1) { $0 + $1.weight })
    }

    /// Nothing, or `null`, or `~`.
    var isEmptyValue: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// What it is, in messages.
    var kindName: String {
        switch content {
        case .scalar: "a single value"
        case .mapping: "a list of settings"
        case .sequence: "a list"
        }
    }
}
