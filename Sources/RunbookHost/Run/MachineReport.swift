internal import Operations

/// The JSON in which a machine tells of a failure or a limit. A worker's is untrusted: whatever is missing has a default.
struct MachineReport {
    let kind: String
    let message: String
    let limit: String
    let location: String?
    let traceback: [String]
    let value: JSONValue

    /// - Parameter open: gives a value its secrets for the handles that a machine has of them. Default: they stay.
    init(_ report: [UInt8], opening open: (JSONValue) -> JSONValue = { $0 }) {
        let json = (try? JSONValue(parsing: report)) ?? .null
        kind = json["kind"]?.stringValue ?? "error"
        message = json["message"]?.stringValue ?? "the script failed"
        limit = json["limit"]?.stringValue ?? ""
        location = json["where"]?.stringValue
        traceback = json["traceback"]?.arrayValue?.compactMap(\.stringValue) ?? []
        value = json["value"].map(open) ?? .null
    }

    /// The error of a script that failed: a failed call's own kind and place, if it was one.
    var error: RunError {
        let isCall = kind == "call"
        // A table without a text of its own says what it holds, not that it is a table.
        let isNamelessTable = kind == "error" && message.hasPrefix("table: ") && value.objectValue != nil
        let message = isNamelessTable ? value["message"]?.stringValue ?? value.text : self.message
        return RunError(
            kind: isCall ? value["kind"]?.stringValue ?? "error" : kind, message: message,
            location: (isCall ? value["where"]?.stringValue : nil) ?? location, traceback: traceback, value: value)
    }
}
