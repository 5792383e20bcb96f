extension Operation {
    /// Roles of the console.
    static let roles: [Operation] = [
        Operation(
            "roles.list", apiName: "get_roles", endpoint: Endpoint(.console, .get, "/api/3/roles"),
            result: .resources, resultModel: "ResourcesRole", errorStatuses: [401, 404, 500, 503],
            effect: .read, capability: "roles:read",
            summary: "List all roles with their privileges",
            documentation: """
                Answers all roles at once, without pages. name and description are texts or, in newer consoles, \
                tables with key, defaultValue and arguments.
                """),
        Operation(
            "roles.get", apiName: "get_role", endpoint: Endpoint(.console, .get, "/api/3/roles/{id}"),
            parameters: [.roleID], result: .object, resultModel: "Role", errorStatuses: [401, 404, 500, 503],
            effect: .read, capability: "roles:read",
            summary: "Read one role",
            documentation: """
                name and description are texts or, in newer consoles, tables with key, defaultValue and arguments.
                """),
        Operation(
            "roles.update", apiName: "update_role",
            endpoint: Endpoint(.console, .put, "/api/3/roles/{id}", body: .value),
            parameters: [
                .roleID,
                Parameter(
                    "role", .role, in: .body,
                    documentation: "The whole role as it should be: id, name, description and privileges."),
            ],
            result: .nothing, resultModel: "Links", errorStatuses: [400, 401, 404, 500, 503],
            effect: .idempotent, capability: "roles:update",
            summary: "Replace a role, or create it",
            documentation: """
                An id that is not there yet makes a new role: a mistyped id is no error. Privileges that are not \
                listed are taken from everyone who has the role. The built-in roles global-admin, security-manager, \
                site-admin, system-admin and user cannot be edited. Privileges bind the users of the role: \
                all-permissions, manage-sites and manage-tags need allSites, all-permissions and \
                manage-dynamic-asset-groups need allAssetGroups.
                """),
        Operation(
            "roles.delete", apiName: "delete_role", endpoint: Endpoint(.console, .delete, "/api/3/roles/{id}"),
            parameters: [.roleID], result: .nothing, resultModel: "Links", errorStatuses: [400, 401, 404, 500, 503],
            effect: .idempotent, capability: "roles:delete",
            summary: "Delete a role that nobody has",
            documentation: """
                A role that a user has cannot be deleted (see roles.users), nor can a built-in one: global-admin, \
                security-manager, site-admin, system-admin, user. A second attempt answers not_found.
                """),
        Operation(
            "roles.users", apiName: "get_role_users", endpoint: Endpoint(.console, .get, "/api/3/roles/{id}/users"),
            parameters: [.roleID], result: .resources, resultModel: "ReferencesWithUserIDLink",
            errorStatuses: [401, 404, 500, 503], effect: .read, capability: "roles:read",
            summary: "List the ids of the users who have a role",
            documentation: "Answers all ids at once, without pages. users.get reads the user of an id."),
    ]
}
