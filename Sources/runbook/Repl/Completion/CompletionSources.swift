import Operations
import RunbookHost

/// All that completion needs to know of the session. Whatever may take time is asked for.
struct CompletionSources: Sendable {
    /// A file or folder.
    struct File: Sendable, Hashable {
        let name: String
        let isFolder: Bool
    }

    /// Something that is called by name, and what it is in one line.
    struct Entry: Sendable, Hashable {
        let name: String
        let detail: String
    }

    /// The operations.
    let catalogue: Catalogue
    /// What else a script finds. Default: what the machine has.
    let known: KnownNames
    /// The commands of the session.
    let commands: [SessionCommand]
    /// The names in the table at the end of a path from the globals, with the kinds of their values: `function`, `table`,
    /// `string`…; `nil` if there is none, or it cannot be had now.
    let names: @Sendable ([PathKey]) async -> [(name: String, kind: String)]?
    /// What is at the target.
    let targetNames: TargetNames
    /// The targets that are configured.
    let targets: @Sendable () async -> [Entry]
    /// The latest runs, by id.
    let runs: @Sendable () async -> [Entry]
    /// What is in a folder, given as a person typed it: empty for the current one, else with `/` at its end; `nil` if
    /// there is no such folder.
    let files: @Sendable (String) async -> [File]?

    init(
        catalogue: Catalogue, known: KnownNames = .standard, commands: [SessionCommand],
        names: @escaping @Sendable ([PathKey]) async -> [(name: String, kind: String)]?, targetNames: TargetNames,
        targets: @escaping @Sendable () async -> [Entry], runs: @escaping @Sendable () async -> [Entry],
        files: @escaping @Sendable (String) async -> [File]?
    ) {
        self.catalogue = catalogue
        self.known = known
        self.commands = commands
        self.names = names
        self.targetNames = targetNames
        self.targets = targets
        self.runs = runs
        self.files = files
    }
}
