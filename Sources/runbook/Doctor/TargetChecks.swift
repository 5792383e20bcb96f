import CommandSupport
import Logging
import Operations
import RESTClient
import RunbookHost

/// Whether each target can be reached, is who it should be, and lets us in.
struct TargetChecks {
    let configuration: Configuration
    /// The most that one step with a server may take. Default: 10 s.
    var patience: Duration = .seconds(10)

    /// The chosen target if one was asked for, else all.
    func checks() async -> [Check] {
        let targets = configuration.targets.values.sorted { $0.name < $1.name }
            .filter { !configuration.isTargetAskedFor || $0.name == configuration.targetName }
        guard !targets.isEmpty else {
            // A variable without its URL is most likely a target that was meant.
            if EnvironmentTarget(sources: configuration.sources).strayVariable != nil {
                return [
                    .failed("target", "settings", configuration.noTarget().message)
                ]
            }
            return [.skipped("target", "settings", "none; runbooks need RUNBOOK_CONSOLE_URL or a configuration file")]
        }
        let services = targets.flatMap { target in target.services.map { (target.name, $0) } }
        return await withTaskGroup(of: (Int, [Check]).self) { group in
            for (index, (name, settings)) in services.enumerated() {
                group.addTask { (index, await check(settings, of: name)) }
            }
            var found: [Int: [Check]] = [:]
            for await (index, checks) in group { found[index] = checks }
            return found.sorted { $0.key < $1.key }.flatMap(\.value)
        }
    }

    private func check(_ settings: ServiceSettings, of name: String) async -> [Check] {
        let group = "target \(name)"
        let what = settings.service.rawValue
        var checks: [Check] = []
        let service: ServiceTarget
        var warnings: [String] = []
        do throws(CommandError) {
            service = try configuration.resolve(settings) { warnings.append($0) }
        } catch {
            return [.failed(group, "\(what) settings", error.message)]
        }
        checks.append(.ok(group, "\(what) settings", "\(service.address)"))
        checks += warnings.map { .failed(group, "\(what) secret", $0) }
        if service.address.isSecure {
            do throws(TargetError) {
                let certificate = try await CertificateProbe.fetch(
                    url: service.address.description, service: service.service, timeout: patience)
                checks.append(.ok(group, "\(what) reachable", "it answers, and speaks TLS"))
                checks += self.certificate(certificate, of: service, group: group, what: what)
            } catch {
                checks.append(
                    .failed(
                        group, "\(what) reachable", settings.inItsWords(error.message)))
                return checks
            }
        }
        checks.append(await login(service, settings, of: name, group: group, what: what))
        return checks
    }

    /// Dates, which are of no account for a pinned certificate, and are worth knowing for any other.
    private func certificate(
        _ certificate: ServerCertificate, of service: ServiceTarget, group: String, what: String
    ) -> [Check] {
        let how: String
        switch service.trust {
        case .system: how = "the system's authorities"
        case .certificates: how = "configured authorities"
        case .file(let path): how = path
        case .pinned(let fingerprint):
            guard fingerprint == certificate.fingerprint else {
                return [
                    .failed(
                        group, "\(what) certificate",
                        "it shows \(certificate.fingerprint), trusted is \(fingerprint)",
                        advice: "ask its owner whether it was renewed; if so: runbook trust \(service.address)")
                ]
            }
            return [.ok(group, "\(what) certificate", "it is the pinned one")]
        }
        let now = SystemClock().unixMilliseconds() / 1_000
        guard certificate.notAfter > now else {
            return [
                .failed(
                    group, "\(what) certificate", "it expired on \(Day(unixSeconds: certificate.notAfter))",
                    advice: "have it renewed, or pin it with: runbook trust \(service.address)")
            ]
        }
        // Nothing was sent yet, and nobody has vouched for it.
        return [
            .skipped(
                group, "\(what) certificate",
                "valid until \(Day(unixSeconds: certificate.notAfter)); the login below tells whether it is vouched for by "
                    + how)
        ]
    }

    private func login(
        _ service: ServiceTarget, _ settings: ServiceSettings, of name: String, group: String, what: String
    ) async
        -> Check
    {
        var quiet = Logger(label: "runbook.doctor") { _ in SwiftLogNoOpLogHandler() }
        quiet.logLevel = .critical
        let transport = RESTTransport(
            target: Target(name: name, services: [service]), retry: .never, logger: quiet,
            userAgent: "runbook/doctor")
        defer { Task { await transport.shutdown() } }
        do throws(APIError) {
            try await ConnectionCheck(transport).logIn(to: service.service)
        } catch {
            return .failed(group, "\(what) login", settings.inItsWords(error.message))
        }
        return .ok(
            group, "\(what) login", "logged in as \(settings.user?.value ?? "key \(settings.keyID?.value ?? "")")")
    }
}
