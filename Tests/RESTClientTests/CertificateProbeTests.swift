import Foundation
import RESTClient
import Testing
import X509

@Suite("Looking at a server's certificate")
struct CertificateProbeTests {
    @Test("tells whose it is, and sends nothing")
    func fetches() async throws {
        let certificate = try TestCertificate(commonName: "console.test")
        try await HostileServer.with([.json("{}")], tls: try certificate.serverContext()) { server in
            for host in ["127.0.0.1", "localhost"] {
                let found = try await CertificateProbe.fetch(url: "https://\(host):\(server.port)/api/3")
                #expect(found.fingerprint == (try certificate.fingerprint))
                #expect(found.pem.filter { !$0.isNewline } == certificate.pem.filter { !$0.isNewline })
                #expect(found.subject == "CN=console.test, O=Test & Söhne")
                #expect(found.issuer == found.subject)
                #expect(found.isSelfSigned)
                #expect(found.names == ["localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"])
                #expect(
                    abs(Double(found.notBefore) - certificate.certificate.notValidBefore.timeIntervalSince1970) <= 1)
                #expect(abs(Double(found.notAfter) - certificate.certificate.notValidAfter.timeIntervalSince1970) <= 1)
            }
            #expect(server.requests.isEmpty)
        }
    }

    @Test("what it found can be trusted as it is")
    func roundTrip() async throws {
        let certificate = try TestCertificate()
        try await HostileServer.with([.json("{}")], tls: try certificate.serverContext()) { server in
            let found = try await CertificateProbe.fetch(url: server.url)
            for trust in [TLSTrust.certificates(pem: found.pem), .pinned(found.fingerprint)] {
                try await withTransport(to: server.url, trust: trust) { _ = try await $0.send(.readThing) }
            }
        }
    }

    @Test("tells who signed it")
    func issuer() async throws {
        let authority = try TestCertificate(commonName: "authority", isAuthority: true)
        let leaf = try TestCertificate(issuer: authority)
        try await HostileServer.with([.json("{}")], tls: try leaf.serverContext()) { server in
            let found = try await CertificateProbe.fetch(url: server.url)
            #expect(found.issuer == "CN=authority, O=Test & Söhne")
            #expect(!found.isSelfSigned)
        }
    }

    @Test("says why there is none")
    func failures() async throws {
        let plain = await #expect(throws: TargetError.self) {
            try await CertificateProbe.fetch(url: "http://localhost:1")
        }
        #expect(plain?.message.contains("plain http") == true)
        let port = try ClosedPort()
        let refused = await #expect(throws: TargetError.self) {
            try await CertificateProbe.fetch(url: "https://127.0.0.1:\(port.port)")
        }
        #expect(refused?.message.contains("nothing listens") == true, "\(refused?.message ?? "")")
        try await HostileServer.with([.silence]) { server in
            let silent = await #expect(throws: TargetError.self) {
                try await CertificateProbe.fetch(url: "https://127.0.0.1:\(server.port)", timeout: .milliseconds(100))
            }
            #expect(silent?.message.isEmpty == false)
        }
    }
}
