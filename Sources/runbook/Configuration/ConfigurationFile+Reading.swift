import CommandSupport
import Operations
import RESTClient
import RunbookHost

extension ConfigurationFile {
    /// The most that a configuration file may have, in bytes.
    static let maximumSize = 256 << 10

    /// Reads a file's text.
    ///
    /// - Throws: ``CommandError`` with file and line, and what to do.
    static func read(
        _ text: String, path: String, kind: Kind, sources: ConfigurationSources
    ) throws(CommandError) -> ConfigurationFile {
        var reader = ConfigurationFileReader(
            file: ConfigurationFile(path: path, kind: kind), sources: sources, directory: Path.parent(path))
        return try reader.read(try YAMLMapping(file: path, text: text))
    }
}

/// Makes a ``ConfigurationFile`` of its YAML.
private struct ConfigurationFileReader {
    var file: ConfigurationFile
    let sources: ConfigurationSources
    /// Where relative paths of the file start.
    let directory: String

    mutating func read(_ root: YAMLMapping) throws(CommandError) -> ConfigurationFile {
        try root.check(.file)
        file.defaultTarget = try root.text("default_target")
        try readState(root)
        file.runbooks = try (root.texts("runbooks") ?? []).map { Setting(absolute($0.value), $0.origin) }
        if let targets = try root.mapping("targets") {
            for name in targets.keys { try read(target: name, of: targets) }
        }
        if let policy = try root.mapping("policy") { try read(policy: policy) }
        if let limits = try root.mapping("limits") { try read(limits: limits) }
        if let signatures = try root.mapping("signatures") { try read(signatures: signatures) }
        if let log = try root.mapping("log") {
            try log.check(.log)
            file.logLevel = try log.value("level", LogLevel.expected) { LogLevel(rawValue: $0) }
            file.logFormat = try log.value("format", LogFormat.expected) { LogFormat(rawValue: $0) }
        }
        if let audit = try root.mapping("audit") {
            guard file.kind == .own else {
                throw root.fault(
                    "audit",
                    "cannot be set by a project file, so that a checkout cannot say where the proof of what it did goes: set it "
                        + "in your own file")
            }
            try audit.check(.audit)
            if let checkpoint = try audit.mapping("checkpoint") { try read(checkpoint: checkpoint) }
            try readFormerKeys(audit)
        }
        return file
    }

    /// `state: PATH`, or `state: { folder: PATH, key: … }`.
    private mutating func readState(_ root: YAMLMapping) throws(CommandError) {
        guard root.keys.contains("state") else { return }
        guard file.kind == .own else {
            throw root.fault(
                "state",
                "cannot be set by a project file, since the certificates you trust are kept there: set it in "
                    + "your own file, by RUNBOOK_STATE or by --state")
        }
        var folder: Setting<String>?
        if root.isScalar("state") {
            folder = try root.text("state")
        } else if let state = try root.mapping("state") {
            try state.check(.state)
            folder = try state.text("folder")
            file.stateKey = try secret("key", state)
        }
        file.state = folder.map { Setting(absolute($0.value), $0.origin) }
    }

    private mutating func read(target name: String, of targets: YAMLMapping) throws(CommandError) {
        guard name != TargetSettings.environmentName else {
            throw targets.fault(
                name,
                "has the name of the target that the RUNBOOK_CONSOLE_… and RUNBOOK_XPANSE_… variables make: give it "
                    + "another one")
        }
        guard let target = try targets.mapping(name) else { return }
        try target.check(.target)
        var services: [ServiceSettings] = []
        for service in [Service.console, .xpanse] {
            if let settings = try target.mapping(service.rawValue) { services.append(try read(service, settings)) }
        }
        guard !services.isEmpty else {
            throw targets.fault(name, "has neither a console nor an xpanse: add one, with url and credentials")
        }
        file.targets.append(TargetSettings(name: name, services: services))
    }

