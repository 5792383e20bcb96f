import CommandSupport
import Glibc
import Operations
import RESTClient
import RunbookHost

extension Configuration {
    /// A named target, its credentials read now.
    ///
    /// - Throws: ``CommandError`` that names the setting that cannot be right, or cannot be read.
    func target(
        named name: String, warn: (String) -> Void = Configuration.warnOnStandardError
    ) throws(CommandError) -> Target {
        guard let settings = targets[name] else { throw CommandError("no target is called '\(name)'") }
        var services: [ServiceTarget] = []
        for service in settings.services { services.append(try resolve(service, warn: warn)) }
        return Target(name: name, services: services)
    }

    /// One service of a target, its credentials read now.
    func resolve(_ settings: ServiceSettings, warn: (String) -> Void) throws(CommandError) -> ServiceTarget {
        // Both are checked for when the configuration is loaded.
        guard let url = settings.url?.value, settings.missing == nil else {
            throw CommandError("\(settings.name(of: settings.missing ?? "url")) is missing: set it")
        }
        let credentials = try credentials(settings, warn: warn)
        do throws(TargetError) {
            return try ServiceTarget(
                settings.service, url: url, credentials: credentials, trust: try trust(settings, url: url),
                timeout: settings.timeout?.value ?? .seconds(30), concurrency: settings.concurrency?.value ?? 16)
        } catch {
            let place = settings.url.map { " (\($0.origin))" } ?? ""
            throw CommandError("\(settings.key)\(place): \(settings.inItsWords(error.message))")
        }
    }

    private func credentials(_ settings: ServiceSettings, warn: (String) -> Void) throws(CommandError) -> Credentials {
        func secret(_ setting: Setting<SecretSource>?, _ name: String) throws(CommandError) -> SecretValue {
            guard let setting else { throw CommandError("\(settings.name(of: name)) is missing: set it") }
            return try setting.value.read(for: settings.name(of: name), from: sources, warn: warn)
        }
        if settings.service == .xpanse {
            return .xpanse(
                keyID: settings.keyID?.value ?? "", key: try secret(settings.apiKey, "key"),
                type: settings.keyType?.value ?? .standard)
        }
        var token: SecretValue?
        if let setting = settings.token { token = try secret(setting, "token") }
        return .basic(
            user: settings.user?.value ?? "", password: try secret(settings.password, "password"), token: token)
    }

    /// What is configured; else the certificate that a person has trusted with `runbook trust`; else the system's
    /// authorities.
    private func trust(_ settings: ServiceSettings, url: String) throws(TargetError) -> TLSTrust {
        if let fingerprint = settings.fingerprint { return .pinned(fingerprint.value) }
        if let authorities = settings.authorities { return .file(path: authorities.value) }
        let address = try ServiceAddress(url, service: settings.service)
        guard address.isSecure else { return .system }
        do throws(CommandError) {
            return try trustStore.certificate(host: address.host, port: address.port).map { .pinned($0.fingerprint) }
                ?? .system
        } catch { throw TargetError(error.message) }
    }

    /// Why there is no target to talk to.
    func noTarget() -> CommandError {
        let names = targets.keys.sorted()
        guard names.isEmpty else {
            return CommandError(
                "\(names.count) targets are configured (\(names.joined(separator: ", "))) and none is chosen: give --target "
                    + "NAME, or set default_target in your configuration file")
        }
        if let stray = EnvironmentTarget(sources: sources).strayVariable {
            return CommandError(
                "\(stray.name) is set, but \(stray.url) is not: set it too, such as https://console.example.com:3780")
        }
        return CommandError(
            "no target is configured: set RUNBOOK_CONSOLE_URL, RUNBOOK_CONSOLE_USER and RUNBOOK_CONSOLE_PASSWORD (or "
                + "RUNBOOK_XPANSE_URL, RUNBOOK_XPANSE_KEY_ID and RUNBOOK_XPANSE_KEY), or add targets to your "
                + "configuration file. To try runbook without a console, start one with: runbook simulate")
    }

    /// Writes a warning to stderr.
    static func warnOnStandardError(_ warning: String) {
        let line = "runbook: warning: \(warning)\n"
        _ = line.utf8.withContiguousStorageIfAvailable { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

extension ServiceSettings {
    /// An error's message with the names of the settings as they are called here, not as variables.
    func inItsWords(_ message: String) -> String {
        guard !key.hasPrefix(EnvironmentVariable.prefix) else { return message }
        let variables = service == .xpanse ? "RUNBOOK_XPANSE" : "RUNBOOK_CONSOLE"
        var words = message[...]
        var text = ""
        while let range = words.firstPlace(of: "\(variables)_") {
            text += words[..<range.lowerBound]
            let suffix = words[range.upperBound...].prefix { $0.isUppercase || $0 == "_" }
            text += "\(key).\(suffix.lowercased())"
            words = words[suffix.endIndex...]
        }
        return text + words
    }
}
