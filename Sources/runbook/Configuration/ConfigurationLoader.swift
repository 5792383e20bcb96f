import CommandSupport
import Operations
import RunbookHost

/// Puts a configuration together.
struct ConfigurationLoader {
    private let options: GlobalOptions
    private let sources: ConfigurationSources
    private var warnings: [String] = []
    private var entries: [Configuration.Entry] = []
    /// The user's own file, and the project's: the weaker one first.
    private var files: [ConfigurationFile] = []

    init(_ options: GlobalOptions, sources: ConfigurationSources) throws(CommandError) {
        self.options = options
        self.sources = sources
    }

    mutating func load() throws(CommandError) -> Configuration {
        try readFiles()
        let state = try stateDirectory()
        let stateKey = self.stateKey(state)
        let targets = try self.targets()
        let target = try chosenTarget(of: targets)
        let level = try choice(
            "log.level", options.logLevel, .logLevel, \.logLevel, LogLevel.expected,
            standard: "as each command has it")
        let format = try choice(
            "log.format", options.logFormat, .logFormat, \.logFormat, LogFormat.expected,
            standard: LogFormat.text.rawValue)
        let runbooks = runbookDirectories()
        let limits = self.limits()
        let signatures = self.signatures()
        var policy = self.policy()
        policy.signatures = signatures.policy
        let checkpoint = self.checkpoint(), formerAuditKeys = self.formerAuditKeys()
        if let target {
            entries.append(Configuration.Entry(key: "target", value: target.value, origin: target.origin))
        }
        for target in targets.values.sorted(by: { $0.name < $1.name }) {
            entries += target.services.flatMap(\.entries)
        }
        return Configuration(
            stateDirectory: state, stateKey: stateKey, runbookDirectories: runbooks, limits: limits, policy: policy,
            signingKey: signatures.source, logLevel: level, logFormat: format, checkpoint: checkpoint,
            formerAuditKeys: formerAuditKeys, entries: entries, warnings: warnings, files: files.map(\.path),
            targetName: target?.value,
            isTargetAskedFor: options.target != nil || sources.variable(.target) != nil, targets: targets,
            sources: sources)
    }

    // MARK: Files

    private mutating func readFiles() throws(CommandError) {
        if let path = options.config {
            return try readNamed(path, .flag("--config"))
        }
        if let path = sources.variable(.configuration) {
            return try readNamed(path, .variable(.configuration))
        }
        if let folder = sources.baseDirectory(.configurationHome, ".config") {
            let path = Path.joined(folder, "runbook/config.yaml")
            if let text = try text(path) {
                try refuseIfOthersCanWrite(path)
                files.append(try ConfigurationFile.read(text, path: path, kind: .own, sources: sources))
            }
        }
        if let path = projectFile(), let text = try text(path) {
            files.append(try ConfigurationFile.read(text, path: path, kind: .project, sources: sources))
        }
    }

    private mutating func readNamed(_ path: String, _ origin: Origin) throws(CommandError) {
        let path = sources.absolute(path, from: sources.workingDirectory)
        guard let text = try text(path) else {
            throw CommandError("the configuration file \(path), named by the \(origin), does not exist: check the path")
        }
        files.append(try ConfigurationFile.read(text, path: path, kind: .own, sources: sources))
    }

