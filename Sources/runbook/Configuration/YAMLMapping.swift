import CommandSupport
import Operations

/// A mapping of a configuration file: typed access to its members, with errors that name file, line and key.
struct YAMLMapping {
    let file: String
    /// The keys that lead here, `targets.prod`; empty for the whole file.
    let path: String
    /// The line it begins on.
    let line: Int?
    private let members: [(key: String, value: YAMLNode)]

    /// Reads a whole file.
    init(file: String, text: String) throws(CommandError) {
        let root: YAMLNode?
        do throws(YAMLError) { root = try YAMLComposer.compose(text) } catch { throw Self.error(error, file: file) }
        try self.init(file: file, path: "", node: root)
    }

    private init(file: String, path: String, node: YAMLNode?) throws(CommandError) {
        self.file = file
        self.path = path
        line = node?.line
        guard let node, !node.isEmptyValue else {
            members = []
            return
        }
        guard case .mapping(let mapping) = node.content else {
            let what = path.isEmpty ? "the file" : path
            throw Self.fault(
                file, line, "\(what) must be a list of settings, such as limits: { time: 1h }, not \(node.kindName)")
        }
        var members: [(key: String, value: YAMLNode)] = []
        for (key, value) in mapping {
            guard case .scalar(let name, _) = key.content else {
                throw Self.fault(file, key.line, "\(path.isEmpty ? "a key" : "a key of \(path)") is not a name")
            }
            members.append((name, value))
        }
        self.members = members
    }

    /// The names of the members, in the file's order.
    var keys: [String] { members.map(\.key) }

    /// Refuses members that such a mapping does not have.
    func check(_ section: ConfigurationSection) throws(CommandError) {
        let known = section.keys.map(\.name)
        for (key, value) in members where !known.contains(key) {
            let hint =
                key.nearest(among: known).map { "did you mean \($0)?" } ?? "known are \(known.joined(separator: ", "))"
            throw Self.fault(file, value.line, "\(name(key)) is not a setting: \(hint)")
        }
    }

    /// The member as a mapping; `nil` if there is none.
    func mapping(_ key: String) throws(CommandError) -> YAMLMapping? {
        guard let node = self[key] else { return nil }
        return try YAMLMapping(file: file, path: name(key), node: node)
    }

    /// The member as text; `nil` if there is none.
    func text(_ key: String) throws(CommandError) -> Setting<String>? {
        guard let node = self[key] else { return nil }
        return Setting(try text(node, name(key)), origin(node))
    }

    /// The member as what `parse` makes of its text.
    ///
    /// - Parameter expected: what it must be, for the error.
    func value<Value>(
        _ key: String, _ expected: String, _ parse: (String) -> Value?
    ) throws(CommandError) -> Setting<Value>? {
        guard let text = try text(key) else { return nil }
        guard let value = parse(text.value) else { throw fault(key, "is '\(text.value)': it must be \(expected)") }
        return Setting(value, text.origin)
    }

    /// The member as a list of texts; a single text is a list of one.
    func texts(_ key: String) throws(CommandError) -> [Setting<String>]? {
        guard let node = self[key] else { return nil }
        if node.isEmptyValue { return [] }
        guard case .sequence(let elements) = node.content else {
            return [Setting(try text(node, name(key)), origin(node))]
        }
        var texts: [Setting<String>] = []
        for element in elements {
            texts.append(Setting(try text(element, "an element of \(name(key))"), origin(element)))
        }
        return texts
    }

    /// Whether the member is there, and is a single value.
    func isScalar(_ key: String) -> Bool {
        guard case .scalar = self[key]?.content else { return false }
        return true
    }

    /// An error about a member. `problem` goes on after its name: `is empty`.
    func fault(_ key: String, _ problem: String) -> CommandError {
        Self.fault(file, self[key]?.line ?? line, "\(name(key)) \(problem)")
    }

    /// Where a member stands.
    func origin(_ key: String) -> Origin { .file(path: file, line: self[key]?.line ?? line) }

    /// What a member is called in messages: `targets.prod.console`.
    func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    private subscript(key: String) -> YAMLNode? { members.first { $0.key == key }?.value }

    private func origin(_ node: YAMLNode) -> Origin { .file(path: file, line: node.line) }

    private func text(_ node: YAMLNode, _ name: String) throws(CommandError) -> String {
        guard case .scalar(let text, _) = node.content else {
            throw Self.fault(file, node.line, "\(name) must be a single value, not \(node.kindName)")
        }
        guard !node.isEmptyValue, !text.isEmpty else {
            throw Self.fault(file, node.line, "\(name) has no value: give it one or remove the line")
        }
        return text
    }

    private static func fault(_ file: String, _ line: Int?, _ problem: String) -> CommandError {
        CommandError("\(Origin.file(path: file, line: line)): \(problem)")
    }

    private static func error(_ error: YAMLError, file: String) -> CommandError {
        switch error {
        case .syntax(let line, let column, let problem):
            fault(file, line, "this is not YAML (column \(column)): \(problem)")
        case .duplicates(let keys, let line):
            fault(file, line, "\(keys.joined(separator: " and ")) stands there twice: keep one, with what both hold")
        case .characters(let problem): fault(file, nil, "this is not YAML: \(problem)")
        case .memory: fault(file, nil, "this cannot be read as YAML")
        }
    }
}
