import Operations
import Testing

@testable import ConsoleModel
@testable import ConsoleSimulator

@Suite struct BytesTests {
    @Test(arguments: ["plain", "quote \" backslash \\", "tab\tline\nbell\u{7}", "Zoë Łucja 漢字 🙂", "", "\u{7f}/"])
    func stringsReadBackAsWritten(_ text: String) throws {
        var out = ByteWriter()
        out.string(text)
        #expect(try JSONValue(parsing: out.bytes) == .string(text))
    }

    @Test(arguments: [0, 7, 10, 99, 100, 500, 1_000_000, 2_147_483_647, 4_294_967_296, -5])
    func integersAreWrittenInDecimal(_ number: Int) {
        var out = ByteWriter()
        out.integer(number)
        #expect(String(decoding: out.bytes, as: UTF8.self) == String(number))
    }

    @Test(arguments: ["", "a", "ab", "abc", "admin:pass:word", "user:pässwörd🙂"])
    func base64ReadsBackWhatWasWritten(_ text: String) {
        #expect(Base64.decode(base64(text).utf8) == Array(text.utf8))
    }

    @Test(arguments: ["a", "YWI=x", "YW I=", "YWI===", "Y*=="])
    func brokenBase64IsRefused(_ text: String) { #expect(Base64.decode(text.utf8) == nil) }

    /// The vectors of RFC 4648, section 10.
    @Test(arguments: [
        ("MY======", "f"), ("MZXQ====", "fo"), ("MZXW6===", "foo"), ("mzxw6yq=", "foob"), ("MZXW6YTBOI", "foobar"),
    ])
    func base32ReadsTheVectorsOfItsStandard(_ encoded: String, _ text: String) {
        #expect(Base32.decode(encoded) == Array(text.utf8))
    }

    @Test(arguments: ["", "01", "MY=A", "a b", "not-base32!"])
    func brokenBase32IsRefused(_ text: String) { #expect(Base32.decode(text) == nil) }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (1_767_225_599_005, "2025-12-31T23:59:59.005Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
    ])
    func momentsAreWrittenInUTC(_ milliseconds: Int64, _ text: String) {
        #expect(Timestamp(milliseconds: milliseconds).iso8601 == text)
    }

    @Test func percentEncodingReadsBackWhatWasWritten() {
        for text in ["Site Admin Custom", "a/b?c#d%", "Łucja+1", "~-._"] {
            #expect(PercentEncoding.decode(Substring(PercentEncoding.encode(text)).utf8) == text)
        }
        #expect(PercentEncoding.encode("Site Admin Custom") == "Site%20Admin%20Custom")
    }

    @Test(arguments: ["%", "%2", "%zz", "%ff"])
    func brokenEscapesAreRefused(_ text: String) {
        #expect(PercentEncoding.decode(Substring(text).utf8) == nil)
    }

    @Test func sortedIDsStaySorted() {
        var ids = SortedIDs()
        for id: Int32 in [5, 1, 9, 5, 3, 7, 1] { ids.insert(id) }
        ids.remove(7)
        ids.remove(8)
        #expect(ids.ids == [1, 3, 5, 9])
        #expect(ids.contains(3) && !ids.contains(7))
    }
}
