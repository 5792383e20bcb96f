import Operations

extension APIError.Kind {
    /// What happened, in a sentence.
    var meaning: String {
        switch self {
        case .notFound: "There is no such thing, or the account may not see it."
        case .badRequest: "The server refused the values."
        case .unauthorized: "Wrong or missing credentials; at the console also a missing permission."
        case .forbidden: "The account or the key may not do this."
        case .license: "The licence does not include this."
        case .conflict: "The state does not allow it."
        case .rateLimited: "Too many requests, after the retries."
        case .unavailable: "The server failed or is not ready, after the retries."
        case .timeout: "No answer in time."
        case .network: "No connection, an untrusted certificate, or a reply that is not the API's."
        case .denied: "The policy, the manifest or a person does not allow it; nothing was sent."
        case .invalidArgument: "The arguments are wrong; nothing was sent."
        }
    }

    /// What to do about it, in a sentence.
    var advice: String {
        switch self {
        case .notFound: "Check the identifier. A runbook that can go on without it catches the error with pcall."
        case .badRequest: "Read details: the server says there what it does not take."
        case .unauthorized: "Check user, password and token; runbook doctor logs in with them."
        case .forbidden: "Give the account the permission, or use another key."
        case .license: "Ask whoever keeps the licence."
        case .conflict: "Read the state anew, and decide again."
        case .rateLimited: "Work on fewer items at once: the width of parallel, the target's concurrency."
        case .unavailable: "Try again later; a run that was recorded is taken up with runbook resume."
        case .timeout: "Raise the target's timeout if the server is just slow."
        case .network: "runbook doctor tells which part of the way fails; runbook trust shows and trusts a certificate."
        case .denied: "Add the capability to needs, or ask the operator to allow it."
        case .invalidArgument: "Mend the call: the message names the argument and what it should be."
        }
    }

    /// The statuses of a server that lead to it.
    var statuses: String {
        switch self {
        case .notFound: "404"
        case .badRequest: "400, 422"
        case .unauthorized: "401"
        case .forbidden: "403"
        case .license: "402"
        case .conflict: "409"
        case .rateLimited: "429"
        case .unavailable: "500 and above"
        case .timeout, .network, .denied, .invalidArgument: ""
        }
    }
}
