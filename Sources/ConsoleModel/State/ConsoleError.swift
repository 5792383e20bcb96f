/// A refusal by the console: the status and what its body says.
struct ConsoleError: Error, Sendable, Hashable {
    let status: Int
    let message: String

    init(_ status: Int, _ message: String) {
        self.status = status
        self.message = message
    }

    static func badRequest(_ message: String) -> ConsoleError { ConsoleError(400, message) }

    /// The console's own wording, which does not say which of the two it is.
    static let notFound = ConsoleError(404, "The resource does not exist or access is prohibited.")
    static let unauthorized = ConsoleError(401, "Full authentication is required to access this resource.")
    static let badCredentials = ConsoleError(401, "The user name or password is incorrect, or the account is locked.")
    static let tokenRequired = ConsoleError(401, "Two-factor authentication is enabled: a valid Token is required.")
    /// The console has no 403: a missing permission is 401.
    static let forbidden = ConsoleError(401, "The account does not have permission to perform this operation.")
}
