import Operations
import Testing

@testable import ConsoleModel
@testable import ConsoleSimulator

/// A call of every operation of the catalogue that the simulator can answer well.
enum SampleCalls {
    /// The request for a call of the operation, authenticated.
    static func request(_ operation: Operation, _ harness: inout Harness) throws -> SimulatedRequest {
        let arguments = try operation.bind(named: try arguments(of: operation, &harness))
        let call = OperationCall(checked: operation, arguments: arguments)
        let wanted = try #require(OperationRequest(call))
        var request = SimulatedRequest(method: wanted.method.rawValue, target: wanted.target)
        request.body = wanted.body ?? []
        if wanted.service == .xpanse {
            request.authorization = harness.simulation.xpanseKeys[.standard].key
            request.xpanseKeyID = harness.simulation.xpanseKeys[.standard].id
        } else {
            let administrator = harness.simulation.administrator
            request.authorization = "Basic " + base64("\(administrator.login):\(administrator.password)")
        }
        return request
    }

    private static func arguments(
        of operation: Operation, _ harness: inout Harness
    ) throws -> [String: JSONValue] {
        let emails = harness.simulation.xpanse.users.suffix(2).map { JSONValue.string($0.email) }
        switch operation.name {
        case "users.page": return ["page": 0, "size": 500, "sort": "login,DESC"]
        case "users.create": return ["user": Harness.newUser("sample.user")]
        case "roles.delete":
            let role: JSONValue = ["id": "unused", "name": "Unused", "description": "Nobody has it"]
            #expect(try harness.send("PUT", "/api/3/roles/unused", role).status == 200)
            return ["id": "unused"]
        case "xpanse.set_role": return ["emails": .array(emails), "role": "Viewer"]
        case "xpanse.remove_role": return ["emails": .array(emails)]
        case "xpanse.users": return [:]
        case "xpanse.roles": return ["names": ["Viewer", "Responder"]]
        case "xpanse.groups": return ["names": ["Night Shift"]]
        default: break
        }
        var values: [String: JSONValue] = [:]
        for parameter in operation.parameters {
            values[parameter.name] = try value(of: parameter, operation, &harness)
        }
        return values
    }

    private static func value(
        of parameter: Parameter, _ operation: Operation, _ harness: inout Harness
    ) throws -> JSONValue {
        switch (operation.table, parameter.location) {
        case ("users", .path) where parameter.name == "id", ("twofa", .path):
            if operation.name == "users.reset_password" { return 1 }
            let login = "sample.\(operation.name)"
            return .integer(
                try harness.simulation.console.user(login: login).map { Int64($0.id) } ?? harness.create(login))
        case ("users", .path): return 3
        case ("roles", .path): return "Site Admin Custom"
        case ("privileges", .path): return "create-reports"
        case ("auth_sources", .path): return 2
        case ("users", .body) where operation.name == "users.update":
            return ["login": "sample.renamed", "name": "Renamed", "role": ["id": "user"]]
        case ("users", .body) where operation.name == "users.reset_password":
            return .string(harness.simulation.administrator.password)
        case ("users", .body): return [1, 4]
        case ("twofa", .body): return "JBSWY3DPEHPK3PXP"
        case ("roles", .body):
            return ["id": "Site Admin Custom", "name": "Changed", "description": "Changed", "privileges": []]
        default:
            Issue.record("\(operation.name) has a parameter \(parameter.name) that this test does not know")
            return .null
        }
    }
}
