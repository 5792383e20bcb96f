import Operations

/// Where a value of the configuration comes from.
enum Origin: Sendable, Hashable, CustomStringConvertible {
    case flag(String)
    case environment(String)
    case file(path: String, line: Int?)
    case standard

    /// A variable that the command knows.
    static func variable(_ variable: EnvironmentVariable) -> Origin { .environment(variable.name) }

    /// As people read it: `flag --state`, `RUNBOOK_STATE`, `/home/ada/runbook.yaml:4`, `default`.
    var description: String {
        switch self {
        case .flag(let name): "flag \(name)"
        case .environment(let name): "variable \(name)"
        case .file(let path, let line): line.map { "\(path):\($0)" } ?? path
        case .standard: "default"
        }
    }

    /// As programs read it: an object with `kind` and what goes with it.
    var json: JSONValue {
        switch self {
        case .flag(let name): ["kind": "flag", "name": .string(name)]
        case .environment(let name): ["kind": "environment", "name": .string(name)]
        case .file(let path, let line):
            ["kind": "file", "path": .string(path), "line": line.map { .integer(Int64($0)) } ?? nil]
        case .standard: ["kind": "default"]
        }
    }
}

/// A value with where it comes from.
struct Setting<Value: Sendable>: Sendable {
    var value: Value
    var origin: Origin

    init(_ value: Value, _ origin: Origin) {
        self.value = value
        self.origin = origin
    }
}

extension Setting: Equatable where Value: Equatable {}
