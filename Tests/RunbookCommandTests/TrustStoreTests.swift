import CommandSupport
import ConsoleSimulator
import Foundation
import Operations
import RESTClient
import Testing

@testable import runbook

/// How trusted certificates are kept.
@Suite struct TrustStoreTests {
    @Test func whatIsStoredIsFoundAgainForThatHostAndPortOnly() async throws {
        try await withTemporaryDirectory { folder in
            try await withSecureServer { _, certificate in
                let store = TrustStore(stateDirectory: "\(folder)/a/state")
                #expect(try store.certificates() == [])
                let path = try store.store(certificate, host: "127.0.0.1", port: 3780)
                #expect(path == "\(folder)/a/state/trust/127.0.0.1_3780.pem")
                let stored = try #require(try store.certificate(host: "127.0.0.1", port: 3780))
                #expect(stored.fingerprint == certificate.fingerprint)
                #expect(stored.subject == certificate.subject)
                #expect(stored.validity == certificate.validity)
                #expect(try store.certificate(host: "127.0.0.1", port: 3781) == nil)
                #expect(try store.certificate(host: "localhost", port: 3780) == nil)
            }
        }
    }

    @Test func filesAreForTheUserAloneAndNothingElseIsLeft() async throws {
        try await withTemporaryDirectory { folder in
            try await withSecureServer { _, certificate in
                let store = TrustStore(stateDirectory: "\(folder)/state")
                _ = try store.store(certificate, host: "::1", port: 1)
                _ = try store.store(certificate, host: "::1", port: 1)
                #expect(permissions("\(folder)/state") == 0o700)
                #expect(permissions(store.directory) == 0o700)
                #expect(permissions("\(store.directory)/::1_1.pem") == 0o600)
                #expect(try FileManager.default.contentsOfDirectory(atPath: store.directory) == ["::1_1.pem"])
            }
        }
    }

    @Test func otherProgramsCanReadTheFile() async throws {
        try await withTemporaryDirectory { folder in
            try await withSecureServer { server, certificate in
                let store = TrustStore(stateDirectory: folder)
                let path = try store.store(certificate, host: "h", port: 1)
                let text = try String(contentsOfFile: path, encoding: .utf8)
                #expect(text.hasSuffix(certificate.pem))
                #expect(
                    try ServiceTarget(
                        .console, url: server.url, credentials: .basic(user: "u", password: .init("p")),
                        trust: .file(path: path)
                    ).trust == .file(path: path))
            }
        }
    }

    @Test func allAreListedInOrderAndStrangeFilesPassedOver() async throws {
        try await withTemporaryDirectory { folder in
            try await withSecureServer { _, certificate in
                let store = TrustStore(stateDirectory: folder)
                for (host, port) in [("b_b", 2), ("b_b", 1), ("a.example", 443), ("fe80::1", 9)] {
                    _ = try store.store(certificate, host: host, port: port)
                }
                for name in ["README", "x.pem", "_1.pem", "h_0.pem", ".new-1-2"] {
                    try Data().write(to: URL(fileURLWithPath: "\(store.directory)/\(name)"))
                }
                #expect(
                    try store.certificates().map(\.authority) == ["a.example:443", "b_b:1", "b_b:2", "[fe80::1]:9"])
            }
        }
    }

    @Test func aBrokenFileIsNeverPassedOver() async throws {
        try await withTemporaryDirectory { folder in
            let store = TrustStore(stateDirectory: folder)
            try FileManager.default.createDirectory(atPath: store.directory, withIntermediateDirectories: true)
            for text in [
                "", "SHA-256: \(String(repeating: "AB", count: 32))\n",
                "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n",
            ] {
                try text.write(toFile: "\(store.directory)/h_1.pem", atomically: true, encoding: .utf8)
                let error = #expect(throws: CommandError.self) { try store.certificate(host: "h", port: 1) }
                #expect(
                    error?.message.contains(
                        "delete the file, then trust the server again with: runbook trust https://h:1") == true)
            }
        }
    }

    @Test func whatIsRemovedIsTrustedNoLonger() async throws {
        try await withTemporaryDirectory { folder in
            try await withSecureServer { _, certificate in
                let store = TrustStore(stateDirectory: folder)
                #expect(try !store.remove(host: "h", port: 1))
                _ = try store.store(certificate, host: "h", port: 1)
                #expect(try store.remove(host: "h", port: 1))
                #expect(try store.certificate(host: "h", port: 1) == nil)
            }
        }
    }

    @Test func aFolderThatCannotBeMadeIsToldApart() async throws {
        try await withTemporaryDirectory { folder in
            try await withSecureServer { _, certificate in
                try Data().write(to: URL(fileURLWithPath: "\(folder)/trust"))
                let error = #expect(throws: CommandError.self) {
                    try TrustStore(stateDirectory: folder).store(certificate, host: "h", port: 1)
                }
                #expect(error?.message.contains("is a file where a folder must be. Nothing was changed") == true)
                #expect(error?.code == .failed)
            }
        }
    }

    @Test(
        arguments: [
            (0, "1970-01-01"), (951_782_400, "2000-02-29"), (1_709_164_799, "2024-02-28"),
            (1_709_251_199, "2024-02-29"),
            (1_709_251_200, "2024-03-01"), (4_107_542_400, "2100-03-01"), (-1, "1969-12-31"),
            (253_402_300_799, "9999-12-31"),
        ] as [(Int64, String)])
    func daysAreThoseOfTheCalendar(_ seconds: Int64, _ text: String) {
        #expect(Day(unixSeconds: seconds).description == text)
    }
}
