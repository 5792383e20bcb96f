public import Operations

/// Asks a service for as little as possible, to learn whether it can be reached and logged in to.
///
/// The console is asked for its privileges: a fixed list of names, a few kilobytes. Xpanse has no call that is both
/// cheap and sure to succeed, so it is asked for no roles at all; whatever it has to say about that it says only to a
/// key that it knows.
public struct ConnectionCheck: Sendable {
    private let transport: any Transport

    /// A check through `transport`.
    public init(_ transport: any Transport) { self.transport = transport }

    /// Reaches the service and logs in.
    ///
    /// - Throws: `APIError` that says what to do: nothing answers, an untrusted certificate, wrong credentials.
    public func logIn(to service: Service) async throws(APIError) {
        do {
            _ = try await transport.send(OperationCall(checked: Self.operation(service), arguments: [:]))
        } catch {
            // 400, 422 and 500 in the API's own form are answers to the question, from beyond the login.
            let isAnswer = [400, 422, 500].contains(error.status) && error.details != .null
            if service == .xpanse, isAnswer { return }
            throw error
        }
    }

    private static func operation(_ service: Service) -> Operation {
        if service == .xpanse {
            Operation(
                "xpanse.roles", apiName: "get_roles",
                endpoint: Endpoint(
                    .xpanse, .post, "/public_api/v1/rbac/get_roles/",
                    body: .envelope("request_data", constants: ["role_names": []])),
                result: .replyList, effect: .read, capability: "xpanse:read", summary: "Check the login")
        } else {
            Operation(
                "privileges.list", apiName: "get_privileges",
                endpoint: Endpoint(service, .get, "/api/3/privileges"), result: .resources, effect: .read,
                capability: "privileges:read", summary: "Check the login")
        }
    }
}
