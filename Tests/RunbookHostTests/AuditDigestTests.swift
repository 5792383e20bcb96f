import Operations
import RunbookHost
import Testing

@Suite("The keyed digest of arguments")
struct AuditDigestTests {
    private func digest(_ arguments: JSONValue, key: UInt8 = 1) throws -> String {
        let sealer = try #require(Sealer(key: [UInt8](repeating: key, count: Sealer.keyLength)))
        return sealer.digest(arguments.bytes(revealingSecrets: true))
    }

    private func arguments(_ password: String) -> JSONValue {
        ["id": 7, "user": ["login": "ada", "password": .secret(SecretValue(password))]]
    }

    @Test("is the same for the same secret and another one for another secret")
    func secrets() throws {
        #expect(try digest(arguments("hunter2")) == digest(arguments("hunter2")))
        #expect(try digest(arguments("hunter2")) != digest(arguments("hunter3")))
        #expect(try digest(arguments("hunter2")).count == 32)
        // What the log shows of both is the same.
        #expect(arguments("hunter2").text == arguments("hunter3").text)
    }

    @Test("tells nothing without the key")
    func keys() throws {
        #expect(try digest(arguments("hunter2")) != digest(arguments("hunter2"), key: 2))
        #expect(Sealer(key: [1, 2, 3]) == nil)
    }
}
