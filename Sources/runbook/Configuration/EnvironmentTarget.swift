import CommandSupport
import Operations
import RESTClient
import RunbookHost

/// The target that environment variables make: enough to start without any file.
///
/// It is a target of its own, named `environment`, not a layer over a named one: credentials for one console never
/// combine with the address of another.
struct EnvironmentTarget {
    private static let variables = [Service.console, .xpanse].map { service in
        (
            service: service, name: EnvironmentVariable.prefix(of: service),
            names: EnvironmentVariable.names(of: service)
        )
    }

    let sources: ConfigurationSources

    /// The target, or `nil` if no variable holds a URL.
    ///
    /// - Throws: ``CommandError`` that names the variable that cannot be right, or is not there.
    func read() throws(CommandError) -> TargetSettings? {
        var services: [ServiceSettings] = []
        for (service, name, _) in Self.variables where sources.variable("\(name)_URL") != nil {
            services.append(try read(service, name))
        }
        return services.isEmpty ? nil : TargetSettings(name: TargetSettings.environmentName, services: services)
    }

    /// A variable that only makes sense beside a URL, without it: for the error when there is no target at all.
    var strayVariable: (name: String, url: String)? {
        for (_, name, variables) in Self.variables where sources.variable("\(name)_URL") == nil {
            for variable in variables where sources.variable(variable) != nil { return (variable, "\(name)_URL") }
        }
        return nil
    }

    /// Variables whose names are nearly right.
    var warnings: [String] {
        let known = Self.variables.flatMap(\.names)
        return sources.environment.keys.sorted().compactMap { name in
            guard Self.variables.contains(where: { name.hasPrefix($0.name + "_") }), !known.contains(name),
                let near = name.nearest(among: known)
            else { return nil }
            return "the variable \(name) means nothing to runbook: did you mean \(near)?"
        }
    }

    private func read(_ service: Service, _ name: String) throws(CommandError) -> ServiceSettings {
        func text(_ setting: EnvironmentVariable.ServiceSetting) -> Setting<String>? {
            let variable = "\(name)_\(setting.rawValue)"
            return sources.variable(variable).map { Setting($0, .environment(variable)) }
        }
        func secret(
            _ setting: EnvironmentVariable.ServiceSetting, file: EnvironmentVariable.ServiceSetting
        ) throws(CommandError) -> Setting<SecretSource>? {
            let variable = "\(name)_\(setting.rawValue)"
            let isSet = sources.variable(variable) != nil
            guard let file = text(file) else {
                return isSet ? Setting(.environment(variable), .environment(variable)) : nil
            }
            guard !isSet else {
                throw CommandError("both \(variable) and \(variable)_FILE are set: unset one of them")
            }
            return Setting(.file(sources.absolute(file.value, from: sources.workingDirectory)), file.origin)
        }
        var settings = ServiceSettings(service, key: name)
        settings.url = text(.url)
        settings.authorities = text(.authorities).map {
            Setting(sources.absolute($0.value, from: sources.workingDirectory), $0.origin)
        }
        settings.fingerprint = try parsed(text(.fingerprint), ServiceFormat.fingerprint) { CertificateFingerprint($0) }
        settings.timeout = try parsed(text(.timeout), ServiceFormat.timeout, ServiceFormat.timeout(_:))
        settings.concurrency = try parsed(text(.concurrency), ServiceFormat.concurrency, ServiceFormat.concurrency(_:))
        if service == .xpanse {
            settings.keyID = text(.keyID)
            settings.apiKey = try secret(.key, file: .keyFile)
            settings.keyType = try parsed(text(.keyType), ServiceFormat.keyType) { XpanseKeyType(rawValue: $0) }
        } else {
            settings.user = text(.user)
            settings.password = try secret(.password, file: .passwordFile)
            settings.token = try secret(.token, file: .tokenFile)
        }
        if let missing = settings.missing {
            let variable = settings.name(of: missing)
            let file = ["password", "key"].contains(missing) ? " (or \(variable)_FILE)" : ""
            throw CommandError("\(name)_URL is set, but \(variable)\(file) is not: set it too")
        }
        try settings.checkTrust()
        return settings
    }

    private func parsed<Value>(
        _ text: Setting<String>?, _ expected: String, _ parse: (String) -> Value?
    ) throws(CommandError) -> Setting<Value>? {
        guard let text else { return nil }
        guard let value = parse(text.value) else {
            throw CommandError("the \(text.origin) is '\(text.value)': it must be \(expected)")
        }
        return Setting(value, text.origin)
    }
}

/// How a service's settings are written, the same in variables and files.
enum ServiceFormat {
    static let fingerprint = "the SHA-256 fingerprint of a certificate, 64 hexadecimal digits such as AB:CD:…"
    static let timeout = "a time above zero, such as 30s or 2m"
    static let concurrency = "a whole number from 1 to 1000"
    static let keyType = "standard or advanced"

    static func timeout(_ text: String) -> Duration? { Duration(quantity: text).flatMap { $0 > .zero ? $0 : nil } }
    static func concurrency(_ text: String) -> Int? { Int(text).flatMap { (1...1000).contains($0) ? $0 : nil } }
}

extension ServiceSettings {
    /// Refuses two ways of trusting one server.
    func checkTrust() throws(CommandError) {
        guard let authorities, let fingerprint else { return }
        throw CommandError(
            "both \(name(of: "ca")) (\(authorities.origin)) and \(name(of: "fingerprint")) (\(fingerprint.origin)) are given: "
                + "give only the one that the server's certificate is to be checked by")
    }
}
