import FoundationEssentials
import Operations
import Testing

@testable import ConsoleModel
@testable import ConsoleSimulator

/// Every reply has the shape that the vendor's specification gives it.
@Suite struct SpecificationTests {
    private let definitions: [String: JSONValue]

    init() throws {
        let fixture = "../OperationsTests/Fixtures/insightvm-user-api.swagger.json"
        let path = String(#filePath.prefix(through: try #require(#filePath.lastIndex(of: "/")))) + fixture
        let data = try #require(FileManager.default.contents(atPath: path))
        definitions = try #require(try JSONValue(parsing: [UInt8](data))["definitions"]?.objectValue)
    }

    @Test func everyReplyHasTheShapeOfItsModel() throws {
        var harness = Harness(wishes: .init(users: 400))
        var seen = 0
        for operation in Catalogue.standard.operations where operation.endpoint?.service == .console {
            let answer = try harness.answer(try SampleCalls.request(operation, &harness))
            #expect((200...201).contains(answer.status), "\(operation.name): \(answer.body)")
            let problems = try problems(answer.body, ["$ref": .string("#/definitions/\(operation.resultModel)")], "$")
            // Oddities are wanted: null fields, and values that no specification lists.
            #expect(problems == [], "\(operation.name)")
            #expect(answer.body["links"]?.arrayValue?.isEmpty == false, "\(operation.name) has no links")
            seen += 1
        }
        #expect(seen == 32)
    }

    @Test(arguments: [("GET", "/api/3/users/999", "NotFoundError"), ("POST", "/api/3/users", "BadRequestError")])
    func refusalsHaveTheShapeOfTheirModelButForTheNumber(_ method: String, _ path: String, _ model: String) throws {
        var harness = Harness()
        let body = try harness.send(method, path).body
        let problems = try problems(body, ["$ref": .string("#/definitions/\(model)")], "$")
        #expect(problems == ["$.status is an integer, not string"])
    }

    /// What is wrong with a value: members that the model does not have, required ones that are absent, other types.
    private func problems(_ value: JSONValue, _ schema: JSONValue, _ path: String) throws -> [String] {
        if let reference = schema["$ref"]?.stringValue?.split(separator: "/").last {
            return try problems(value, try #require(definitions[String(reference)]), path)
        }
        let type = try #require(schema["type"]?.stringValue)
        switch (type, value) {
        case ("string", .string), ("boolean", .bool), ("integer", .integer): return []
        case (_, .null) where path != "$": return []
        case ("array", .array(let elements)):
            let items = try #require(schema["items"])
            return try elements.enumerated().flatMap { try problems($0.element, items, "\(path)[\($0.offset)]") }
        case ("object", .object(let members)):
            let properties = schema["properties"]?.objectValue ?? [:]
            let required = schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
            var found = required.filter { members[$0] == nil }.map { "\(path) has no \($0)" }
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                guard let property = properties[name] else {
                    found.append("\(path).\(name) is not in the model")
                    continue
                }
                found += try problems(member, property, "\(path).\(name)")
            }
            return found
        default: return ["\(path) is \(value.kindName), not \(type)"]
        }
    }
}
