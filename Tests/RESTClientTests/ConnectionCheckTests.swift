import Operations
import RESTClient
import Testing

@Suite("Whether a service can be logged in to")
struct ConnectionCheckTests {
    private func check(_ answer: Answer, _ credentials: Credentials) async throws -> (APIError?, ReceivedRequest?) {
        try await HostileServer.with([answer]) { server in
            try await withTransport(to: server.url, credentials, retry: .never) { transport in
                let service: Service = if case .basic = credentials { .console } else { .xpanse }
                do throws(APIError) {
                    try await ConnectionCheck(transport).logIn(to: service)
                    return (nil, server.requests.first)
                } catch { return (error, server.requests.first) }
            }
        }
    }

    @Test("the console is asked for its privileges")
    func console() async throws {
        let (error, request) = try await check(.json(#"{"resources":[]}"#), .console)
        #expect(error == nil)
        #expect(request?.method == "GET")
        #expect(request?.target == "/api/3/privileges")
        #expect(try await check(.reply(401), .console).0?.kind == .unauthorized)
        #expect(try await check(.json("{}", status: 500), .console).0?.kind == .unavailable)
    }

    @Test("whatever Xpanse says about no roles, it says to a key that it knows")
    func xpanse() async throws {
        let (error, request) = try await check(.json(#"{"reply":[]}"#), .standardKey)
        #expect(error == nil)
        #expect(request?.target == "/public_api/v1/rbac/get_roles/")
        #expect(request?.body == #"{"request_data":{"role_names":[]}}"#)
        for status in [400, 422, 500] {
            let body = #"{"reply":{"err_code":\#(status),"err_msg":"role_names is empty"}}"#
            #expect(try await check(.json(body, status: status), .standardKey).0 == nil)
            #expect(try await check(.reply(status, body: "<html>"), .standardKey).0 != nil)
        }
        for (status, kind) in [(401, APIError.Kind.unauthorized), (402, .license), (403, .forbidden), (404, .notFound)]
        {
            #expect(
                try await check(.json(#"{"reply":{"err_msg":"no"}}"#, status: status), .standardKey).0?.kind == kind)
        }
    }
}
