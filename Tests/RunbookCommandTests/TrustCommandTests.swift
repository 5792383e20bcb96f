import ArgumentParser
import CommandSupport
import ConsoleSimulator
import Operations
import RESTClient
import Testing

@testable import runbook

/// `runbook trust`, and what it changes.
@Suite struct TrustCommandTests {
    @Test func withTheRightFingerprintACertificateIsTrustedAndUsed() async throws {
        try await withTemporaryDirectory { folder in
            try await withSecureServer { server, certificate in
                let program = Program(directory: folder)
                let trusted = try await program.run(
                    "trust", server.url, "--fingerprint", certificate.fingerprint.description, "--json")
                #expect(trusted.status == 0, "\(trusted.errors)")
                let json = try JSONValue(parsing: Array(trusted.output.utf8))
                #expect(json["fingerprint"]?.stringValue == certificate.fingerprint.description)
                #expect(json["host"] == "127.0.0.1")
                #expect(trusted.errors == "")

                let sources = ConfigurationSources(
                    environment: [
                        "HOME": folder, "RUNBOOK_CONSOLE_URL": server.url, "RUNBOOK_CONSOLE_USER": server.user,
                        "RUNBOOK_CONSOLE_PASSWORD": server.password,
                    ])
                let configuration = try Configuration.load(
                    try GlobalOptions.parse(["--config", "/dev/null"]), sources: sources)
                #expect(try configuration.target().console?.trust == .pinned(certificate.fingerprint))

                let list = try await program.run("trust", "--list")
                #expect(list.output.contains(certificate.fingerprint.description))
                let removed = try await program.run("trust", "--remove", server.url)
                #expect(removed.status == 0)
                #expect(try configuration.target().console?.trust == .system)
                #expect(try await program.run("trust", "--remove", server.url).status == 64)
            }
        }
    }

    @Test func withoutAnybodyToAskNothingIsTrusted() async throws {
        try await withTemporaryDirectory { folder in
            try await withSecureServer { server, certificate in
                let outcome = try await Program(directory: folder).run("trust", server.url)
                #expect(outcome.status == 64)
                #expect(outcome.output == "")
                #expect(outcome.errors.contains("  SHA-256  \(certificate.fingerprint)"))
                #expect(outcome.errors.contains("runbook trust \(server.url) --fingerprint \(certificate.fingerprint)"))
                #expect(permissions("\(folder)/.local") == nil)
            }
        }
    }

    @Test func anotherFingerprintIsRefused() async throws {
        try await withTemporaryDirectory { folder in
            try await withSecureServer { server, _ in
                let other = String(repeating: "00", count: 32)
                let outcome = try await Program(directory: folder).run(
                    "trust", server.url, "--fingerprint", other, "--state", "s")
                #expect(outcome.status == 64)
                #expect(outcome.errors.contains("nothing was stored"))
                #expect(permissions("\(folder)/s") == nil)
            }
        }
    }

    @Test func aCertificateThatIsTrustedAlreadyNeedsNoQuestion() async throws {
        try await withTemporaryDirectory { folder in
            try await withSecureServer { server, certificate in
                let address = try ServiceAddress(server.url, service: .console)
                _ = try TrustStore(stateDirectory: "\(folder)/s").store(
                    certificate, host: address.host, port: address.port)
                let outcome = try await Program(directory: folder).run("trust", server.url, "--state", "s")
                #expect(outcome.status == 0)
                #expect(outcome.output.contains("is trusted already"))
            }
        }
    }

    @Test func whatIsNoServerWithACertificateIsToldApart() async throws {
        try await withTemporaryDirectory { folder in
            let program = Program(directory: folder)
            for (arguments, status, message) in [
                ([], 64, "no URL: give one"), (["https://h", "--list"], 64, "--list takes no URL"),
                (["--list", "--remove", "https://h"], 64, "do not go together"),
                (["http://127.0.0.1"], 64, "plain http: it has no certificate to trust"),
                (["console.example.com"], 64, "write https://console.example.com"),
                (
                    ["https://h", "--fingerprint", "AB"], 64,
                    "--fingerprint is 'AB': it must be the SHA-256 fingerprint"
                ),
                (["https://127.0.0.1:1"], 1, "check the URL"),
            ] as [([String], Int32, String)] {
                let outcome = try await program.run(arguments: ["trust"] + arguments)
                #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
                #expect(outcome.errors.hasPrefix("runbook: "))
                #expect(outcome.errors.contains(message), "\(arguments): \(outcome.errors)")
                #expect(outcome.output == "")
            }
        }
    }

    @Test func aPersonDecides() async throws {
        try await withSecureServer { server, certificate in
            let decision = TrustDecision(
                address: try ServiceAddress(server.url, service: .console), certificate: certificate, previous: nil)
            let questions = Notes()
            try decision.decide(expected: nil) {
                questions.add($0); return true
            }
            #expect(questions.all == ["Trust this certificate for \(decision.authority)?"])
            let refusal = #expect(throws: CommandError.self) { try decision.decide(expected: nil) { _ in false } }
            #expect(refusal?.code == .failed)
            let nobody = #expect(throws: CommandError.self) { try decision.decide(expected: nil) { _ in nil } }
            #expect(nobody?.code == .usage)
            try decision.decide(expected: certificate.fingerprint) { _ in
                Issue.record("nobody is asked when the fingerprint is right")
                return false
            }
        }
    }

    @Test func aChangedCertificateIsPointedOut() async throws {
        try await withSecureServer { server, certificate in
            try await withSecureServer { _, other in
                let previous = TrustedCertificate(
                    TrustedCertificate.text(of: other), host: "127.0.0.1", port: 1, path: "p")
                let decision = TrustDecision(
                    address: try ServiceAddress(server.url, service: .console), certificate: certificate,
                    previous: previous)
                #expect(
                    decision.description.contains(
                        "It is NOT the one that is trusted now:\n  SHA-256  \(other.fingerprint)"))
            }
        }
    }
}