    private func read(_ service: Service, _ mapping: YAMLMapping) throws(CommandError) -> ServiceSettings {
        try mapping.check(service == .xpanse ? .xpanse : .console)
        var settings = ServiceSettings(service, key: mapping.path)
        settings.url = try mapping.text("url")
        settings.user = try mapping.text("user")
        settings.password = try secret("password", mapping)
        settings.token = try secret("token", mapping)
        settings.keyID = try mapping.text("key_id")
        settings.apiKey = try secret("key", mapping)
        settings.keyType = try mapping.value("key_type", ServiceFormat.keyType) { XpanseKeyType(rawValue: $0) }
        settings.authorities = try mapping.text("ca").map { Setting(absolute($0.value), $0.origin) }
        settings.fingerprint = try mapping.value("fingerprint", ServiceFormat.fingerprint) {
            CertificateFingerprint($0)
        }
        settings.timeout = try mapping.value("timeout", ServiceFormat.timeout, ServiceFormat.timeout(_:))
        settings.concurrency = try mapping.value(
            "concurrency", ServiceFormat.concurrency, ServiceFormat.concurrency(_:))
        if let missing = settings.missing { throw mapping.fault(missing, "is missing: add it") }
        try settings.checkTrust()
        return settings
    }

    private func secret(_ key: String, _ parent: YAMLMapping) throws(CommandError) -> Setting<SecretSource>? {
        let ways =
            file.kind == .own
            ? "{ env: NAME }, { file: PATH } or { command: [PROGRAM, ARGUMENT…] }"
            : "{ env: RUNBOOK_… } or { file: PATH }"
        if parent.isScalar(key) {
            throw parent.fault(
                key,
                "stands in the file itself, where a secret does not belong: remove it, and write where it is kept, as "
                    + ways)
        }
        guard let mapping = try parent.mapping(key) else { return nil }
        try mapping.check(.secret)
        guard mapping.keys.count == 1, let way = mapping.keys.first else {
            throw parent.fault(key, "must say where the secret is kept in one way: \(ways)")
        }
        return Setting(try source(way, mapping), mapping.origin(way))
    }

    private func source(_ way: String, _ mapping: YAMLMapping) throws(CommandError) -> SecretSource {
        switch way {
        case "env":
            let name = try mapping.text(way)?.value ?? ""
            guard file.kind == .own || name.hasPrefix(EnvironmentVariable.prefix) else {
                throw mapping.fault(
                    way,
                    "is \(name): a project file may name only variables that begin with RUNBOOK_, so that a checkout "
                        + "cannot get at your other secrets. Rename the variable, or put the target into your own file")
            }
            return .environment(name)
        case "file":
            let path = absolute(try mapping.text(way)?.value ?? "")
            guard file.kind == .own || isOwnFile(path) else {
                throw mapping.fault(
                    way,
                    "is \(path): a project file may name only files below its own folder, so that a checkout cannot get "
                        + "at your other secrets. Put the target into your own file")
            }
            return .file(path)
        default:
            guard file.kind == .own else {
                throw mapping.fault(
                    way,
                    "is not run from a project file, so that a checkout cannot run programs on your machine: put the "
                        + "target into your own file, or name the file with --config if you trust it")
            }
            return .command(try command(way, mapping))
        }
    }

    private func command(_ key: String, _ mapping: YAMLMapping) throws(CommandError) -> [String] {
        var arguments = (try mapping.texts(key) ?? []).map(\.value)
        guard let program = arguments.first else {
            throw mapping.fault(key, "names no program: write [PROGRAM, ARGUMENT…]")
        }
        // Like every path here a program's starts from the file; one without a slash is searched in PATH.
        if program.contains("/") { arguments[0] = absolute(program) }
        return arguments
    }

    private mutating func read(checkpoint: YAMLMapping) throws(CommandError) {
        try checkpoint.check(.checkpoint)
        guard checkpoint.keys.count == 1, let way = checkpoint.keys.first else {
            throw CommandError(
                "\(Origin.file(path: checkpoint.file, line: checkpoint.line)): audit.checkpoint must say where checkpoints go in "
                    + "one way: { file: PATH } or { command: [PROGRAM, ARGUMENT…] }")
        }
        let destination: CheckpointDestination =
            way == "file"
            ? .file(absolute(try checkpoint.text(way)?.value ?? "")) : .command(try command(way, checkpoint))
        file.checkpoint = Setting(destination, checkpoint.origin(way))
    }

