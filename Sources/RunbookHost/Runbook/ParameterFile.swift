public import Operations

/// A file that the operator passed as a parameter: its name and what was in it when it was read.
public struct ParameterFile: Sendable, Hashable {
    /// The most that a file may hold, in bytes: 8 MiB.
    public static let maximumSize = 8 << 20

    /// The file's own name, without its folder.
    public let name: String
    /// What it holds.
    public let text: String

    /// A file that was read.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// A file from the table that a script gets; `nil` if it is none.
    init?(_ value: JSONValue) {
        guard let members = value.objectValue, members.count == 2, let name = members["name"]?.stringValue,
            let text = members["text"]?.stringValue
        else { return nil }
        self.init(name: name, text: text)
    }

    /// `{ name = "people.csv", text = "…" }`, as a script gets it.
    public var value: JSONValue { ["name": .string(name), "text": .string(text)] }

    /// What people and records are shown of it: enough to tell which file it was, and nothing of what is in it, which may
    /// be passwords.
    var summary: String {
        "\(name) (\(text.utf8.count) bytes, SHA-256 \(Runbook(name: name, source: text).sha256))"
    }
}
