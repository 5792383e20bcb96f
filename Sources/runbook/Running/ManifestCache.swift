import CommandSupport
import Operations
import RunbookHost

/// What runbooks declared the last time they were listed, by the hash of their source: a list of a hundred then starts no
/// worker. A file that somebody else could have altered is not believed, as it would tell another story of what a runbook
/// needs; a run never asks it.
struct ManifestCache {
    /// More than this and the oldest are forgotten: those that the last list did not show.
    private static let maximumEntries = 2_000
    private static let maximumBytes = 16 << 20

    /// Another machine or prelude may take another table from the same source.
    private static let version = "\(programVersion) \(RunbookHost.preludeHash)"

    private let path: String
    private var known: [String: ManifestDeclaration] = [:]
    private var used: [String: ManifestDeclaration] = [:]

    /// The cache of a state folder. One that cannot be read is an empty one.
    init(stateDirectory: String) {
        path = Path.joined(stateDirectory, "cache/manifests.json")
        guard PrivateFile.isOwn(path), PrivateFile.isOwn(Path.parent(path)),
            let bytes = try? LocalFiles().read(path, limit: Self.maximumBytes),
            let content = try? JSONValue(parsing: bytes), content["version"]?.stringValue == Self.version
        else { return }
        for (hash, entry) in content["manifests"]?.objectValue ?? [:] {
            guard let line = entry["line"]?.integerValue, let table = entry["table"] else { continue }
            known[hash] = ManifestDeclaration(table: table, line: Int(clamping: line), sha256: hash)
        }
    }

    /// What the source with this hash declares, if that is known.
    func declaration(_ sha256: String) -> ManifestDeclaration? { known[sha256] }

    /// Notes what a listed runbook declares.
    mutating func note(_ declaration: ManifestDeclaration) { used[declaration.sha256] = declaration }

    /// Writes down what is new. It is a cache: what cannot be written is found out again the next time.
    func save() {
        guard used.keys.contains(where: { known[$0] == nil }) else { return }
        var kept = [String: ManifestDeclaration](uniqueKeysWithValues: used.prefix(Self.maximumEntries).map { $0 })
        for (hash, declaration) in known where kept.count < Self.maximumEntries { kept[hash] = declaration }
        let content: JSONValue = [
            "version": .string(Self.version),
            "manifests": .object(
                kept.mapValues { ["line": .integer(Int64($0.line)), "table": $0.table] }),
        ]
        let bytes = content.bytes()
        guard bytes.count <= Self.maximumBytes else { return }
        try? PrivateFile.makeDirectory(Path.parent(path))
        try? PrivateFile.write(bytes, to: path)
    }
}
