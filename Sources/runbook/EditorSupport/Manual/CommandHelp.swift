import ArgumentParser
import CommandSupport
import Operations

/// What the help says of a command, and of those below it.
struct CommandHelp: Sendable, Hashable {
    /// An argument, an option or a flag.
    struct Argument: Sendable, Hashable {
        enum Kind: String, Sendable, Hashable {
            case positional, option, flag
        }

        let kind: Kind
        /// The names with their dashes, the short ones first; none for an argument that goes by its place.
        let names: [String]
        /// What the help calls its value.
        let valueName: String
        let isOptional: Bool
        let isRepeating: Bool
        /// What it means, one paragraph.
        let text: String
        /// The value it has if none is given; empty if none.
        let defaultValue: String
        /// The only values it may have; empty for any.
        let values: [String]
    }

    /// The words that call it: `["runbook", "schedule", "add"]`.
    let path: [String]
    /// One line: what it does.
    let abstract: String
    /// All else, paragraphs and indented lines.
    let discussion: String
    let arguments: [Argument]
    let subcommands: [CommandHelp]

    /// The last of the words that call it.
    var name: String { path.last ?? "" }

    /// It and all below it, each before those below it.
    var family: [CommandHelp] { [self] + subcommands.flatMap(\.family) }

    /// The help of the whole command. The argument parser tells it in a form of its own for such uses.
    static var root: CommandHelp {
        let document = try? JSONValue(parsing: RunbookCommand._dumpHelp())
        return CommandHelp(document?["command"] ?? .null, below: [])
    }

    /// The names of the options that all commands share.
    static var sharedNames: Set<String> {
        let document = try? JSONValue(parsing: GlobalOptions._dumpHelp())
        let help = CommandHelp(document?["command"] ?? .null, below: [])
        return Set(help.arguments.flatMap(\.names)).union(["--version", "--help"])
    }

    private init(_ value: JSONValue, below parents: [String]) {
        path = parents + [value["commandName"]?.stringValue ?? ""]
        abstract = value["abstract"]?.stringValue ?? ""
        discussion = value["discussion"]?.stringValue ?? ""
        arguments = (value["arguments"]?.arrayValue ?? []).compactMap { Argument($0) }
        let path = path
        // The command `help` only prints what else is said here.
        subcommands = (value["subcommands"]?.arrayValue ?? []).filter { $0["commandName"] != "help" }
            .map { CommandHelp($0, below: path) }
    }
}

extension CommandHelp.Argument {
    fileprivate init?(_ value: JSONValue) {
        guard let kind = value["kind"]?.stringValue.flatMap(Kind.init), value["shouldDisplay"]?.boolValue != false
        else { return nil }
        self.kind = kind
        names = (value["names"]?.arrayValue ?? []).map { name in
            (name["kind"] == "long" ? "--" : "-") + (name["name"]?.stringValue ?? "")
        }.sorted { $0.count < $1.count }
        valueName = value["valueName"]?.stringValue ?? ""
        isOptional = value["isOptional"]?.boolValue ?? false
        isRepeating = value["isRepeating"]?.boolValue ?? false
        text = [value["abstract"]?.stringValue, value["discussion"]?.stringValue].compactMap { $0 }
            .joined(separator: " ")
        defaultValue = value["defaultValue"]?.stringValue ?? ""
        values = (value["allValues"]?.arrayValue ?? []).compactMap(\.stringValue)
    }
}
