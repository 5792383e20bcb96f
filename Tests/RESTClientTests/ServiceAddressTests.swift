import Operations
import RESTClient
import Testing

@Suite("The URL of a service")
struct ServiceAddressTests {
    @Test(
        "is normalised",
        arguments: [
            ("https://console.example.com:3780", "https://console.example.com:3780"),
            ("https://console.example.com:3780/", "https://console.example.com:3780"),
            ("https://console.example.com:3780///", "https://console.example.com:3780"),
            ("https://console.example.com:3780/api/3", "https://console.example.com:3780"),
            ("https://console.example.com:3780/api/3/", "https://console.example.com:3780"),
            ("https://proxy.example.com/vm/api/3", "https://proxy.example.com/vm"),
            ("https://CONSOLE.example.com:443", "https://console.example.com"),
            (" https://console.example.com\n", "https://console.example.com"),
            ("HTTPS://[2001:DB8::1]:3780", "https://[2001:db8::1]:3780"),
            ("http://localhost:8080", "http://localhost:8080"), ("http://127.0.0.1", "http://127.0.0.1"),
            ("http://127.8.9.10:80", "http://127.8.9.10"), ("http://[::1]:8080/", "http://[::1]:8080"),
        ])
    func normalises(url: String, expected: String) throws {
        #expect(try ServiceAddress(url, service: .console).description == expected)
    }

    @Test("loses the path of Xpanse's own API")
    func xpansePath() throws {
        for path in ["", "/", "/public_api", "/public_api/v1/"] {
            let address = try ServiceAddress("https://api-x.xdr.us.paloaltonetworks.com\(path)", service: .xpanse)
            #expect(address.description == "https://api-x.xdr.us.paloaltonetworks.com")
        }
    }

    @Test(
        "is refused with a reason",
        arguments: [
            ("", "is empty"), ("console.example.com:3780", "write https://console.example.com:3780"),
            ("ftp://console.example.com", "only https"), ("https://", "host:port"),
            ("https://nadia:hunter2@console.example.com", "before an @"),
            ("https://console.example.com?x=1", "query"), ("https://console.example.com/#a", "fragment"),
            ("https://console.example.com:0", "host:port"), ("https://console.example.com:65536", "host:port"),
            ("https://console.example.com:+80", "host:port"), ("https://con sole", "host:port"),
            ("https://[::1", "host:port"), ("https://[fe80::1%25eth0]", "host:port"),
            ("https://console.example.com/a b", "percent-encoded"),
            ("https://console.example.com/../x", "percent-encoded"),
            ("http://console.example.com", "only to this machine"), ("http://10.0.0.1", "only to this machine"),
            ("http://127.0.0.1.example.com", "only to this machine"),
            ("http://127.evil.example.com", "only to this machine"),
            ("http://128.0.0.1", "only to this machine"), ("http://[::2]", "only to this machine"),
            ("http://localhost.example.com", "only to this machine"),
        ])
    func refuses(url: String, reason: String) {
        let error = #expect(throws: TargetError.self) { try ServiceAddress(url, service: .console) }
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("hunter2") == false)
    }
}

@Suite("A service's target")
struct ServiceTargetTests {
    private func target(
        for service: Service = .console, _ credentials: Credentials, trust: TLSTrust = .system,
        timeout: Duration = .seconds(1), concurrency: Int = 1
    ) throws(TargetError) -> ServiceTarget {
        try ServiceTarget(
            service, url: "https://example.com", credentials: credentials, trust: trust, timeout: timeout,
            concurrency: concurrency)
    }

    @Test("refuses credentials that no header can carry, without showing them")
    func credentials() {
        let cases: [(Service, Credentials, String)] = [
            (.console, .basic(user: "", password: SecretValue("p")), "RUNBOOK_CONSOLE_USER"),
            (.console, .basic(user: "a:b", password: SecretValue("p")), "colon"),
            (.console, .basic(user: "a", password: SecretValue("")), "RUNBOOK_CONSOLE_PASSWORD"),
            (.console, .basic(user: "a", password: SecretValue("hunter2\n")), "line end"),
            (.console, .basic(user: "a", password: SecretValue("p"), token: SecretValue("12\r\nX: 1")), "_TOKEN"),
            (.console, .standardKey, "needs a user"), (.xpanse, .console, "needs an API key"),
            (.xpanse, .xpanse(keyID: "", key: SecretValue("k"), type: .standard), "RUNBOOK_XPANSE_KEY_ID"),
            (.xpanse, .xpanse(keyID: "1", key: SecretValue("hunter2\u{0}"), type: .advanced), "RUNBOOK_XPANSE_KEY"),
        ]
        for (service, credentials, reason) in cases {
            let error = #expect(throws: TargetError.self) { try target(for: service, credentials) }
            #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
            #expect(error?.message.contains("hunter2") == false)
        }
    }

    @Test("refuses limits that make no sense")
    func limits() {
        #expect(throws: TargetError.self) { try target(.console, timeout: .zero) }
        #expect(throws: TargetError.self) { try target(.console, concurrency: 0) }
        #expect(throws: TargetError.self) { try target(.console, concurrency: 1001) }
    }

    @Test("refuses certificates that are none")
    func certificates() {
        #expect(throws: TargetError.self) { try target(.console, trust: .certificates(pem: "nonsense")) }
        let missing = #expect(throws: TargetError.self) { try target(.console, trust: .file(path: "/nowhere/ca.pem")) }
        #expect(missing?.message.contains("/nowhere/ca.pem") == true)
    }

    @Test("of two for one service, the later one wins")
    func target() throws {
        let first = try target(.console), second = try target(.console, concurrency: 7)
        let target = Target(name: "t", services: [first, second])
        #expect(target.console?.concurrency == 7)
        #expect(target.xpanse == nil)
    }
}