    private mutating func readFormerKeys(_ audit: YAMLMapping) throws(CommandError) {
        for line in try audit.texts("former_keys") ?? [] {
            guard let key = AuditPublicKey(base64: line.value) else {
                throw CommandError(
                    "\(line.origin): an element of audit.former_keys is no public key: write the 44 characters that "
                        + "'runbook audit key' printed before the key was changed")
            }
            file.formerAuditKeys.append(Setting(key, line.origin))
        }
    }

    /// Whether a file is below the project file's folder, links followed.
    private func isOwnFile(_ path: String) -> Bool {
        let folder = sources.files.resolve(directory) ?? directory
        return Path.isWithin(sources.files.resolve(path) ?? path, folder)
    }

    private mutating func read(policy: YAMLMapping) throws(CommandError) {
        try policy.check(.policy)
        guard let names = try policy.texts("capabilities") else { return }
        let known = Set(Catalogue.standard.operations.map(\.capability.rawValue)).union(["secrets:reveal"])
        for name in names where !known.contains(name.value) {
            let hint =
                name.value.nearest(among: known).map { "did you mean \($0)?" }
                ?? "known are \(known.sorted().joined(separator: ", "))"
            throw CommandError("\(name.origin): policy.capabilities has \(name.value), which is no capability: \(hint)")
        }
        file.capabilities = Setting(Set(names.map { Capability(rawValue: $0.value) }), policy.origin("capabilities"))
    }

    private mutating func read(signatures: YAMLMapping) throws(CommandError) {
        try signatures.check(.signatures)
        for key in ["keys", "sign_with"] where file.kind != .own && signatures.keys.contains(key) {
            throw signatures.fault(
                key,
                "cannot be set by a project file, so that a checkout cannot agree to its own runbooks: set it in your own file. A "
                    + "project file may say require: all")
        }
        file.signatures.requirement = try signatures.value("require", SignatureRequirement.expected) {
            SignatureRequirement(rawValue: $0)
        }
        file.signatures.signingKey = try secret("sign_with", signatures)
        guard let lines = try signatures.texts("keys") else { return }
        var keys: [Setting<ListedKey>] = []
        for line in lines {
            guard let key = ListedKey(line: line.value) else {
                throw CommandError(
                    "\(line.origin): an element of signatures.keys is no public key: write the key as 'runbook sign --make-key' "
                        + "prints it, 44 characters of Base64, and a name behind it if you like")
            }
            if let other = keys.first(where: { $0.value.key == key.key }) {
                throw CommandError(
                    "\(line.origin): an element of signatures.keys stands there already (\(other.origin)): remove one")
            }
            if !key.name.isEmpty, let other = keys.first(where: { $0.value.name == key.name }) {
                throw CommandError(
                    "\(line.origin): an element of signatures.keys has the name of another (\(other.origin)), \(key.name): give it "
                        + "one of its own")
            }
            keys.append(Setting(key, line.origin))
        }
        file.signatures.keys = keys
    }

    private mutating func read(limits: YAMLMapping) throws(CommandError) {
        try limits.check(.limits)
        let count = "a whole number, 0 or more"
        let size = "a size above zero, such as 64MB"
        func bytes(_ text: String) -> Int? { Int(byteQuantity: text).flatMap { $0 > 0 ? $0 : nil } }
        func number(_ text: String) -> Int? { Int(text).flatMap { $0 >= 0 ? $0 : nil } }
        file.limits.time = try limits.value("time", ServiceFormat.timeout, ServiceFormat.timeout(_:))
        file.limits.memory = try limits.value("memory", MemoryLimitFormat.expected, MemoryLimitFormat.bytes)
        file.limits.calls = try limits.value("calls", count, number)
        file.limits.changes = try limits.value("changes", count, number)
        file.limits.log = try limits.value("log", size, bytes)
        file.limits.result = try limits.value("result", size, bytes)
        file.limits.tasks = try limits.value("tasks", "a whole number, 1 or more") {
            number($0).flatMap { $0 > 0 ? $0 : nil }
        }
        file.limits.source = try limits.value("source", size, bytes)
    }

    private func absolute(_ path: String) -> String { sources.absolute(path, from: directory) }
}

extension LogLevel {
    static let expected = "debug, info, warn or error"
}

extension LogFormat {
    static let expected = "text or json"
}
