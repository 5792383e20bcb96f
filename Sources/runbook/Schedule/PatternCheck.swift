import CommandSupport
import Logging
import Operations
import RunbookHost

/// Checks parameters against the patterns of a manifest. They are Lua's, so a script that does nothing else checks them.
struct PatternCheck {
    private let patterns: [String: String]
    private let host: RunbookHost

    init(_ manifest: Manifest, host: RunbookHost) {
        patterns = Dictionary(
            manifest.parameters.compactMap { parameter in
                parameter.type == .string ? parameter.pattern.map { (parameter.name, $0) } : nil
            }, uniquingKeysWith: { $1 })
        self.host = host
    }

    /// Checks values by their names.
    ///
    /// - Throws: ``CommandError`` for a value that does not match, or a pattern that is none.
    func check(_ values: [String: JSONValue], of runbook: Runbook) async throws(CommandError) {
        let checked = patterns.filter { values[$0.key] != nil }
        guard !checked.isEmpty else { return }
        let declarations = checked.sorted { $0.key < $1.key }.map { name, pattern in
            "[\(Self.quoted(name))] = { type = \"string\", pattern = \(Self.quoted(pattern)) }"
        }
        let script = Runbook(
            name: runbook.name, source: "runbook { params = { \(declarations.joined(separator: ", ")) } }")
        // Nothing of it is a run that anybody wants to see.
        let checker = RunbookHost(
            transport: NoTransport(), machines: host.machines,
            logger: Logger(label: "runbook") { _ in SwiftLogNoOpLogHandler() })
        let inputs = values.filter { checked[$0.key] != nil }.mapValues { ParameterInput.value($0) }
        let outcome = await checker.start(script, options: RunOptions(parameters: inputs)).outcome
        if let error = outcome.error {
            let message = error.value["message"]?.stringValue ?? error.message
            throw CommandError("\(runbook.name.shown): \(message.shown)")
        }
    }

    /// A Lua string.
    private static func quoted(_ text: String) -> String {
        "\"" + text.utf8.map { "\\" + String(1_000 + Int($0)).dropFirst() }.joined() + "\""
    }

    private struct NoTransport: Transport {
        func send(_ call: OperationCall) async throws(APIError) -> OperationReply {
            throw APIError(
                .network, operation: call.operation.name, message: "nothing is sent while parameters are checked")
        }
    }
}
