/// The names of what a role may allow.
enum Privilege {
    /// The specification's enumeration, in its order.
    static let specified = [
        "all-permissions", "create-reports", "configure-global-settings", "manage-sites", "manage-tags",
        "manage-static-asset-groups", "manage-dynamic-asset-groups", "manage-scan-templates",
        "manage-report-templates", "manage-scan-engines", "submit-vulnerability-exceptions",
        "approve-vulnerability-exceptions", "delete-vulnerability-exceptions", "manage-vuln-investigations",
        "view-vuln-investigations", "create-tickets", "close-tickets", "assign-ticket-assignee",
        "manage-site-access", "manage-asset-group-access", "manage-report-access",
        "use-restricted-report-sections", "manage-policies", "view-asset-group-asset-data",
        "manage-asset-group-assets", "view-site-asset-data", "specify-site-metadata", "purge-site-asset-data",
        "specify-scan-targets", "assign-scan-engine", "assign-scan-template", "manage-site-credentials",
        "manage-scan-alerts", "schedule-automatic-scans", "start-unscheduled-scans",
    ]

    /// What newer consoles added after the specification was written: clients must not fail on it.
    static let newer = ["manage-advpolicies"]

    static let all = specified + newer

    /// A user whose role holds one of these must have access to all sites.
    static let needAllSites: Set<String> = ["all-permissions", "manage-sites", "manage-tags"]
    /// A user whose role holds one of these must have access to all asset groups.
    static let needAllAssetGroups: Set<String> = ["all-permissions", "manage-dynamic-asset-groups"]
}
