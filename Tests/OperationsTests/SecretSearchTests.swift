import FoundationEssentials
import Testing

@testable import Operations

/// Secrets in texts, as they are and as other texts quote them.
@Suite struct SecretSearchTests {
    private static let secrets = [
        "hunter", "correct horse battery", "p\"q\\r/s\nt", "Grüße-aus_Köln", "a%b+c d=e&f", "🔑🔑🔑", "-_-_-_-_",
        "0123456789abcdef",
    ]

    private static func search(_ secrets: [String]) -> SecretSearch {
        var search = SecretSearch()
        for secret in secrets { search.add(secret) }
        return search
    }

    private static func percent(_ text: String, all: Bool = false, lowercase: Bool = false) -> String {
        text.utf8.map { byte in
            let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            if isPlain, !all { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: !lowercase)
            return "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }

    private static func hexadecimal(_ text: String, uppercase: Bool) -> String {
        text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: uppercase) }.joined()
    }

    private static func escaped(_ text: String) -> String {
        text.utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }

    private static func base64(_ bytes: [UInt8], isURLSafe: Bool, isPadded: Bool) -> String {
        var text = Data(bytes).base64EncodedString()
        if isURLSafe { text = text.replacing("+", with: "-").replacing("/", with: "_") }
        return isPadded ? text : text.replacing("=", with: "")
    }

    /// The ways in which a text quotes a secret.
    private static func quoted(_ secret: String) -> [String] {
        var texts = [
            secret, hexadecimal(secret, uppercase: false), hexadecimal(secret, uppercase: true), percent(secret),
            percent(secret, lowercase: true), percent(secret, all: true), percent(secret, all: true, lowercase: true),
            percent(secret).replacing("%20", with: "+"), JSONValue.string(secret).text,
            JSONValue.string(secret).text.replacing("/", with: "\\/"), escaped(secret),
            JSONValue.string(JSONValue.string("x\(secret)y").text).text,
        ]
        for isURLSafe in [false, true] {
            for isPadded in [false, true] {
                for before in ["", "a", "ab", "abc", "admin:"] {
                    for after in ["", "z", "zy"] {
                        texts.append(
                            base64(
                                Array((before + secret + after).utf8), isURLSafe: isURLSafe, isPadded: isPadded))
                    }
                }
            }
        }
        return texts
    }

    @Test(arguments: secrets) func aSecretIsFoundHoweverItIsQuoted(_ secret: String) {
        let search = Self.search([secret])
        for text in Self.quoted(secret) {
            for around in [("", ""), ("say ", " so"), ("\"k\": \"", "\""), ("x=", "&y"), ("é", "é")] {
                let whole = around.0 + text + around.1
                #expect(search.contains(Array(whole.utf8)), "\(whole)")
                let redacted = search.redact(whole)
                #expect(redacted.contains("‹secret›"), "\(whole)")
                #expect(!search.contains(Array(redacted.utf8)), "\(redacted)")
                #expect(redacted.hasPrefix(around.0) && redacted.hasSuffix(around.1), "\(redacted)")
            }
        }
    }

    @Test func whatIsNoSecretStays() {
        let search = Self.search(Self.secrets)
        let texts = [
            "", "hunte", "Hunter", "aHVudGV", "hun ter", "/api/3/users/7?sort=id,ASC", "{\"login\":\"ada\\n\"}",
            "https://console.example.com:3780/api/3/users/1234/asset_groups", "0123456789abcde", "100%25", "\\", "%",
            "%4",
            "\\u12",
        ]
        for text in texts {
            #expect(search.redact(text) == text)
            #expect(!search.contains(Array(text.utf8)))
        }
    }

    @Test func whatIsAroundASecretStays() {
        let search = Self.search(["hunter2"])
        #expect(search.redact("a hunter2, b hunter2c") == "a ‹secret›, b ‹secret›c")
        #expect(search.redact("{\"a\":\"hunter\\u0032\",\"b\":1}") == "{\"a\":\"‹secret›\",\"b\":1}")
        #expect(search.redact("q=%68unter2&r=1%25") == "q=‹secret›&r=1%25")
        #expect(search.redact("key 68756e74657232.") == "key ‹secret›.")
    }

    @Test func theLongerOfTwoSecretsGoesAsAWhole() {
        #expect(Self.search(["secret", "secret-extended"]).redact("secret-extended secret") == "‹secret› ‹secret›")
        #expect(Self.search(["abcdefgh", "efghijkl"]).redact("-abcdefghijkl-") == "-‹secret›-")
    }

    @Test func aShortTextIsNotLookedFor() {
        let search = Self.search(["abcde", ""])
        #expect(search.isEmpty)
        #expect(search.redact("abcde") == "abcde")
    }

    @Test func everySecretOfAValueIsLookedFor() {
        var search = SecretSearch()
        search.add(["a": ["x", .secret(SecretValue("hunter2"))], "b": ["c": .secret(SecretValue("swordfish"))]])
        #expect(search.redact("x hunter2 swordfish") == "x ‹secret› ‹secret›")
    }

    @Test func aSearchShowsNoneOfItsSecrets() {
        let search = Self.search(["hunter2", "swordfish"])
        var dumped = ""
        dump(search, to: &dumped)
        for text in ["\(search)", String(reflecting: search), dumped] {
            #expect(text.contains("2 secrets"))
            #expect(!text.contains("hunter2") && !text.contains("104"))
        }
    }

    @Test func manySecretsAreFoundAtOnce() {
        let secrets = (0..<2_000).map { "secret-number-\($0)-of-many" }
        let search = Self.search(secrets + secrets)
        let text = secrets.joined(separator: " ")
        #expect(search.redact(text) == secrets.map { _ in "‹secret›" }.joined(separator: " "))
        #expect(search.contains(Array("a \(Self.hexadecimal(secrets[1_234], uppercase: false))".utf8)))
    }
}
