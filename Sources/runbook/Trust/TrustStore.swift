import CommandSupport
import Glibc
import RESTClient

/// The certificates that a person has decided to trust: one PEM file for each host and port, below the state folder.
struct TrustStore: Sendable {
    /// `<state>/trust`.
    let directory: String

    init(stateDirectory: String) { directory = Path.joined(stateDirectory, "trust") }

    /// The certificate trusted for a host and port, or `nil`.
    ///
    /// - Throws: ``CommandError`` if there is one and it cannot be read: it is never ignored.
    func certificate(host: String, port: Int) throws(CommandError) -> TrustedCertificate? {
        let path = path(host, port)
        let content: [UInt8]?
        do throws(FileFailure) { content = try LocalFiles().read(path, limit: 64 << 10) } catch {
            throw CommandError("the trusted certificate \(path) cannot be read: \(error.reason)")
        }
        guard let content else { return nil }
        let text = String(decoding: content, as: UTF8.self)
        guard let certificate = TrustedCertificate(text, host: host, port: port, path: path) else {
            throw CommandError(
                "\(path) should hold a trusted certificate and does not: delete the file, then trust the server again with: "
                    + "runbook trust https://\(host.contains(":") ? "[\(host)]" : host):\(port)")
        }
        return certificate
    }

    /// Every trusted certificate, by host and port.
    func certificates() throws(CommandError) -> [TrustedCertificate] {
        let names: [String]
        do throws(FileFailure) { names = try LocalFiles.names(in: directory) ?? [] } catch {
            throw CommandError("the folder of trusted certificates \(directory) cannot be read: \(error.reason)")
        }
        let found = names.compactMap { Self.place($0) }
        var certificates: [TrustedCertificate] = []
        for (host, port) in found.sorted(by: { ($0.host, $0.port) < ($1.host, $1.port) }) {
            if let certificate = try certificate(host: host, port: port) { certificates.append(certificate) }
        }
        return certificates
    }

    /// Trusts a certificate for a host and port, in place of what was trusted before.
    ///
    /// The file is written under another name first, so that there is never half a certificate.
    ///
    /// - Returns: the file's path.
    func store(_ certificate: ServerCertificate, host: String, port: Int) throws(CommandError) -> String {
        let path = path(host, port)
        do throws(FileFailure) {
            try PrivateFile.makeDirectory(directory)
            try PrivateFile.write(Array(TrustedCertificate.text(of: certificate).utf8), to: path)
        } catch {
            throw CommandError(
                "the certificate cannot be stored in \(path): \(error.reason). Nothing was changed", code: .failed)
        }
        return path
    }

    /// Trusts a host and port no longer.
    ///
    /// - Returns: whether there was something to remove.
    func remove(host: String, port: Int) throws(CommandError) -> Bool {
        let path = path(host, port)
        if unlink(path) == 0 { return true }
        guard errno != ENOENT, errno != ENOTDIR else { return false }
        throw CommandError("\(path) cannot be removed: \(FileFailure(errno: errno).reason)", code: .failed)
    }

    private func path(_ host: String, _ port: Int) -> String { "\(directory)/\(host)_\(port).pem" }

    /// The host and port that a file is for.
    private static func place(_ name: String) -> (host: String, port: Int)? {
        guard name.hasSuffix(".pem"), !name.hasPrefix("."), let bar = name.lastIndex(of: "_"), bar != name.startIndex,
            let port = Int(name[name.index(after: bar)...].dropLast(4)), (1...65535).contains(port)
        else { return nil }
        return (String(name[..<bar]), port)
    }
}
