import Operations

/// What a status of a server means to a script.
enum ErrorWords {
    /// The kind of the error table.
    static func kind(_ status: Int) -> APIError.Kind {
        switch status {
        case 400, 422: .badRequest
        case 401: .unauthorized
        case 402: .license
        case 403: .forbidden
        case 404: .notFound
        case 409: .conflict
        case 429: .rateLimited
        default: .unavailable
        }
    }

    /// What happened, in a few words.
    static func meaning(_ status: Int) -> String {
        switch status {
        case 400, 422: "the server refused the values"
        case 401: "wrong or missing credentials, or a permission is missing"
        case 402: "the licence does not include this"
        case 403: "the account or the key may not do this"
        case 404: "there is no such thing, or the account may not see it"
        case 409: "the state does not allow it"
        case 429: "too many requests, after some retries"
        case 503: "the server is not ready; reads and what may be repeated were tried again"
        default: "the server failed"
        }
    }
}
