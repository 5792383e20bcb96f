extension Operation {
    /// Privileges of the console.
    static let privileges: [Operation] = [
        Operation(
            "privileges.list", apiName: "get_privileges", endpoint: Endpoint(.console, .get, "/api/3/privileges"),
            result: .resources, resultModel: "Privileges", errorStatuses: [401, 404, 500, 503],
            effect: .read, capability: "privileges:read",
            summary: "List the privileges that a role may grant",
            documentation: "Answers names such as manage-sites. Newer consoles have more than older ones."),
        Operation(
            "privileges.get", apiName: "get_privilege", endpoint: Endpoint(.console, .get, "/api/3/privileges/{id}"),
            parameters: [.privilegeID], result: .object, resultModel: "Links", errorStatuses: [401, 404, 500, 503],
            effect: .read, capability: "privileges:read",
            summary: "Tell whether the console knows a privilege",
            documentation: """
                The console answers only links, so what comes back is an empty table; not_found if there is no such \
                privilege.
                """),
        Operation(
            "privileges.users", apiName: "get_users_with_privilege",
            endpoint: Endpoint(.console, .get, "/api/3/privileges/{id}/users"),
            parameters: [.privilegeID], result: .resources, resultModel: "ReferencesWithUserIDLink",
            errorStatuses: [401, 404, 500, 503], effect: .read, capability: "privileges:read",
            summary: "List the ids of the users whose role grants a privilege",
            documentation: "Answers all ids at once, without pages. users.get reads the user of an id."),
    ]
}
