extension Shadow {
    /// The list of all roles after the changes.
    func layRoles(over body: JSONValue) -> (body: JSONValue, isGuess: Bool) {
        var seen: Set<String> = []
        var resources: [JSONValue] = []
        for element in body["resources"]?.arrayValue ?? [] {
            guard let id = element["id"]?.stringValue, let role = roles[id] else {
                resources.append(element)
                continue
            }
            seen.insert(id)
            if role.existence == .deleted { continue }
            if role.isChanged, let document = role.document {
                resources.append(document.replacing("links", element["links"]))
            } else {
                resources.append(element)
            }
        }
        resources += plannedRoles.filter { !seen.contains($0) }.compactMap { roles[$0]?.document }
        return (body.replacing("resources", .array(resources)), false)
    }
}
