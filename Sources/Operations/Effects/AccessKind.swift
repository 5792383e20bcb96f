/// What a user can be given access to one by one.
enum AccessKind: String, Sendable, Hashable, CaseIterable {
    case sites
    case assetGroups = "asset_groups"

    /// The member of a user's `role` that grants all of them.
    var flag: String {
        switch self {
        case .sites: "allSites"
        case .assetGroups: "allAssetGroups"
        }
    }

    /// The argument that lists them.
    var listArgument: String {
        switch self {
        case .sites: "site_ids"
        case .assetGroups: "asset_group_ids"
        }
    }

    /// The argument that names one.
    var memberArgument: String {
        switch self {
        case .sites: "site_id"
        case .assetGroups: "asset_group_id"
        }
    }

    /// What people call one of them.
    var noun: String {
        switch self {
        case .sites: "site"
        case .assetGroups: "asset group"
        }
    }
}
