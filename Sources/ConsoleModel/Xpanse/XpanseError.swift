internal import Operations

/// A refusal by Xpanse.
struct XpanseError: Error, Sendable, Hashable {
    /// What the body looks like.
    enum Body: Sendable, Hashable {
        /// `{"reply": {"err_code", "err_msg", "err_extra"}}`
        case reply(message: String, extra: String?)
        /// `{"code", "status", "message", "errors"}`, for requests of the wrong shape.
        case shape(field: [String], problem: String)
        /// Nothing at all, as for a wrong standard key.
        case empty
    }

    let status: Int
    let body: Body

    init(_ status: Int, _ body: Body) {
        self.status = status
        self.body = body
    }

    init(_ status: Int, _ message: String, _ extra: String?) {
        self.init(status, .reply(message: message, extra: extra))
    }

    static let wrongStandardKey = XpanseError(401, .empty)
    static let wrongAdvancedKey = XpanseError(401, "Public API request unauthorized", nil)
    static let invalidJSON = XpanseError(400, "Bad Request. Got an invalid JSON", nil)
    static let unlicensed = XpanseError(402, "User does not have the required license type to run this API", nil)
    static let unprivileged = XpanseError(
        403, "The provided API Key does not have the required RBAC permissions to run this API", nil)
    static let noRoute = XpanseError(404, "Not Found", nil)

    /// One unknown name fails the whole call, as an internal error.
    static func notFound(_ kind: String, _ name: String) -> XpanseError {
        XpanseError(500, "An error occurred while processing XDR public API", "\(kind) '\(name)' was not found")
    }

    static func shape(_ field: String..., problem: String) -> XpanseError {
        XpanseError(422, .shape(field: field, problem: problem))
    }

    /// The body of the answer.
    var bytes: [UInt8] {
        switch body {
        case .empty: return []
        case .reply(let message, let extra):
            let error: JSONValue = [
                "err_code": .integer(Int64(status)), "err_msg": .string(message),
                "err_extra": extra.map { .string($0) } ?? .null,
            ]
            return JSONValue.object(["reply": error]).bytes()
        case .shape(let field, let problem):
            var errors: JSONValue = [.string(problem)]
            for name in (["json"] + field).reversed() { errors = .object([name: errors]) }
            return JSONValue.object([
                "code": .integer(Int64(status)), "status": "Unprocessable Entity",
                "message": .string("\(field.joined(separator: ".")): \(problem)"), "errors": errors,
            ]).bytes()
        }
    }
}
