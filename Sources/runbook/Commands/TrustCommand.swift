import ArgumentParser
import CommandSupport
import Operations
import RESTClient
import SharedLoop

/// `runbook trust`.
struct TrustCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Look at a server's certificate, and trust it from now on.",
        discussion: """
            A console's certificate is its own unless somebody changed it: no authority vouches for it. Compare the \
            fingerprint shown with what the console's administrator says, then answer yes. From then on runbook talks to \
            that host and port only if it shows exactly this certificate.

              runbook trust https://console.example.com:3780
              runbook trust https://console.example.com:3780 --fingerprint AB:CD:…
              runbook trust --list
              runbook trust --remove https://console.example.com:3780

            With --fingerprint nothing is asked, and nothing is trusted but the certificate that has it: for scripts.

            A 'ca' or 'fingerprint' in the configuration goes before what is trusted here.
            """)

    @Argument(
        help: ArgumentHelp("The server, such as https://console.example.com:3780.", valueName: "url"),
        completion: WordCompletion.addresses)
    var url: String?

    @Option(
        help: ArgumentHelp(
            "Trust without a question if the certificate has this SHA-256 fingerprint.", valueName: "sha256"))
    var fingerprint: String?

    @Flag(help: "List what is trusted.")
    var list = false

    @Flag(help: "Trust the server's certificate no longer.")
    var remove = false

    @OptionGroup var options: GlobalOptions

    func run(on loop: SharedLoop) async throws {
        guard [list, remove, fingerprint != nil].count(where: { $0 }) <= 1 else {
            throw CommandError("--list, --remove and --fingerprint do not go together: give one of them")
        }
        let store = try Configuration.load(options).trustStore
        if list {
            guard url == nil else { throw CommandError("--list takes no URL: leave one of the two away") }
            return try show(try store.certificates())
        }
        guard let url else {
            throw CommandError("no URL: give one such as https://console.example.com:3780, or --list")
        }
        let address = try Self.address(url)
        remove ? try remove(address, from: store) : try await trust(address, in: store)
    }

    // MARK: Trusting

    private func trust(_ address: ServiceAddress, in store: TrustStore) async throws(CommandError) {
        let expected = try fingerprint.map { text throws(CommandError) in
            guard let fingerprint = CertificateFingerprint(text) else {
                throw CommandError("--fingerprint is '\(text)': it must be \(ServiceFormat.fingerprint)")
            }
            return fingerprint
        }
        let certificate: ServerCertificate
        do throws(TargetError) {
            certificate = try await CertificateProbe.fetch(url: address.description)
        } catch { throw CommandError(Self.words(error), code: .failed) }
        // What was trusted before is worth a word, and no obstacle even if it cannot be read.
        let previous = try? store.certificate(host: address.host, port: address.port)
        let isTrusted = previous?.fingerprint == certificate.fingerprint
        let decision = TrustDecision(address: address, certificate: certificate, previous: previous)
        if !options.json { StandardStream.error.write(decision.description) }
        var path = previous?.path
        if expected != nil || !isTrusted {
            try decision.decide(
                expected: expected, confirm: { options.noInput ? nil : Prompt.confirm($0) })
            path = try store.store(certificate, host: address.host, port: address.port)
        }
        if options.json {
            StandardStream.output.write(decision.json(path: path ?? "").text + "\n")
        } else {
            let already = isTrusted && expected == nil ? "is trusted already" : "is trusted from now on"
            StandardStream.output.write("\(decision.authority) \(already): \(certificate.fingerprint)\n")
        }
    }

    // MARK: What is trusted

    private func show(_ certificates: [TrustedCertificate]) throws {
        if options.json {
            let list = certificates.map { certificate -> JSONValue in
                [
                    "host": .string(certificate.host), "port": .integer(Int64(certificate.port)),
                    "fingerprint": .string(certificate.fingerprint.description),
                    "subject": .string(certificate.subject),
                    "valid": .string(certificate.validity), "path": .string(certificate.path),
                ]
            }
            StandardStream.output.write(JSONValue.object(["certificates": .array(list)]).text + "\n")
        } else if certificates.isEmpty {
            StandardStream.error.write("No certificate is trusted yet: runbook trust URL\n")
        } else {
            let lines = certificates.map { certificate in
                """
                \(certificate.authority)
                  SHA-256  \(certificate.fingerprint)
                  subject  \(certificate.subject)
                  valid    \(certificate.validity)
                  file     \(certificate.path)

                """
            }
            StandardStream.output.write(lines.joined())
        }
    }

    private func remove(_ address: ServiceAddress, from store: TrustStore) throws(CommandError) {
        let authority = "\(address.host.contains(":") ? "[\(address.host)]" : address.host):\(address.port)"
        guard try store.remove(host: address.host, port: address.port) else {
            throw CommandError("no certificate of \(authority) is trusted: see runbook trust --list")
        }
        if options.json {
            StandardStream.output.write(
                JSONValue.object([
                    "host": .string(address.host), "port": .integer(Int64(address.port)), "removed": true,
                ]).text + "\n")
        } else {
            StandardStream.output.write("\(authority) is trusted no longer\n")
        }
    }

    // MARK: The URL

    private static func address(_ url: String) throws(CommandError) -> ServiceAddress {
        do throws(TargetError) {
            let address = try ServiceAddress(url, service: .console)
            guard address.isSecure else {
                throw TargetError("\(address) is plain http: it has no certificate to trust")
            }
            return address
        } catch { throw CommandError(words(error)) }
    }

    /// The URL was given here, and no variable holds it.
    private static func words(_ error: TargetError) -> String {
        error.message
            .replacingPlaces(of: "RUNBOOK_CONSOLE_URL", with: "the URL")
            .replacingPlaces(of: "the URL of console", with: "the URL")
    }
}