    /// A file's text; `nil` if there is no such file.
    private func text(_ path: String) throws(CommandError) -> String? {
        let content: [UInt8]?
        do throws(FileFailure) {
            content = try sources.files.read(path, limit: ConfigurationFile.maximumSize)
        } catch {
            throw CommandError("the configuration file \(path) cannot be read: \(error.reason)")
        }
        guard let content else { return nil }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw CommandError("the configuration file \(path) is not text in UTF-8: save it as UTF-8")
        }
        return text
    }

    /// The user's own file may name programs to run.
    private func refuseIfOthersCanWrite(_ path: String) throws(CommandError) {
        guard let status = sources.files.status(path) else { return }
        if status.permissions & 0o002 != 0 {
            throw CommandError(
                "the configuration file \(path) can be changed by every user of this machine, and it can name programs to "
                    + "run: run chmod o-w \(path), and look at what it says")
        }
    }

    /// The nearest project file, in the working directory or above it, up to the top of a git checkout.
    private mutating func projectFile() -> String? {
        var directory = sources.workingDirectory
        while true {
            for name in ["runbook.yaml", ".runbook.yaml"] {
                let path = Path.joined(directory, name)
                guard let status = sources.files.status(path) else { continue }
                // In a folder such as /tmp anybody can lay a file in the way.
                let isForeign = status.owner != sources.user && status.owner != 0
                guard !isForeign, status.permissions & 0o002 == 0 else {
                    warnings.append(
                        "\(path) is not read, because "
                            + (isForeign ? "it belongs to another user" : "every user of this machine can change it")
                            + ": name it with --config if you trust it")
                    return nil
                }
                return path
            }
            if directory == "/" || sources.files.status(Path.joined(directory, ".git")) != nil { return nil }
            directory = Path.parent(directory)
        }
    }

    // MARK: Values

    private mutating func stateDirectory() throws(CommandError) -> String {
        let setting: Setting<String>
        if let path = options.state {
            setting = Setting(path, .flag("--state"))
        } else if let path = sources.variable(.state) {
            setting = Setting(path, .variable(.state))
        } else if let state = files.last(where: { $0.state != nil })?.state {
            setting = state
        } else if let folder = sources.baseDirectory(.stateHome, ".local/state") {
            let isNamed = sources.variable(.stateHome)?.hasPrefix("/") == true
            setting = Setting(Path.joined(folder, "runbook"), isNamed ? .variable(.stateHome) : .standard)
        } else {
            throw CommandError("there is no place to keep state, since HOME is not set: set it, or give --state DIR")
        }
        guard !setting.value.isEmpty else { throw CommandError("--state is empty: give it a folder") }
        let path = sources.absolute(setting.value, from: sources.workingDirectory)
        entries.append(Configuration.Entry(key: "state", value: path, origin: setting.origin))
        return path
    }

    private mutating func stateKey(_ directory: String) -> SecretSource? {
        let setting = files.last(where: { $0.stateKey != nil })?.stateKey
        let source = setting?.value ?? .file(KeyFile.state(stateDirectory: directory).path)
        entries.append(
            Configuration.Entry(key: "state.key", value: source.description, origin: setting?.origin ?? .standard))
        return setting?.value
    }

    private mutating func choice<Value: RawRepresentable>(
        _ key: String, _ flag: Value?, _ variable: EnvironmentVariable,
        _ path: KeyPath<ConfigurationFile, Setting<Value>?>, _ expected: String, standard: String
    ) throws(CommandError) -> Value? where Value.RawValue == String {
        let setting: Setting<Value>?
        if let flag {
            setting = Setting(flag, .flag(variable.flag ?? key))
        } else if let text = sources.variable(variable) {
            guard let value = Value(rawValue: text) else {
                throw CommandError("the variable \(variable.name) is '\(text)': it must be \(expected)")
            }
            setting = Setting(value, .variable(variable))
        } else {
            setting = files.reversed().lazy.compactMap { $0[keyPath: path] }.first
        }
        entries.append(
            Configuration.Entry(
                key: key, value: setting?.value.rawValue ?? standard, origin: setting?.origin ?? .standard))
        return setting?.value
    }

    /// All that is named, then what is always there: a project's runbooks do not hide the user's, unless by name.
    private mutating func runbookDirectories() -> [String] {
        var settings: [Setting<String>] = []
        for path in (sources.variable(.path) ?? "").split(separator: ":") {
            settings.append(
                Setting(sources.absolute(String(path), from: sources.workingDirectory), .variable(.path)))
        }
        for file in files.reversed() { settings += file.runbooks }
        if settings.isEmpty {
            settings.append(Setting(Path.joined(sources.workingDirectory, "runbooks"), .standard))
        }
        if let folder = sources.baseDirectory(.configurationHome, ".config") {
            settings.append(Setting(Path.joined(folder, "runbook/runbooks"), .standard))
        }
        let shipped = Path.joined(sources.programDirectory, "../share/runbook/runbooks")
        if sources.files.status(shipped)?.isDirectory == true { settings.append(Setting(shipped, .standard)) }
        var seen: Set<String> = []
        settings = settings.filter { seen.insert($0.value).inserted }
        for (index, setting) in settings.enumerated() {
            entries.append(
                Configuration.Entry(key: "runbooks[\(index + 1)]", value: setting.value, origin: setting.origin))
        }
        return settings.map(\.value)
    }

    private mutating func limits() -> RunLimits {
        var merger = LimitMerger()
        for file in files { merger.apply(file.limits, onlyLowering: file.kind == .project) }
        entries += merger.entries
        warnings += merger.warnings
        return merger.limits
    }

    private mutating func signatures() -> SignatureMerger {
        var merger = SignatureMerger()
        for file in files { merger.apply(file.signatures, onlyNarrowing: file.kind == .project) }
        entries += merger.entries
        warnings += merger.warnings
        return merger
    }

    private mutating func policy() -> Policy {
        var allowed: Setting<Set<Capability>>?
        for file in files {
            guard let capabilities = file.capabilities else { continue }
            // A project file can only take away.
            let value = allowed.map { $0.value.intersection(capabilities.value) } ?? capabilities.value
            allowed = Setting(value, capabilities.origin)
        }
        let text = allowed.map { $0.value.isEmpty ? "none" : $0.value.sorted().map(\.rawValue).joined(separator: " ") }
        entries.append(
            Configuration.Entry(
                key: "policy.capabilities", value: text ?? "all that a runbook asks for",
                origin: allowed?.origin ?? .standard))
        return Policy(capabilities: allowed?.value)
    }

    private mutating func checkpoint() -> CheckpointDestination? {
        let setting = files.last(where: { $0.checkpoint != nil })?.checkpoint
        entries.append(
            Configuration.Entry(
                key: setting.map { "audit.checkpoint.\($0.value.way)" } ?? "audit.checkpoint",
                value: setting?.value.description ?? "none", origin: setting?.origin ?? .standard))
        return setting?.value
    }

    private mutating func formerAuditKeys() -> [AuditPublicKey] {
        let keys = files.last(where: { !$0.formerAuditKeys.isEmpty })?.formerAuditKeys ?? []
        for (index, key) in keys.enumerated() {
            entries.append(
                Configuration.Entry(
                    key: "audit.former_keys[\(index + 1)]", value: key.value.base64, origin: key.origin))
        }
        return keys.map(\.value)
    }

    // MARK: Targets

    /// Every target by name. A project's target never takes the name of one of the user's: what is meant for that one
    /// would go to a server that a checkout names.
    private mutating func targets() throws(CommandError) -> [String: TargetSettings] {
        var targets: [String: TargetSettings] = [:]
        for file in files {
            for target in file.targets {
                if targets[target.name] != nil {
                    warnings.append(
                        "the target \(target.name) of \(file.path) is not used, since your own file has one of that name: "
                            + "rename one of them to use both")
                } else {
                    targets[target.name] = target
                }
            }
        }
        let environment = EnvironmentTarget(sources: sources)
        warnings += environment.warnings
        if let target = try environment.read() { targets[target.name] = target }
        return targets
    }

    private func chosenTarget(
        of targets: [String: TargetSettings]
    ) throws(CommandError) -> Setting<String>? {
        let named: Setting<String>?
        if let name = options.target {
            named = Setting(name, .flag("--target"))
        } else if let name = sources.variable(.target) {
            named = Setting(name, .variable(.target))
        } else if let environment = targets[TargetSettings.environmentName],
            let url = environment.services.first?.url
        {
            return Setting(environment.name, url.origin)
        } else {
            named = files.last(where: { $0.defaultTarget != nil })?.defaultTarget
        }
        guard let named else {
            // With only one there is nothing to choose.
            return targets.count == 1 ? targets.keys.first.map { Setting($0, .standard) } : nil
        }
        guard targets[named.value] != nil else { throw unknownTarget(named, targets.keys.sorted()) }
        return named
    }

    private func unknownTarget(_ named: Setting<String>, _ known: [String]) -> CommandError {
        let hint: String
        if named.value == TargetSettings.environmentName {
            hint = "set RUNBOOK_CONSOLE_URL or RUNBOOK_XPANSE_URL, and the credentials beside it"
        } else if let near = named.value.nearest(among: known) {
            hint = "did you mean \(near)?"
        } else if known.isEmpty {
            hint = "add it to targets in your configuration file"
        } else {
            hint = "configured are \(known.joined(separator: ", "))"
        }
        return CommandError("the \(named.origin) names the target '\(named.value)', which is not configured: \(hint)")
    }
}
