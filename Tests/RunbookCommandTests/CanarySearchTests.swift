import FoundationEssentials
import Testing

/// The search that the canary tests believe in finds what they look for.
@Suite struct CanarySearchTests {
    private static let canary = "cAnary/ä+\"q\\ &<zz"

    private static func finds(_ text: String) -> Set<String> {
        var search = CanarySearch(["it": canary, "other": "something else"])
        search.search("before " + text + " after", "here")
        #expect(search.places == 1 && search.bytes > text.utf8.count)
        #expect(search.finds.allSatisfy { $0.canary == "it" && $0.place == "here" })
        return Set(search.finds.map(\.form))
    }

    @Test func everyFormIsFound() {
        let data = Data(Self.canary.utf8)
        let hexadecimal = data.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        #expect(Self.finds(Self.canary).contains("it is"))
        #expect(Self.finds(hexadecimal) == ["hex"])
        #expect(Self.finds(hexadecimal.uppercased()) == ["upper-case hex"])
        #expect(Self.finds("cAnary%2F%C3%A4%2B%22q%5C%20%26%3Czz") == ["percent-encoding"])
        #expect(Self.finds("cAnary%2F%C3%A4%2B%22q%5C+%26%3Czz") == ["a form field"])
        #expect(Self.finds("cAnary\\/ä+\\\"q\\\\ &<zz") == ["JSON with slashes"])
        #expect(Self.finds("cAnary/\\u00e4+\\\"q\\\\ &<zz") == ["JSON in ASCII"])
        #expect(Self.finds("cAnary/ä+\\\"q\\\\ &<zz") == ["JSON"])
        #expect(Self.finds("cAnary/ä+\\\\\\\"q\\\\\\\\ &<zz") == ["JSON in JSON"])
        #expect(Self.finds("cAnary/ä+&quot;q\\ &amp;&lt;zz") == ["HTML"])
    }

    @Test(arguments: ["", "a", "ab", "abc", "admin:"], ["", "z", "zz"])
    func base64IsFoundWhereverTheCanaryBegins(_ before: String, _ after: String) {
        let text = Data((before + Self.canary + after).utf8).base64EncodedString()
        #expect(Self.finds(text).contains("base64 \(before.utf8.count % 3)"))
        let safe = text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        #expect(Self.finds(safe).contains("url-safe base64 \(before.utf8.count % 3)"))
    }

    @Test(arguments: ["", "cAnary", "CANARY/Ä+\"Q\\ &<ZZ", "cAnary/ä+\"q\\ &<z"]) func nothingElseIsFound(
        _ text: String
    ) {
        #expect(Self.finds(text).isEmpty)
    }
}
