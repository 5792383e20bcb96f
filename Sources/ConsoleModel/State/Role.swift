/// A role: a named set of privileges.
struct Role: Sendable, Hashable {
    static let globalAdministrator = "global-admin"

    let id: String
    var name: String
    var summary: String
    var privileges: [String]
    let isBuiltIn: Bool

    init(_ id: String, _ name: String, _ summary: String, _ privileges: [String], isBuiltIn: Bool = false) {
        self.id = id
        self.name = name
        self.summary = summary
        self.privileges = privileges
        self.isBuiltIn = isBuiltIn
    }

    var needsAllSites: Bool { !Privilege.needAllSites.isDisjoint(with: privileges) }
    var needsAllAssetGroups: Bool { !Privilege.needAllAssetGroups.isDisjoint(with: privileges) }
    var needsSuperuser: Bool { id == Role.globalAdministrator }

    /// The five roles of every console, which nobody can change.
    static let builtIn = [
        Role(
            globalAdministrator, "Global Administrator", "Has every permission on every site and asset group.",
            ["all-permissions"], isBuiltIn: true),
        Role(
            "security-manager", "Security Manager", "Configures and runs scans, and reports on accessible assets.",
            [
                "create-reports", "manage-static-asset-groups", "manage-report-templates",
                "submit-vulnerability-exceptions", "approve-vulnerability-exceptions", "create-tickets",
                "close-tickets", "assign-ticket-assignee", "manage-report-access", "view-asset-group-asset-data",
                "manage-asset-group-assets", "view-site-asset-data", "specify-site-metadata", "specify-scan-targets",
                "assign-scan-engine", "assign-scan-template", "schedule-automatic-scans", "start-unscheduled-scans",
            ], isBuiltIn: true),
        Role(
            "site-admin", "Site Administrator", "Configures and runs scans in accessible sites.",
            [
                "create-reports", "manage-site-access", "view-site-asset-data", "specify-site-metadata",
                "purge-site-asset-data", "specify-scan-targets", "assign-scan-engine", "assign-scan-template",
                "manage-site-credentials", "manage-scan-alerts", "schedule-automatic-scans",
                "start-unscheduled-scans",
            ], isBuiltIn: true),
        Role(
            "system-admin", "System Administrator", "Maintains the console and its engines.",
            ["configure-global-settings", "manage-scan-engines", "manage-scan-templates", "manage-policies"],
            isBuiltIn: true),
        Role(
            "user", "User", "Views and reports on accessible assets.",
            [
                "create-reports", "submit-vulnerability-exceptions", "view-asset-group-asset-data",
                "view-site-asset-data",
            ],
            isBuiltIn: true),
    ]

    /// Roles that an administrator made: one with spaces in its id, one with a privilege newer than the specification.
    static let custom = [
        Role(
            "Site Admin Custom", "Site Admin Custom", "Starts scans and reads their results.",
            ["create-reports", "view-site-asset-data", "start-unscheduled-scans", "manage-scan-alerts"]),
        Role(
            "tier-1-support", "Tier 1 Support", "First line of support: tickets and investigations.",
            ["view-site-asset-data", "create-tickets", "view-vuln-investigations", "manage-advpolicies"]),
    ]
}
