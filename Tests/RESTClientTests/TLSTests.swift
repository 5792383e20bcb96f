import Foundation
import NIOSSL
import Operations
import RESTClient
import Testing
import X509

@Suite("TLS")
struct TLSTests {
    /// Sends one call to a server that shows `certificate`.
    private func send(
        to certificate: TestCertificate, trust: TLSTrust, host: String = "127.0.0.1",
        server change: (inout TLSConfiguration) -> Void = { _ in }
    ) async throws -> (result: Result<OperationReply, APIError>, requests: Int, waits: Int) {
        let clock = VirtualClock()
        return try await HostileServer.with([.json(#"{"id":7}"#)], tls: try certificate.serverContext(change)) {
            server in
            try await withTransport(to: "https://\(host):\(server.port)", trust: trust, clock: clock) { transport in
                do throws(APIError) {
                    return (.success(try await transport.send(.readThing)), server.requests.count, clock.waits.count)
                } catch { return (.failure(error), server.requests.count, clock.waits.count) }
            }
        }
    }

    private func expectRefused(
        _ outcome: (result: Result<OperationReply, APIError>, requests: Int, waits: Int), _ words: String...,
        location: SourceLocation = #_sourceLocation
    ) {
        #expect(outcome.requests == 0, sourceLocation: location)
        #expect(outcome.waits == 0, "a bad certificate is not tried again", sourceLocation: location)
        let error = outcome.result.error
        #expect(error?.kind == .network, sourceLocation: location)
        #expect(error?.delivery == .notSent, sourceLocation: location)
        for word in words {
            #expect(error?.message.contains(word) == true, "\(error?.message ?? "")", sourceLocation: location)
        }
    }

    @Test("a self-signed certificate is refused by the system's authorities, before anything is sent")
    func system() async throws {
        expectRefused(
            try await send(to: TestCertificate(), trust: .system), "not trusted", "runbook trust https://127.0.0.1")
    }

    @Test("the pinned certificate is accepted, whatever its name and dates")
    func pinned() async throws {
        for certificate in [
            try TestCertificate(), try TestCertificate(names: [.dnsName("other.test")]),
            try TestCertificate(years: -2 ... -1),
        ] {
            let outcome = try await send(to: certificate, trust: .pinned(try certificate.fingerprint))
            #expect(try outcome.result.get().text == #"{"id":7}"#)
        }
    }

    @Test("another certificate than the pinned one is refused, before anything is sent")
    func pinMismatch() async throws {
        let expected = try TestCertificate(), shown = try TestCertificate()
        expectRefused(
            try await send(to: shown, trust: .pinned(try expected.fingerprint)), "not the pinned one",
            try shown.fingerprint.description, try expected.fingerprint.description, "runbook trust", "Nothing was sent"
        )
    }

    @Test("a pin is no authority: what the pinned certificate signed is refused")
    func pinnedIssuer() async throws {
        let authority = try TestCertificate(commonName: "authority", isAuthority: true)
        let leaf = try TestCertificate(issuer: authority)
        expectRefused(try await send(to: leaf, trust: .pinned(try authority.fingerprint)), "not the pinned one")
    }

    @Test("every connection is checked, also the second one")
    func pinEachConnection() async throws {
        let certificate = try TestCertificate()
        try await HostileServer.with([.replyAndClose(200, body: "{}")], tls: try certificate.serverContext()) {
            server in
            try await withTransport(to: server.url, trust: .pinned(try certificate.fingerprint)) { transport in
                for _ in 0..<3 { _ = try await transport.send(.readThing) }
            }
            #expect(server.connections >= 3)
        }
    }

    @Test("a self-signed certificate is accepted as the only authority, by text or by file, by name or by address")
    func ownCertificate() async throws {
        let certificate = try TestCertificate()
        let file = FileManager.default.temporaryDirectory.appending(path: "runbook-\(UUID().uuidString).pem")
        try certificate.pem.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        for trust in [TLSTrust.certificates(pem: certificate.pem), .file(path: file.path)] {
            for host in ["127.0.0.1", "localhost"] {
                #expect(try await send(to: certificate, trust: trust, host: host).result.get().status == 200)
            }
        }
    }

    @Test("what a private authority signed is accepted, and what another signed is not")
    func authority() async throws {
        let authority = try TestCertificate(commonName: "authority", isAuthority: true)
        let other = try TestCertificate(commonName: "other", isAuthority: true)
        let leaf = try TestCertificate(issuer: authority)
        #expect(try await send(to: leaf, trust: .certificates(pem: authority.pem)).result.get().status == 200)
        #expect(
            try await send(to: leaf, trust: .certificates(pem: other.pem + "\n" + authority.pem)).result.get().status
                == 200)
        expectRefused(
            try await send(to: leaf, trust: .certificates(pem: other.pem)), "none of the configured certificates")
    }

    @Test("a trusted certificate for another name is refused")
    func wrongName() async throws {
        let certificate = try TestCertificate(names: [.dnsName("other.test")])
        for host in ["127.0.0.1", "localhost"] {
            expectRefused(
                try await send(to: certificate, trust: .certificates(pem: certificate.pem), host: host),
                "another name than \(host)")
        }
    }

    @Test("a trusted certificate that has expired is refused")
    func expired() async throws {
        let certificate = try TestCertificate(years: -2 ... -1)
        expectRefused(try await send(to: certificate, trust: .certificates(pem: certificate.pem)), "expired")
    }

    @Test("TLS before 1.2 is refused")
    func oldVersion() async throws {
        let certificate = try TestCertificate()
        let outcome = try await send(to: certificate, trust: .pinned(try certificate.fingerprint)) {
            $0.minimumTLSVersion = .tlsv1
            $0.maximumTLSVersion = .tlsv11
        }
        expectRefused(outcome, "before 1.2")
    }

    @Test("https to a port that speaks plain http, and the other way round")
    func wrongProtocol() async throws {
        try await HostileServer.with([.silence], greeting: "HTTP/1.1 400 Bad Request\r\n\r\n") { server in
            try await withTransport(to: "https://127.0.0.1:\(server.port)", retry: .never) { transport in
                let error = await transport.failure(of: .readThing)
                #expect(error?.delivery == .notSent)
                #expect(error?.kind == .network)
                #expect(error?.message.contains("does not speak TLS") == true, "\(error?.message ?? "")")
            }
        }
        try await HostileServer.with([.silence]) { server in
            try await withTransport(
                to: "https://127.0.0.1:\(server.port)", timeout: .milliseconds(200), retry: .never
            ) { transport in
                let error = await transport.failure(of: .readThing)
                #expect(error?.delivery == .notSent)
                #expect(error?.kind == .timeout)
            }
        }
        try await HostileServer.with([.json("{}")], tls: try TestCertificate().serverContext()) { server in
            try await withTransport(to: "http://127.0.0.1:\(server.port)", retry: .never) { transport in
                let error = await transport.failure(of: .readThing)
                #expect(error?.kind == .network)
                #expect(server.requests.isEmpty)
            }
        }
    }
}
