import ArgumentParser

/// How the audit log is exported.
enum AuditExportFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// The lines byte for byte, so that they can be verified.
    case jsonl
    /// Events of the Open Cybersecurity Schema Framework, for other programs.
    case ocsf
}
