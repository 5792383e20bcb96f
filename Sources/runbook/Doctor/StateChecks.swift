import CommandSupport
import Glibc

/// Whether state can be kept, and from others.
struct StateChecks {
    let configuration: Configuration

    func checks() -> [Check] {
        let group = "state"
        let directory = configuration.stateDirectory
        let files = configuration.sources.files
        guard let status = files.status(directory) else { return [missing(group, directory, files)] }
        guard status.isDirectory else {
            return [
                .failed(
                    group, "folder", "\(directory) is not a folder",
                    advice: "move it away, or name another folder with --state or RUNBOOK_STATE")
            ]
        }
        var checks: [Check] = []
        if access(directory, W_OK | X_OK) == 0 {
            checks.append(.ok(group, "folder", "\(directory) can be written"))
        } else {
            checks.append(
                .failed(
                    group, "folder", "\(directory): \(FileFailure(errno: errno).reason)",
                    advice: "give it to the user that runs runbook, or name another with --state or RUNBOOK_STATE"))
        }
        if status.owner != configuration.sources.user {
            checks.append(
                .failed(
                    group, "owner", "\(directory) belongs to another user, who decides what is in it",
                    advice: "give it to the user that runs runbook, or name another with --state or RUNBOOK_STATE"))
        } else if status.permissions & 0o077 != 0 {
            checks.append(
                .failed(
                    group, "permissions",
                    "\(directory) is open to other users (\(String(status.permissions & 0o777, radix: 8)))",
                    advice: "run chmod 700 \(directory)"))
        } else {
            checks.append(.ok(group, "permissions", "for you alone"))
        }
        do throws(CommandError) {
            let count = try configuration.trustStore.certificates().count
            checks.append(.ok(group, "trust", "\(count) trusted \(count == 1 ? "certificate" : "certificates")"))
        } catch {
            checks.append(.failed(group, "trust", error.message))
        }
        return checks
    }

    /// The folder is made when it is first needed.
    private func missing(_ group: String, _ directory: String, _ files: any FileAccess) -> Check {
        var parent = Path.parent(directory)
        while files.status(parent) == nil, parent != "/" { parent = Path.parent(parent) }
        guard files.status(parent)?.isDirectory == true, access(parent, W_OK | X_OK) == 0 else {
            return .failed(
                group, "folder", "\(directory) does not exist and cannot be made in \(parent)",
                advice: "make it for the user that runs runbook, or name another with --state or RUNBOOK_STATE")
        }
        return .ok(group, "folder", "\(directory) will be made when it is needed")
    }
}
