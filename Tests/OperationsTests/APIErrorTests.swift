import Operations
import Testing

@Suite("Errors of calls")
struct APIErrorTests {
    @Test("an error is one readable line")
    func description() {
        let answered = APIError(
            .notFound, status: 404, operation: "users.get", message: "no user has the id 99", delivery: .answered)
        #expect("\(answered)" == "users.get: not_found (404): no user has the id 99")
        let refused = APIError(.denied, operation: "users.delete", message: "the policy does not allow users:delete")
        #expect("\(refused)" == "users.delete: denied: the policy does not allow users:delete")
        #expect(refused.delivery == .notSent)
        #expect(refused.details.isNull)
    }

    @Test("the kinds are those that a script compares with")
    func kinds() {
        #expect(
            APIError.Kind.allCases.map(\.rawValue) == [
                "not_found", "bad_request", "unauthorized", "forbidden", "license", "conflict", "rate_limited",
                "unavailable", "timeout", "network", "denied", "invalid_argument",
            ])
    }
}
