import CommandSupport
import Glibc
import Operations
import RunbookHost
import RunbookTesting

/// Finds and reads runbooks.
enum RunbookFile {
    /// The most that is read of a file, in bytes; a run's own limit is lower as a rule.
    private static let maximumSize = 64 << 20

    /// A runbook by its path, or by its name in one of the directories.
    static func read(_ nameOrPath: String, directories: [String]) throws(CommandError) -> Runbook {
        if nameOrPath.contains("/") || nameOrPath.hasSuffix(".lua") { return try read(path: nameOrPath) }
        for directory in directories where !"\(nameOrPath).lua".hasSuffix(TestFile.suffix) {
            let path = "\(directory)/\(nameOrPath).lua"
            if access(path, F_OK) == 0 { return try read(path: path) }
        }
        let names = all(in: directories).map(\.name)
        let advice =
            nameOrPath.nearest(among: names).map { "did you mean '\($0)'?" }
            ?? "'runbook list' shows what there is in \(directories.joined(separator: ", ")); a path works too"
        throw CommandError("there is no runbook '\(nameOrPath)'; \(advice)")
    }

    static func read(path: String) throws(CommandError) -> Runbook {
        let reason: String
        do throws(FileFailure) {
            if let source = try LocalFiles().read(path, limit: maximumSize) {
                return Runbook(name: path, source: source, signature: SignatureFile.read(beside: path))
            }
            reason = "there is no such file"
        } catch { reason = error.reason }
        throw CommandError(
            "\(path) cannot be read: \(reason). Give the path of a runbook, or a name that 'runbook list' shows")
    }

    /// The runbooks in the directories, without their tests; of two with one name the first counts, as it does for `run`.
    static func all(in directories: [String]) -> [(name: String, path: String)] {
        var seen: Set<String> = []
        var found: [(name: String, path: String)] = []
        for directory in directories {
            let files = (try? LocalFiles.names(in: directory)) ?? []
            for file in files.sorted() where file.hasSuffix(".lua") && !file.hasSuffix(TestFile.suffix) {
                let name = String(file.dropLast(4))
                if seen.insert(name).inserted { found.append((name, "\(directory)/\(file)")) }
            }
        }
        return found
    }
}
