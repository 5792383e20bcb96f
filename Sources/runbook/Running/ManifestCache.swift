import CommandSupport
import Operations
import RunbookHost

/// What runbooks declared the last time they were listed, by the hash of their source: a list of a hundred then starts no
/// worker. Every declaration is checked again, so a file that someone has altered can at most show another title.
struct ManifestCache {
    /// More than this and the oldest are forgotten: those that the last list did not show.
    private static let maximumEntries = 2_000
    private static let maximumBytes = 16 << 20

    private let path: String
    private var known: [String: ManifestDeclaration] = [:]
    private var used: [String: ManifestDeclaration] = [:]

    /// The cache of a state folder. One that cannot be read is an empty one.
    init(stateDirectory: String) {
        path = Path.joined(stateDirectory, "cache/manifests.json")
        guard let bytes = try? LocalFiles().read(path, limit: Self.maximumBytes),
            let content = try? JSONValue(parsing: bytes), content["version"]?.stringValue == programVersion
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
        var kept = used
        for (hash, declaration) in known where kept.count < Self.maximumEntries { kept[hash] = declaration }
        let content: JSONValue = [
            "version": .string(programVersion),
            "manifests": .object(
                kept.mapValues { ["line": .integer(Int64($0.line)), "table": $0.table] }),
        ]
        try? PrivateFile.makeDirectory(Path.parent(path))
        try? PrivateFile.write(content.bytes(), to: path)
    }
}
