import CommandSupport
import FoundationEssentials
import Operations
import RunbookHost

/// Finds and reads runbooks.
enum RunbookFile {
    /// A runbook by its path, or by its name in one of the directories.
    static func read(_ nameOrPath: String, directories: [String]) throws(CommandError) -> Runbook {
        if nameOrPath.contains("/") || nameOrPath.hasSuffix(".lua") { return try read(path: nameOrPath) }
        for directory in directories {
            let path = "\(directory)/\(nameOrPath).lua"
            if FileManager.default.fileExists(atPath: path) { return try read(path: path) }
        }
        let names = all(in: directories).map(\.name)
        let advice =
            nameOrPath.nearest(among: names).map { "did you mean '\($0)'?" }
            ?? "'runbook list' shows what there is in \(directories.joined(separator: ", ")); a path works too"
        throw CommandError("there is no runbook '\(nameOrPath)'; \(advice)")
    }

    static func read(path: String) throws(CommandError) -> Runbook {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            throw CommandError(
                "\(path) cannot be read: \(reason(error)). Give the path of a runbook, or a name that 'runbook list' shows"
            )
        }
        return Runbook(name: path, source: Array(data))
    }

    /// The runbooks in the directories; of two with one name the first counts, as it does for `run`.
    static func all(in directories: [String]) -> [(name: String, path: String)] {
        var seen: Set<String> = []
        var found: [(name: String, path: String)] = []
        for directory in directories {
            let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
            for file in files.sorted() where file.hasSuffix(".lua") {
                let name = String(file.dropLast(4))
                if seen.insert(name).inserted { found.append((name, "\(directory)/\(file)")) }
            }
        }
        return found
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? CocoaError else { return "\(error)" }
        switch error.code {
        case .fileReadNoSuchFile, .fileNoSuchFile: return "there is no such file"
        case .fileReadNoPermission: return "you may not read it"
        default: return "it is no readable file"
        }
    }
}
