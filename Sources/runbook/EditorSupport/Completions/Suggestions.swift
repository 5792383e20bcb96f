import CommandSupport
import Glibc
import Operations
import RunbookHost
import RunbookSchedule
import RunbookStore
import RunbookTesting

/// Finds what may stand at a place of a command line: quickly, without a word about what cannot be found, and without any
/// secret, question or server.
enum Suggestions {
    /// So many are shown of what there may be thousands of.
    private static let most = 100

    private static let largestRunbook = 1 << 20

    // MARK: Runbooks

    /// Runbooks by name, and Lua files and folders by path.
    static func runbooks(_ request: CommandLineRequest) -> [Suggestion] {
        var found: [Suggestion] = []
        if !request.prefix.contains("/"), let configuration = request.configuration {
            let titles = ManifestCache(stateDirectory: configuration.stateDirectory)
            for file in RunbookFile.all(in: configuration.runbookDirectories) {
                found.append(Suggestion(file.name, title(file.path, titles)))
            }
        }
        return found + files(request, extensions: ["lua"]).filter { !$0.text.hasSuffix(TestFile.suffix) }
    }

    /// The parameters of the runbook that the command line names, if it was listed since it was last changed.
    static func parameters(_ request: CommandLineRequest) -> [Suggestion] {
        guard !request.prefix.contains("="), let configuration = request.configuration else { return [] }
        let cache = ManifestCache(stateDirectory: configuration.stateDirectory)
        for word in request.plainWords {
            guard let declaration = declaration(word, configuration, cache),
                let parameters = declaration.table["params"]?.objectValue
            else { continue }
            let given = Set(request.words.map { $0.prefix { $0 != "=" } })
            return parameters.keys.sorted().filter { !given.contains($0[...]) }.map { name in
                Suggestion(name + "=", parameters[name]?["doc"]?.stringValue ?? "")
            }
        }
        return []
    }

    private static func declaration(
        _ word: String, _ configuration: Configuration, _ cache: ManifestCache
    ) -> ManifestDeclaration? {
        guard let runbook = try? RunbookFile.read(word, directories: configuration.runbookDirectories),
            runbook.source.count <= largestRunbook
        else { return nil }
        return cache.declaration(runbook.sha256)
    }

    private static func title(_ path: String, _ cache: ManifestCache) -> String {
        guard let source = try? LocalFiles().read(path, limit: largestRunbook) else { return "" }
        return cache.declaration(Runbook(name: path, source: source).sha256)?.table["title"]?.stringValue ?? ""
    }

    // MARK: The configuration

    /// The names of targets.
    static func targets(_ request: CommandLineRequest) -> [Suggestion] {
        let targets = request.configuration?.targets ?? [:]
        return targets.values.sorted { $0.name < $1.name }.map { target in
            Suggestion(target.name, target.services.compactMap(\.url?.value).joined(separator: ", "))
        }
    }

    /// The addresses of the targets' services.
    static func addresses(_ request: CommandLineRequest) -> [Suggestion] {
        let targets = request.configuration?.targets ?? [:]
        return targets.values.sorted { $0.name < $1.name }.flatMap { target in
            target.services.compactMap { service in service.url.map { Suggestion($0.value, target.name) } }
        }
    }

    // MARK: The state

    /// The newest runs, and the word `last`.
    ///
    /// - Parameter isWanted: which are of use.
    static func runs(
        _ request: CommandLineRequest, where isWanted: @escaping @Sendable (RunRecord) -> Bool
    ) -> [Suggestion] {
        guard let state = request.configuration.map({ StateStore($0) }) else { return [] }
        let records = QuickAnswer.wait { try? await state.runs(RunFilter(limit: most)) } ?? []
        let found = records.filter(isWanted).map { Suggestion($0.id, note($0)) }
        return (records.first.map(isWanted) == true ? [Suggestion("last", "the newest run")] : []) + found
    }

    /// Plans: files, and the ids of those that runs have made and that can still be applied.
    static func plans(_ request: CommandLineRequest) -> [Suggestion] {
        let files = files(request, extensions: ["plan", "json"])
        guard !request.prefix.contains("/"), let state = request.configuration.map({ StateStore($0) }) else {
            return files
        }
        let records = QuickAnswer.wait { try? await state.runs(RunFilter(limit: most)) } ?? []
        let applied = Set(records.filter { $0.mode == .apply }.map(\.plan))
        let now = SystemClock().unixMilliseconds()
        let open = records.filter { now < ($0.ended ?? $0.began) + Plan.lifetime }
        let plans = open.compactMap { record in
            SlotReport.plan(of: record).flatMap { applied.contains($0) ? nil : Suggestion($0, note(record)) }
        }
        return plans + files
    }

    /// The schedules.
    static func schedules(_ request: CommandLineRequest) -> [Suggestion] {
        guard let state = request.configuration.map({ StateStore($0) }), access(state.store.path, F_OK) == 0 else {
            return []
        }
        let entries = QuickAnswer.wait { try? await state.store.entries(after: nil, limit: most) } ?? []
        return entries.map(\.schedule).filter { $0.phase != .removed }.map { Suggestion($0.name, $0.trigger) }
    }

    private static func note(_ record: RunRecord) -> String {
        let name = Path.name(record.runbook)
        let began = Timestamp(unixMilliseconds: record.began).description.prefix(16)
        let mode = record.mode == .run ? "" : record.mode.rawValue + " "
        return "\(mode)\(record.status.rawValue) \(name.hasSuffix(".lua") ? String(name.dropLast(4)) : name) \(began)Z"
    }

    // MARK: What is always there

    /// The operations.
    static func operations(_ request: CommandLineRequest) -> [Suggestion] {
        Catalogue.standard.operations.map { Suggestion($0.name, $0.summary) }
    }

    /// The system's time zones.
    static func zones(_ request: CommandLineRequest) -> [Suggestion] {
        let folders = request.environment["TZDIR"].map { [$0] } ?? TimeZoneCatalogue.usualFolders
        for folder in folders {
            guard let table = try? LocalFiles().read(folder + "/zone.tab", limit: 1 << 20) else { continue }
            let names = String(decoding: table, as: UTF8.self).split(separator: "\n").compactMap { line -> String? in
                let fields = line.split(separator: "\t")
                return line.hasPrefix("#") || fields.count < 3 ? nil : String(fields[2])
            }
            return (["UTC"] + names.sorted()).map { Suggestion($0) }
        }
        return [Suggestion("UTC")]
    }

    // MARK: Files

    /// Folders, and files with one of these endings, that the word may go on with.
    static func files(_ request: CommandLineRequest, extensions: [String]) -> [Suggestion] {
        let cut = request.prefix.lastIndex(of: "/").map { request.prefix.index(after: $0) } ?? request.prefix.startIndex
        let folder = String(request.prefix[..<cut]), beginning = request.prefix[cut...]
        let sources = ConfigurationSources(environment: request.environment)
        let place = sources.absolute(folder.isEmpty ? "." : folder, from: sources.workingDirectory)
        let names = (try? LocalFiles.names(in: place)) ?? []
        return names.sorted().filter { $0.hasPrefix(beginning) && (!$0.hasPrefix(".") || beginning.hasPrefix(".")) }
            .compactMap { name in
                if LocalFiles().status(Path.joined(place, name))?.isDirectory == true {
                    return Suggestion(folder + name + "/")
                }
                return extensions.contains { name.hasSuffix("." + $0) } ? Suggestion(folder + name) : nil
            }
    }
}
