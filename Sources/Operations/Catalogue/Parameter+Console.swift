extension Parameter {
    /// The `id` of every path below `/api/3/users/`.
    static let userID = Parameter(
        "id", .identifier, in: .path, documentation: "The identifier of the user, a whole number such as 7.")

    /// The `siteId` of a user's access to one site.
    static let siteID = Parameter(
        "site_id", wireName: "siteId", .identifier, in: .path, documentation: "The identifier of the site.")

    /// The `assetGroupId` of a user's access to one asset group.
    static let assetGroupID = Parameter(
        "asset_group_id", wireName: "assetGroupId", .identifier, in: .path,
        documentation: "The identifier of the asset group.")

    /// The `id` of every path below `/api/3/roles/`.
    static let roleID = Parameter(
        "id", .name, in: .path,
        documentation: "The identifier of the role, a string such as security-manager; it may hold spaces.")

    /// The `id` of every path below `/api/3/privileges/`.
    static let privilegeID = Parameter(
        "id", .name, in: .path, documentation: "The identifier of the privilege, a string such as manage-sites.")

    /// The `id` of every path below `/api/3/authentication_sources/`.
    static let authenticationSourceID = Parameter(
        "id", .identifier, in: .path, documentation: "The identifier of the authentication source.")
}
