import Operations
import RESTClient
import RunbookHost

/// A target as it is configured: no credential is read yet, nothing is checked but its form.
struct TargetSettings: Sendable {
    /// The target that the `RUNBOOK_CONSOLE_…` and `RUNBOOK_XPANSE_…` variables make.
    static let environmentName = "environment"

    let name: String
    /// The console first.
    var services: [ServiceSettings]
}

/// One service of a target as it is configured.
struct ServiceSettings: Sendable {
    let service: Service
    /// What errors call its settings: `targets.prod.console`, or the beginning of the variables' names.
    let key: String
    var url: Setting<String>?
    var user: Setting<String>?
    var password: Setting<SecretSource>?
    var token: Setting<SecretSource>?
    var keyID: Setting<String>?
    var apiKey: Setting<SecretSource>?
    var keyType: Setting<XpanseKeyType>?
    /// A PEM file's absolute path.
    var authorities: Setting<String>?
    var fingerprint: Setting<CertificateFingerprint>?
    var timeout: Setting<Duration>?
    var concurrency: Setting<Int>?

    init(_ service: Service, key: String) {
        self.service = service
        self.key = key
    }

    /// What errors call one setting: `targets.prod.xpanse.key_id`, `RUNBOOK_XPANSE_KEY_ID`.
    func name(of setting: String) -> String {
        key.hasPrefix(EnvironmentVariable.prefix) ? "\(key)_\(setting.uppercased())" : "\(key).\(setting)"
    }

    /// The first setting that there must be and is not.
    var missing: String? {
        if url == nil { return "url" }
        if service == .xpanse { return keyID == nil ? "key_id" : apiKey == nil ? "key" : nil }
        return user == nil ? "user" : password == nil ? "password" : nil
    }
}

extension ServiceSettings {
    /// The lines of `runbook config`.
    var entries: [Configuration.Entry] {
        var entries: [Configuration.Entry] = []
        func add<Value>(_ name: String, _ setting: Setting<Value>?, _ text: (Value) -> String) {
            guard let setting else { return }
            let key = key.hasPrefix(EnvironmentVariable.prefix) ? "targets.environment.\(service)" : key
            entries.append(
                Configuration.Entry(key: "\(key).\(name)", value: text(setting.value), origin: setting.origin))
        }
        // What stands before an @ may be a password; such a URL is refused when it is used.
        add("url", url) {
            $0.contains("@") ? "\(SecretValue.redacted) (a URL with a user or a password is refused)" : $0
        }
        add("user", user) { $0 }
        add("password", password, \.description)
        add("token", token, \.description)
        add("key_id", keyID) { $0 }
        add("key", apiKey, \.description)
        add("key_type", keyType, \.rawValue)
        add("ca", authorities) { $0 }
        add("fingerprint", fingerprint, \.description)
        add("timeout", timeout, \.readable)
        add("concurrency", concurrency) { String($0) }
        return entries
    }
}
