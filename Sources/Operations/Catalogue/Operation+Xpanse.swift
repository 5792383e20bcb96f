extension Operation {
    /// The roles of Cortex Xpanse, public API version 1. Every request is a POST, the reading ones too.
    public static let xpanse: [Operation] = [
        Operation(
            "xpanse.set_role", apiName: "set_user_role",
            endpoint: Endpoint(
                .xpanse, .post, "/public_api/v1/rbac/set_user_role/",
                body: .envelope("request_data", constants: [:])),
            parameters: [
                .emails,
                Parameter(
                    "role", wireName: "role_name", .name, in: .body,
                    documentation: "The name of the role to give, never empty: xpanse.remove_role takes roles away."),
            ],
            result: .replyCount("update_count"), errorStatuses: [400, 401, 402, 403, 422, 500],
            effect: .idempotent, capability: "xpanse:role",
            summary: "Give users a role and answer how many changed",
            documentation: """
                Compare the answer with the number of emails: a user who has the role already is not counted, so 0 \
                is no failure. Only the role given directly changes; roles that come from groups stay. Account Admin \
                cannot be given. What happens to unknown emails and roles is documented nowhere; the service answers \
                500 to some mistakes of the caller. Needs the licence Cortex Xpanse Expander.
                """),
        Operation(
            "xpanse.remove_role", apiName: "set_user_role",
            endpoint: Endpoint(
                .xpanse, .post, "/public_api/v1/rbac/set_user_role/",
                body: .envelope("request_data", constants: ["role_name": ""])),
            parameters: [.emails],
            result: .replyCount("update_count"), errorStatuses: [400, 401, 402, 403, 422, 500],
            effect: .idempotent, capability: "xpanse:role",
            summary: "Take users' role away and answer how many changed",
            documentation: """
                Takes whichever role was given directly; roles that come from groups stay, so the user may keep rights \
                (see xpanse.users). A user without a role is not counted. Needs the licence Cortex Xpanse Expander.
                """),
        Operation(
            "xpanse.users", apiName: "get_users",
            endpoint: Endpoint(
                .xpanse, .post, "/public_api/v1/rbac/get_users/", body: .envelope("request_data", constants: [:])),
            result: .replyList, errorStatuses: [400, 401, 402, 403, 422, 500],
            effect: .read, capability: "xpanse:read",
            summary: "List all users with their roles and groups",
            documentation: """
                Answers all users at once, without pages: user_email, user_first_name, user_last_name, role_name, \
                last_logged_in (milliseconds), user_type, groups and scope; any of them may be absent.
                """),
        Operation(
            "xpanse.roles", apiName: "get_roles",
            endpoint: Endpoint(
                .xpanse, .post, "/public_api/v1/rbac/get_roles/", body: .envelope("request_data", constants: [:])),
            parameters: [
                Parameter(
                    "names", wireName: "role_names", .array(of: .name, minimumCount: 1), in: .body,
                    documentation: "The names of the roles to read.")
            ],
            result: .replyList, errorStatuses: [400, 401, 402, 403, 422, 500],
            effect: .read, capability: "xpanse:read",
            summary: "Read roles by name",
            documentation: """
                Answers pretty_name, permissions, insert_time, update_time, created_by, description, groups and users. \
                There is no list of all roles, and one unknown name fails the whole call with status 500: ask for one \
                at a time where that matters.
                """),
        Operation(
            "xpanse.groups", apiName: "get_user_group",
            endpoint: Endpoint(
                .xpanse, .post, "/public_api/v1/rbac/get_user_group/", body: .envelope("request_data", constants: [:])
            ),
            parameters: [
                Parameter(
                    "names", wireName: "group_names", .array(of: .name, minimumCount: 1), in: .body,
                    documentation: "The names of the user groups to read.")
            ],
            result: .replyList, errorStatuses: [400, 401, 402, 403, 422, 500],
            effect: .read, capability: "xpanse:read",
            summary: "Read user groups by name",
            documentation: """
                Answers group_name, description, pretty_name, insert_time, update_time, user_email (a list), source. \
                One unknown name fails the whole call with status 500.
                """),
    ]
}

extension Parameter {
    /// The users whose role changes.
    fileprivate static let emails = Parameter(
        "emails", wireName: "user_emails", .array(of: .name, minimumCount: 1), in: .body,
        documentation: "The email addresses of the users.")
}
