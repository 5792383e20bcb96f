import ConsoleSimulator
import Foundation
import Glibc

/// The machine that a page speaks of: a folder that stands for its root, with a user's home, programs that stand in for
/// those that would change the real machine, and servers that play the real ones.
struct PageWorld: Sendable {
    /// What a page says, and what it is here. Everything else of a page is taken at its word.
    struct Substitution: Sendable {
        let page: String
        let here: String
    }

    /// The folder that is the machine's `/`.
    let root: String
    let substitutions: [Substitution]
    let environment: [String: String]
    /// The password of the account on the real console.
    let password: String?
    /// Where a page's first block runs.
    let folder: String

    /// Runs `body` with a world of its own, and takes it away.
    static func with<Result: Sendable>(
        _ page: Page, _ body: (PageWorld) async throws -> Result
    ) async throws -> Result {
        var template = Array("/tmp/pageXXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw PageShell.Fault(description: "no temporary folder") }
        let root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { try? FileManager.default.removeItem(atPath: root) }
        guard page.speaksOfConsole else {
            return try await body(try PageWorld(page, root: root, console: nil))
        }
        let real = SimulatorConfiguration(users: 200, tls: true)
        return try await ConsoleSimulator.withRunning(real) { info in
            try await body(try PageWorld(page, root: root, console: info))
        }
    }

    private init(_ page: Page, root: String, console: SimulatorInfo?) throws {
        self.root = root
        password = console?.password
        var table = ["/home/ada", "/etc/", "/var/", "/mnt/", "/run/", "/usr/bin", "/usr/local", "/usr/lib/"].map {
            Substitution(page: $0, here: root + $0)
        }
        for port in ["8080", "9464"] {
            let free = try Self.freePort()
            for before in ["127.0.0.1:", "--port "] {
                table.append(Substitution(page: before + port, here: before + free))
            }
        }
        if let console, let address = console.url.split(separator: "/").last {
            table.append(Substitution(page: "console.example.com:3780", here: String(address)))
            table.append(Substitution(page: "api-example.xdr.eu.paloaltonetworks.com", here: String(address)))
            // The account that an administrator makes for runbooks is the simulator's own.
            table.append(Substitution(page: "svc-runbook", here: console.user))
        }
        substitutions = table
        let tests = Page.repository + "/Tests/DocumentationTests"
        let programs = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            .split(separator: "/").dropLast().map { "/" + $0 }.joined()
        environment = [
            "HOME": root + "/home/ada", "USER": "ada", "LANG": "C.UTF-8", "TERM": "xterm-256color",
            "PATH": "\(root)/usr/local/bin:\(root)/usr/bin:\(tests)/StandIns:/usr/bin:/bin",
            "SWIFT_BACKTRACE": "enable=no",
            // For the stand-ins.
            "PAGE_PASSWORD": console?.password ?? "", "PAGE_ROOT": root, "PAGE_PROGRAMS": programs,
            "PAGE_REPOSITORY": Page.repository,
        ]
        let manager = FileManager.default
        for folder in [
            "/home/ada", "/etc/systemd/system", "/var/lib", "/var/backups", "/mnt", "/run/secrets", "/usr/bin",
            "/usr/local/bin",
            "/usr/lib/sysusers.d",
        ] {
            try manager.createDirectory(atPath: root + folder, withIntermediateDirectories: true)
        }
        if !page.buildsFirst {
            for program in ["runbook", "runbook-vm", "runbook-simulator"] {
                try manager.createSymbolicLink(
                    atPath: "\(root)/usr/bin/\(program)", withDestinationPath: "\(programs)/\(program)")
            }
        }
        folder = root + "/home/ada"
    }

    /// What a page says, as it is here.
    func here(_ text: String) -> String {
        substitutions.reduce(text) { $0.replacingOccurrences(of: $1.page, with: $1.here) }
    }

    /// What is shown here, as a page says it.
    func asThePageHasIt(_ line: String) -> String {
        substitutions.filter { $0.here.count > 8 }
            .reduce(line) { $0.replacingOccurrences(of: $1.here, with: $1.page) }
            .replacingOccurrences(of: root, with: "")
    }

    /// A port that nothing listens on, below those that the system gives to programs that ask for any.
    private static func freePort() throws -> String {
        for _ in 0..<100 {
            let port = UInt16.random(in: 20_000..<32_000)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            let isFree = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            if isFree { return "\(port)" }
        }
        throw PageShell.Fault(description: "no free port")
    }
}
