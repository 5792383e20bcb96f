import FoundationEssentials
import Operations
import Testing

/// The vendor's specification, as far as it says which requests there are.
struct SpecificationPaths {
    /// One operation of the specification.
    struct Entry {
        let method: String
        let template: [Substring]
        let hasBody: Bool
        /// The names of the query's parameters.
        let query: Set<String>
    }

    let entries: [Entry]

    /// Reads the copy that lies beside the catalogue's tests.
    init() throws {
        let path =
            SimulatedConsole.repository + "/Tests/OperationsTests/Fixtures/insightvm-user-api.swagger.json"
        let document = try JSONValue(parsing: [UInt8](try Data(contentsOf: URL(filePath: path))))
        var entries: [Entry] = []
        for (path, methods) in try #require(document["paths"]?.objectValue) {
            for (method, operation) in try #require(methods.objectValue) {
                let parameters = operation["parameters"]?.arrayValue ?? []
                func names(in place: JSONValue) -> [String] {
                    parameters.filter { $0["in"] == place }.compactMap { $0["name"]?.stringValue }
                }
                entries.append(
                    Entry(
                        method: method.uppercased(), template: Self.segments(path),
                        hasBody: !names(in: "body").isEmpty, query: Set(names(in: "query"))))
            }
        }
        self.entries = entries
    }

    /// The operations of the specification that a request can be. One with a fixed segment wins over a placeholder.
    func entries(for request: OperationRequest) -> [Entry] {
        let segments = Self.segments(String(request.target.split(separator: "?")[0]))
        return entries.filter { entry in
            entry.method == request.method.rawValue && entry.template.count == segments.count
                && zip(entry.template, segments).allSatisfy { $0.hasPrefix("{") ? !$1.isEmpty : $0 == $1 }
        }
    }

    /// The names in a request's query.
    static func query(of request: OperationRequest) -> Set<String> {
        let parts = request.target.split(separator: "?")
        guard parts.count > 1 else { return [] }
        return Set(parts[1].split(separator: "&").compactMap { $0.split(separator: "=").first.map(String.init) })
    }

    private static func segments(_ path: String) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { $0 }
    }
}
