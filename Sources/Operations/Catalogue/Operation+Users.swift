extension Operation {
    /// User accounts.
    static let users: [Operation] = [
        Operation(
            "users.page", apiName: "get_users", endpoint: Endpoint(.console, .get, "/api/3/users"),
            parameters: [
                Parameter(
                    "page", .integer(0...Int64(Int32.max)), in: .query, isRequired: false,
                    documentation: "The index of the page, from 0. Default: 0."),
                Parameter(
                    "size", .integer(1...500), in: .query, isRequired: false,
                    documentation: "How many users a page has, 500 at most. Default: 10."),
                Parameter(
                    "sort", .oneOf([.name, .array(of: .name, minimumCount: 0)]), in: .query, isRequired: false,
                    documentation: "One or several of property[,ASC|DESC], such as \"login,DESC\"."),
            ],
            convention: .named, result: .page, resultModel: "PageOfUser", errorStatuses: [401, 404, 500, 503],
            effect: .read, capability: "users:read",
            summary: "Read one page of the users",
            documentation: """
                Answers the users of one page and, as a second value, the page itself: number, size, totalPages and \
                totalResources. Without size the console answers ten users and does not say that there are more: \
                users.each walks all of them. The console cannot filter. Users that are created or deleted while pages \
                are read shift the ones behind them: give a sort order, and expect one twice or not at all. Needs a \
                Global Administrator.
                """),
        Operation(
            "users.get", apiName: "get_user", endpoint: Endpoint(.console, .get, "/api/3/users/{id}"),
            parameters: [.userID], result: .object, resultModel: "User", errorStatuses: [401, 404, 500, 503],
            effect: .read, capability: "users:read",
            summary: "Read one user",
            documentation: """
                Any field may be absent; the authentication type and the privileges may have values that this \
                documentation does not know. The time of the last login and the age of the password are not to be had. \
                Needs a Global Administrator, or is the account's own; a console may answer not_found where a \
                permission is missing.
                """),
        Operation(
            "users.create", apiName: "create_user",
            endpoint: Endpoint(.console, .post, "/api/3/users", body: .value),
            parameters: [
                Parameter(
                    "user", .user(passwordRequired: true), in: .body,
                    documentation: "The new account: login, name, password, role and what else it should have.")
            ],
            result: .member("id"), resultModel: "CreatedReferenceUserIDLink", errorStatuses: [400, 401, 500, 503],
            effect: .reconcilable, capability: "users:create",
            summary: "Create a user and answer its id",
            documentation: """
                The account is enabled unless enabled is false, and has no site and no asset group but through \
                role.allSites and role.allAssetGroups: grant them afterwards. The console refuses a role whose \
                privileges need more than is given: all-permissions, manage-sites and manage-tags need allSites, \
                all-permissions and manage-dynamic-asset-groups need allAssetGroups, and global-admin needs superuser. \
                A Global Administrator with a local password has the authentication type admin, other local accounts \
                normal. If the answer is lost, the login tells whether the account was made. Needs a Global \
                Administrator.
                """),
        Operation(
            "users.update", apiName: "update_user",
            endpoint: Endpoint(.console, .put, "/api/3/users/{id}", body: .value),
            parameters: [
                .userID,
                Parameter(
                    "user", .user(passwordRequired: false), in: .body,
                    documentation: "The whole account as it should be: login, name, role and all that it should keep."),
            ],
            result: .nothing, resultModel: "Links", errorStatuses: [400, 401, 404, 500, 503],
            effect: .idempotent, capability: "users:update",
            summary: "Replace all of a user's details",
            documentation: """
                This replaces everything: an email that is left out is cleared, an enabled that is left out becomes \
                true, and access to single sites and asset groups is dropped. users.patch reads, changes, writes and \
                restores the access. The password may be left out, as the vendor's own tools do although the \
                specification calls it required; with it, this is how an administrator changes someone else's \
                password. A user as users.get answers it can be passed: what only the console can say (id, locked, \
                links, the role's name and privileges) is not sent, so locked = false does not unlock. The constraints \
                of users.create apply to the role. Needs a Global Administrator.
                """),
        Operation(
            "users.delete", apiName: "delete_user", endpoint: Endpoint(.console, .delete, "/api/3/users/{id}"),
            parameters: [.userID], result: .nothing, resultModel: "Links", errorStatuses: [401, 404, 500, 503],
            effect: .idempotent, capability: "users:delete",
            summary: "Delete a user",
            documentation: """
                There is no way back, and a second attempt answers not_found. To keep the account and shut it, use \
                users.disable. Needs a Global Administrator.
                """),
        Operation(
            "users.unlock", apiName: "unlock_user", endpoint: Endpoint(.console, .delete, "/api/3/users/{id}/lock"),
            parameters: [.userID], result: .nothing, resultModel: "Links", errorStatuses: [401, 404, 500, 503],
            effect: .idempotent, capability: "users:unlock",
            summary: "Unlock a user who failed to log in too often",
            documentation: """
                A disabled account cannot be unlocked: enable it first. With which status the console refuses that is \
                documented nowhere. There is no operation that locks.
                """),
        Operation(
            "users.reset_password", apiName: "reset_password",
            endpoint: Endpoint(.console, .put, "/api/3/users/{id}/password", body: .value),
            parameters: [
                .userID,
                Parameter("password", .secret, in: .body, documentation: "The new password, best a secret."),
            ],
            result: .nothing, resultModel: "Links", errorStatuses: [400, 401, 404, 500, 503],
            effect: .unsafe, capability: "users:password",
            summary: "Change your own password",
            documentation: """
                Works for the account that makes the call and for no other, not even as a Global Administrator, who \
                changes others' passwords with users.update. It changes the very password that the next call logs in \
                with: change the target's configuration too. It is never repeated once it may have arrived. It sends \
                the password as a JSON string, as the specification has it; some newer consoles want an object and \
                answer bad_request.
                """),
        Operation(
            "users.privileges", apiName: "get_user_privileges",
            endpoint: Endpoint(.console, .get, "/api/3/users/{id}/privileges"),
            parameters: [.userID], result: .resources, resultModel: "Privileges", errorStatuses: [401, 404, 500, 503],
            effect: .read, capability: "users:read",
            summary: "List the privileges that a user's role grants",
            documentation: """
                Answers names such as manage-sites. Newer consoles have names that this documentation does not know. \
                Needs a Global Administrator.
                """),
    ]
}
