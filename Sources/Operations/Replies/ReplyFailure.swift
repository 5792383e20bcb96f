/// Reads a reply: what is wrong with it, if anything.
package struct ReplyFailure: Sendable {
    /// Error bodies beyond this are not read: no server says that much.
    private static let maximumErrorBody = 64 * 1024

    /// Who is logged in, as far as people are told.
    package enum Account: Sendable, Hashable {
        /// The console: a user, and whether a one-time code is sent.
        case user(String, hasToken: Bool)
        /// Xpanse: a key's id and type, and the type that it is not.
        case key(id: String, type: String, otherType: String)
    }

    private let service: Service
    private let address: String
    private let account: Account
    private let targetName: String

    /// - Parameters:
    ///   - address: the server's, as people know it.
    ///   - targetName: the target's, for where its settings are.
    package init(service: Service, address: String, account: Account, targetName: String) {
        self.service = service
        self.address = address
        self.account = account
        self.targetName = targetName
    }

    /// What an attempt's reply amounts to.
    package struct Reply {
        let call: OperationCall
        let status: Int
        /// The headers `Content-Encoding` and `Location`.
        let contentEncoding: String?
        let location: String?
        let body: [UInt8]
        let redaction: Redaction
        /// Whether a call with the same credentials has succeeded before.
        let hasLoggedIn: Bool
        let retryAfter: Duration?

        /// A reply.
        package init(
            call: OperationCall, status: Int, contentEncoding: String? = nil, location: String? = nil, body: [UInt8],
            redaction: Redaction, hasLoggedIn: Bool, retryAfter: Duration? = nil
        ) {
            self.call = call
            self.status = status
            self.contentEncoding = contentEncoding
            self.location = location
            self.body = body
            self.redaction = redaction
            self.hasLoggedIn = hasLoggedIn
            self.retryAfter = retryAfter
        }
    }

    /// The failure, or `nil` for a success.
    package func examine(_ reply: Reply) -> AttemptFailure? {
        (200..<300).contains(reply.status) ? examineSuccess(reply) : examineError(reply)
    }

    // A reply that claims success but is not the protocol's leaves it open what happened to a change.
    private func examineSuccess(_ reply: Reply) -> AttemptFailure? {
        func lie(_ what: String, _ repetition: Repetition) -> AttemptFailure {
            AttemptFailure(
                .network, status: reply.status, "\(address) answered \(reply.status) \(what)",
                delivery: reply.call.operation.effect.isChange ? .unknown : .answered, repetition: repetition)
        }
        if let coding = reply.contentEncoding, coding.lowercased() != "identity" {
            return lie("with a compressed body although none was asked for: a proxy in between may be at fault", .never)
        }
        guard let first = reply.body.first(where: { !Self.isSpace($0) }),
            let last = reply.body.last(where: { !Self.isSpace($0) })
        else {
            if reply.call.operation.result == .nothing { return nil }
            return lie("with an empty body where a value should be: a proxy in between may be at fault", .never)
        }
        guard Self.beginsJSON(first) else {
            return lie(
                "with \(first == UInt8(ascii: "<") ? "a web page" : "something") instead of JSON: a proxy or a login page "
                    + "may stand in between; check \(variable("URL"))", .never)
        }
        // What is in between is checked by the decoder that reads it; a body that was cut off is told apart here, as
        // only here another attempt can be made.
        guard Self.endsJSON(last, begunBy: first) else { return lie("with a body that is cut off", .ifRepeatable) }
        return nil
    }

    private func examineError(_ reply: Reply) -> AttemptFailure {
        let body = reply.body.count <= Self.maximumErrorBody ? try? JSONValue(parsing: reply.body) : nil
        let said = (body.flatMap(Self.message) ?? plainText(reply, body)).map(reply.redaction.clean).flatMap {
            $0.isEmpty ? nil : $0
        }
        let details = body?.objectValue == nil ? JSONValue.null : reply.redaction.clean(body ?? .null)
        var failure = classify(reply, said: said, body: body)
        failure.status = reply.status
        failure.details = details
        failure.retryAfter = reply.retryAfter
        return failure
    }

    private func classify(_ reply: Reply, said: String?, body: JSONValue?) -> AttemptFailure {
        let effect = reply.call.operation.effect
        let quoted = said.map { ": \($0.withoutFullStop)" } ?? ""
        func answered(
            _ kind: APIError.Kind, _ message: String, _ repetition: Repetition = .never,
            _ delivery: APIError.Delivery = .answered
        ) -> AttemptFailure { AttemptFailure(kind, message, delivery: delivery, repetition: repetition) }
        switch reply.status {
        case 300..<400:
            return answered(.network, redirect(reply))
        case 400, 422: return answered(.badRequest, "the server refused the values\(quoted)")
        case 401: return answered(.unauthorized, unauthorized(reply, said: said))
        case 402:
            return answered(.license, "the licence of \(address) does not include this\(quoted)")
        case 403:
            return answered(
                .forbidden,
                "\(who) may not do this\(quoted). Give it a role that may")
        case 404 where reply.body.first(where: { !Self.isSpace($0) }) == UInt8(ascii: "<"):
            return answered(
                .network,
                "\(address) answered 404 with a web page, not as the API does: check the port and the path in "
                    + variable("URL"))
        case 404: return answered(.notFound, said ?? "there is no such thing, or \(who) may not see it")
        case 407:
            return answered(
                .network, "a proxy before \(address) wants credentials, which it cannot be given: connect directly")
        case 408:
            return answered(.timeout, "the server gave up waiting for the request\(quoted)", .ifRepeatable)
        case 409: return answered(.conflict, said ?? "the present state does not allow it")
        case 429:
            return answered(.rateLimited, "too many requests\(quoted)\(wait(reply))", .always)
        case 500:
            // The console fails so under load; Xpanse answers so for the caller's own faults.
            return answered(
                .unavailable, "the server failed\(quoted.isEmpty ? " without saying why" : quoted)",
                service == .console ? .ifRead : .never)
        case 502, 504:
            // A gateway's word: whether the server itself got the request, and what it did with it, it does not know.
            return answered(
                .unavailable, "a gateway before \(address) got no answer from it\(quoted)", .ifRepeatable,
                effect.isChange ? .unknown : .answered)
        case 503:
            // With Retry-After it is the server's refusal to begin; without, it may be anything.
            return answered(
                .unavailable, "the server is not ready\(quoted)\(wait(reply))",
                reply.retryAfter == nil ? .ifRepeatable : .always)
        case 501, 505...599: return answered(.unavailable, "the server failed\(quoted)")
        case 400..<500: return answered(.badRequest, "the server refused the request\(quoted)")
        default: return answered(.network, "\(address) answered with the status \(reply.status), which is none")
        }
    }

    private func wait(_ reply: Reply) -> String {
        reply.retryAfter.map { "; it asks to wait \($0.components.seconds) s" } ?? ""
    }

    private func redirect(_ reply: Reply) -> String {
        let location = reply.location.map(reply.redaction.clean)
        let there = location.map { " to \($0)" } ?? ""
        return "\(address) redirects\(there), which is not followed as the credentials would go with it: "
            + "set \(variable("URL")) to the address of the API itself"
    }

    private func unauthorized(_ reply: Reply, said: String?) -> String {
        let quoted = said.map { ": \($0.withoutFullStop)" } ?? ""
        let setting = "or the target '\(targetName)' in the configuration file"
        switch account {
        case .key(let keyID, let type, let otherType):
            return "\(address) refused the \(type) key with the id \(keyID)\(quoted). Check \(variable("KEY_ID")), "
                + "\(variable("KEY")) and \(variable("KEY_TYPE")) (\(otherType) keys are sent in another way), \(setting)"
        case .user(let user, let hasToken):
            if reply.hasLoggedIn {
                return
                    "\(address) refused this to the user \(user)\(quoted). Other calls of this user work, so it lacks the "
                    + "permission for \(reply.call.operation.name): give its role the privilege"
            }
            let code =
                !hasToken
                ? "\(variable("TOKEN")) if the account has two-factor authentication"
                : "\(variable("TOKEN")), whose code is good for half a minute"
            return "\(address) refused the credentials of the user \(user)\(quoted). Check \(variable("USER")), "
                + "\(variable("PASSWORD")) and \(code), \(setting). If other calls work, the user lacks the permission for "
                + reply.call.operation.name
        }
    }

    private var who: String {
        switch account {
        case .user(let user, _): "the user \(user)"
        case .key(let keyID, _, _): "the key with the id \(keyID)"
        }
    }

    private func variable(_ name: String) -> String {
        "\(service == .xpanse ? "RUNBOOK_XPANSE" : "RUNBOOK_CONSOLE")_\(name)"
    }

    /// A body that is neither JSON nor a web page, if it is short enough to be a sentence.
    private func plainText(_ reply: Reply, _ body: JSONValue?) -> String? {
        if let text = body?.stringValue { return text }
        guard body == nil, reply.body.count <= 2048,
            reply.body.first(where: { !Self.isSpace($0) }) != UInt8(ascii: "<"),
            let text = String(validating: reply.body, as: UTF8.self)
        else { return nil }
        return text
    }

    /// What the server says in any of the two services' forms; `nil` if nothing.
    private static func message(_ body: JSONValue) -> String? {
        var parts: [String] = []
        func add(_ value: JSONValue?) {
            for text in leaves(value ?? .null, limit: 10) where !text.isEmpty && !parts.contains(text) {
                parts.append(text)
            }
        }
        if let reply = body["reply"] {
            if reply.objectValue != nil {
                add(reply["err_msg"])
                add(reply["err_extra"])
            } else {
                add(reply)
            }
        }
        add(body["message"])
        add(body["errors"])
        add(body["error"])
        add(body["error_description"])
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// The texts in a value, each with the name it is under: `role_name: unknown role`.
    private static func leaves(_ value: JSONValue, limit: Int) -> [String] {
        switch value {
        case .null: []
        case .string(let text): [text]
        case .array(let elements): Array(elements.lazy.flatMap { leaves($0, limit: limit) }.prefix(limit))
        case .object(let members):
            Array(
                members.keys.sorted().filter { $0 != "links" }.lazy.flatMap { key in
                    leaves(members[key] ?? .null, limit: limit).map { "\(key): \($0)" }
                }.prefix(limit))
        default: [value.text]
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    private static func beginsJSON(_ byte: UInt8) -> Bool {
        "{[\"-tfn".utf8.contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func endsJSON(_ byte: UInt8, begunBy first: UInt8) -> Bool {
        switch first {
        case UInt8(ascii: "{"): byte == UInt8(ascii: "}")
        case UInt8(ascii: "["): byte == UInt8(ascii: "]")
        case UInt8(ascii: "\""): byte == UInt8(ascii: "\"")
        default: true
        }
    }
}

extension String {
    /// Without a full stop at the end: the sentence goes on.
    fileprivate var withoutFullStop: Substring { hasSuffix(".") && !hasSuffix("..") ? dropLast() : self[...] }
}
