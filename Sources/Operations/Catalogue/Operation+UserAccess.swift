extension Operation {
    /// A user's access to single sites and asset groups.
    static let userAccess: [Operation] = siteAccess + assetGroupAccess

    private static let siteAccess: [Operation] = [
        Operation(
            "users.sites", apiName: "get_user_sites", endpoint: Endpoint(.console, .get, "/api/3/users/{id}/sites"),
            parameters: [.userID], result: .resources, resultModel: "ReferencesWithSiteIDLink",
            errorStatuses: [401, 404, 500, 503], effect: .read, capability: "users:read",
            summary: "List the ids of the sites that a user may access",
            documentation: "Answers all ids at once, without pages. See role.allSites of the user too."),
        Operation(
            "users.set_sites", apiName: "set_user_sites",
            endpoint: Endpoint(.console, .put, "/api/3/users/{id}/sites", body: .value),
            parameters: [
                .userID,
                Parameter(
                    "site_ids", wireName: "siteIds", .array(of: .identifier, minimumCount: 0), in: .body,
                    documentation: "The identifiers of all the sites that the user should have."),
            ],
            result: .nothing, resultModel: "Links", errorStatuses: [400, 401, 404, 500, 503],
            effect: .idempotent, capability: "users:access",
            summary: "Replace the sites that a user may access",
            documentation: """
                Sites that are not listed are revoked, and an empty list revokes all. The list is ignored for a user \
                with role.allSites. Needs a Global Administrator.
                """),
        Operation(
            "users.add_site", apiName: "add_user_site",
            endpoint: Endpoint(.console, .put, "/api/3/users/{id}/sites/{siteId}"),
            parameters: [.userID, .siteID], result: .nothing, resultModel: "Links",
            errorStatuses: [400, 401, 404, 500, 503], effect: .idempotent, capability: "users:access",
            summary: "Grant a user one site",
            documentation: "A user with role.allSites cannot be granted single sites. Needs a Global Administrator."),
        Operation(
            "users.remove_site", apiName: "remove_user_site",
            endpoint: Endpoint(.console, .delete, "/api/3/users/{id}/sites/{siteId}"),
            parameters: [.userID, .siteID], result: .nothing, resultModel: "Links",
            errorStatuses: [401, 404, 500, 503], effect: .idempotent, capability: "users:access",
            summary: "Revoke one site from a user",
            documentation: """
                The vendor's own text for this operation says that it grants; it revokes. It takes nothing from a user \
                with role.allSites. Needs a Global Administrator.
                """),
        Operation(
            "users.remove_all_sites", apiName: "remove_all_user_sites",
            endpoint: Endpoint(.console, .delete, "/api/3/users/{id}/sites"),
            parameters: [.userID], result: .nothing, resultModel: "Links", errorStatuses: [401, 404, 500, 503],
            effect: .idempotent, capability: "users:access",
            summary: "Revoke all single sites from a user",
            documentation: """
                Access through role.allSites stays: change that with users.patch. What is revoked cannot be read \
                afterwards: keep users.sites first.
                """),
    ]

    private static let assetGroupAccess: [Operation] = [
        Operation(
            "users.asset_groups", apiName: "get_user_asset_groups",
            endpoint: Endpoint(.console, .get, "/api/3/users/{id}/asset_groups"),
            parameters: [.userID], result: .resources, resultModel: "ReferencesWithAssetGroupIDLink",
            errorStatuses: [401, 404, 500, 503], effect: .read, capability: "users:read",
            summary: "List the ids of the asset groups that a user may access",
            documentation: "Answers all ids at once, without pages. See role.allAssetGroups of the user too."),
        Operation(
            "users.set_asset_groups", apiName: "set_user_asset_groups",
            endpoint: Endpoint(.console, .put, "/api/3/users/{id}/asset_groups", body: .value),
            parameters: [
                .userID,
                Parameter(
                    "asset_group_ids", wireName: "assetGroupIds", .array(of: .identifier, minimumCount: 0), in: .body,
                    documentation: "The identifiers of all the asset groups that the user should have."),
            ],
            result: .nothing, resultModel: "Links", errorStatuses: [400, 401, 404, 500, 503],
            effect: .idempotent, capability: "users:access",
            summary: "Replace the asset groups that a user may access",
            documentation: """
                Asset groups that are not listed are revoked, and an empty list revokes all. The list is ignored for a \
                user with role.allAssetGroups. Needs a Global Administrator.
                """),
        Operation(
            "users.add_asset_group", apiName: "add_user_asset_group",
            endpoint: Endpoint(.console, .put, "/api/3/users/{id}/asset_groups/{assetGroupId}"),
            parameters: [.userID, .assetGroupID], result: .nothing, resultModel: "Links",
            errorStatuses: [400, 401, 404, 500, 503], effect: .idempotent, capability: "users:access",
            summary: "Grant a user one asset group",
            documentation: """
                A user with role.allAssetGroups cannot be granted single asset groups. Needs a Global Administrator.
                """),
        Operation(
            "users.remove_asset_group", apiName: "remove_user_asset_group",
            endpoint: Endpoint(.console, .delete, "/api/3/users/{id}/asset_groups/{assetGroupId}"),
            parameters: [.userID, .assetGroupID], result: .nothing, resultModel: "Links",
            errorStatuses: [401, 404, 500, 503], effect: .idempotent, capability: "users:access",
            summary: "Revoke one asset group from a user",
            documentation: """
                The vendor's own text for this operation says that it grants; it revokes. It takes nothing from a user \
                with role.allAssetGroups. Needs a Global Administrator.
                """),
        Operation(
            "users.remove_all_asset_groups", apiName: "remove_all_user_asset_groups",
            endpoint: Endpoint(.console, .delete, "/api/3/users/{id}/asset_groups"),
            parameters: [.userID], result: .nothing, resultModel: "Links", errorStatuses: [401, 404, 500, 503],
            effect: .idempotent, capability: "users:access",
            summary: "Revoke all single asset groups from a user",
            documentation: """
                Access through role.allAssetGroups stays: change that with users.patch. What is revoked cannot be read \
                afterwards: keep users.asset_groups first.
                """),
    ]
}
