import Operations
import Testing

@Suite("Xpanse's catalogue")
struct XpanseCatalogueTests {
    let catalogue = Catalogue.standard

    @Test(
        "every operation is a POST to a path with a slash at its end, its arguments in request_data",
        arguments: Operation.xpanse)
    func endpoints(operation: Operation) throws {
        let endpoint = try #require(operation.endpoint)
        #expect(endpoint.service == .xpanse)
        #expect(endpoint.method == .post)
        #expect(endpoint.path == "/public_api/v1/rbac/\(operation.apiName)/")
        guard case .envelope("request_data", _) = endpoint.body else {
            Issue.record("the body is \(endpoint.body)")
            return
        }
        #expect(operation.parameters.allSatisfy { $0.location == .body })
        #expect(operation.errorStatuses == [400, 401, 402, 403, 422, 500])
    }

    @Test("set_role sends the emails and the role")
    func setRole() throws {
        let request = try catalogue.request("xpanse.set_role", ["a@x.org", "b@x.org"], "Instance Administrator")
        #expect(request.target == "/public_api/v1/rbac/set_user_role/")
        #expect(
            request.bodyText
                == #"{"request_data":{"role_name":"Instance Administrator","user_emails":["a@x.org","b@x.org"]}}"#)
    }

    @Test("remove_role sends an empty role")
    func removeRole() throws {
        let request = try catalogue.request("xpanse.remove_role", ["a@x.org"])
        #expect(request.bodyText == #"{"request_data":{"role_name":"","user_emails":["a@x.org"]}}"#)
    }

    @Test("a role that is missing, empty or blank is refused, since sending it would take the role away")
    func roleMustBeSaid() throws {
        for role: JSONValue in [.null, "", "  ", "\u{a0}\t"] {
            let error = try catalogue.refusal("xpanse.set_role", ["a@x.org"], role)
            #expect(error.kind == .invalidArgument)
            #expect(error.message.hasPrefix("role "))
        }
        #expect(try catalogue.refusal("xpanse.set_role", ["a@x.org"]).message.hasPrefix("role is missing"))
    }

    @Test(
        "an empty list of emails or names is refused",
        arguments: ["xpanse.remove_role", "xpanse.roles", "xpanse.groups"])
    func emptyLists(name: String) throws {
        #expect(try catalogue.refusal(name, []).message.contains("must not be empty"))
        #expect(try catalogue.refusal(name, ["a", ""]).message.contains("[2] must not be empty"))
    }

    @Test("the reads send what they ask for")
    func reads() throws {
        #expect(try catalogue.request("xpanse.users").bodyText == #"{"request_data":{}}"#)
        #expect(
            try catalogue.request("xpanse.roles", ["A", "B"]).bodyText == #"{"request_data":{"role_names":["A","B"]}}"#)
        #expect(try catalogue.request("xpanse.groups", ["G"]).bodyText == #"{"request_data":{"group_names":["G"]}}"#)
    }
}
