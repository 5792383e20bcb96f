import Foundation
import Operations
import Testing

/// The vendor's specification of the console's API, as far as the tests look into it.
struct Specification {
    /// One operation of the specification.
    struct Entry {
        let method: String
        let path: String
        let operationID: String
        let parameters: [JSONValue]
        let responses: [String: JSONValue]

        /// `PUT /api/3/users/{id}`
        var title: String { "\(method) \(path)" }

        /// The name of the reply's model at status 200.
        var resultModel: String? { responses["200"]?["schema"]?.referencedModel }
    }

    let entries: [Entry]
    private let definitions: [String: JSONValue]

    /// Reads the copy that lies beside the tests.
    init() throws {
        let url = try #require(
            Bundle.module.url(
                forResource: "insightvm-user-api.swagger", withExtension: "json", subdirectory: "Fixtures"))
        let document = try JSONValue(parsing: [UInt8](Data(contentsOf: url)))
        definitions = try #require(document["definitions"]?.objectValue)
        var entries: [Entry] = []
        for (path, methods) in try #require(document["paths"]?.objectValue) {
            for (method, operation) in try #require(methods.objectValue) {
                entries.append(
                    Entry(
                        method: method.uppercased(), path: path,
                        operationID: try #require(operation["operationId"]?.stringValue),
                        parameters: operation["parameters"]?.arrayValue ?? [],
                        responses: try #require(operation["responses"]?.objectValue)))
            }
        }
        self.entries = entries.sorted { $0.title < $1.title }
    }

    /// The model of this name.
    func model(_ name: String) throws -> JSONValue {
        try #require(definitions[name], "the specification has no model \(name)")
    }

    /// The names of a model's properties, without its links.
    func contents(of name: String) throws -> Set<String> {
        let properties = try #require(try model(name)["properties"]?.objectValue)
        return Set(properties.keys).subtracting(["links"])
    }
}

extension JSONValue {
    /// `User` of `{"$ref": "#/definitions/User"}`.
    var referencedModel: String? { self["$ref"]?.stringValue?.split(separator: "/").last.map(String.init) }
}
