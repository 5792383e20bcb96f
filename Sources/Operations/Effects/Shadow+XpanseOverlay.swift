extension Shadow {
    /// A reply of Xpanse with every element changed by `lay`; elements may stand in lists of their own.
    func layXpanse(over body: JSONValue, _ lay: (JSONValue) -> JSONValue) -> JSONValue {
        guard let elements = body["reply"]?.arrayValue else { return body }
        let laid = elements.map { element in
            element.arrayValue.map { .array($0.map(lay)) } ?? lay(element)
        }
        return body.replacing("reply", .array(laid))
    }

    /// A user of Xpanse after the changes.
    func layXpanseUser(over user: JSONValue) -> JSONValue {
        guard let email = user["user_email"]?.stringValue, let role = xpanse.givenRole(email) else { return user }
        return user.replacing("role_name", JSONValue(role))
    }

    /// A role of Xpanse, which lists its users, after the changes.
    func layXpanseRole(over role: JSONValue) -> JSONValue {
        guard let name = role["pretty_name"]?.stringValue, let listed = role["users"]?.arrayValue else { return role }
        var emails = listed.filter { email in
            email.stringValue.flatMap { xpanse.givenRole($0) }.map { $0 == name } ?? true
        }
        let present = Set(emails.compactMap { $0.stringValue.map { xpanse.spelling(of: $0) } })
        let added = Set(xpanse.given.filter { $0.value == name }.keys.map { xpanse.spelling(of: $0) })
        emails += added.subtracting(present).sorted().map { .string($0) }
        return role.replacing("users", .array(emails))
    }
}
