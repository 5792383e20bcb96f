import Operations
import Testing

/// What RFC 8259 allows and what it does not.
@Suite("Reading JSON")
struct JSONParserTests {
    static let accepted: [(String, JSONValue)] = [
        ("null", .null), ("true", true), ("false", false), (" \t\r\n 1 \n", 1), ("\"\"", ""), ("[]", []), ("{}", [:]),
        ("[ ]", []), ("{ }", [:]), ("[1,2]", [1, 2]), (" [ 1 , 2 ] ", [1, 2]), ("[[],[[]]]", [[], [[]]]),
        (#"{"a":1,"b":{"c":[null]}}"#, ["a": 1, "b": ["c": [nil]]]), (#"{"":0}"#, ["": 0]),
        (#"{"a":1,"a":2}"#, ["a": 2]), ("0", 0), ("-0", 0), ("-1", -1), ("123456789012345678", 123_456_789_012_345_678),
        ("999999999999999999", 999_999_999_999_999_999), ("-999999999999999999", -999_999_999_999_999_999),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.5", 1.5), ("-0.25", -0.25),
        ("1e3", .number(1000)),
        ("1E+3", .number(1000)), ("1.0", .number(1)), ("1e-2", 0.01), ("0e0", .number(0)), ("0.1e1", .number(1)),
        ("1e-999", .number(0)), ("100000000000000000000", .number(1e20)),
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\ud83d\ude00""#, "😀"),
        (#""\uD83D\uDE00x""#, "😀x"), (#""\u0000""#, "\u{0}"), (#""a\u0000b""#, "a\u{0}b"), ("\"\u{7f}\"", "\u{7f}"),
        ("\"é€😀\u{2028}\u{fffe}\"", "é€😀\u{2028}\u{fffe}"), (#""\ufffe""#, "\u{fffe}"), (#""/""#, "/"),
        (#"{"k\u0065y":"v"}"#, ["key": "v"]), (#"{"é\n":1}"#, ["é\n": 1]),
    ]

    @Test("reads what is JSON", arguments: accepted)
    func accepts(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    static let rejected: [(String, Int, String)] = [
        ("", 0, "expected a value"), (" ", 1, "expected a value"), ("nul", 0, "expected null"),
        ("True", 0, "expected a value"),
        ("truth", 0, "expected true"), ("falsy", 0, "expected false"), ("NaN", 0, "expected a value"),
        ("Infinity", 0, "expected a value"), ("-Infinity", 1, "expected a digit"),
        ("nulll", 4, "expected the end of the text"),
        ("1 2", 2, "expected the end of the text"), ("[1]]", 3, "expected the end of the text"),
        ("\u{feff}1", 0, "expected a value"), ("'a'", 0, "expected a value"), ("\u{a0}1", 0, "expected a value"),
        ("\u{c}1", 0, "expected a value"), ("\u{0}", 0, "expected a value"),
        ("1\u{0}", 1, "expected the end of the text"),
        ("[", 1, "expected a value"), ("[1", 2, "expected , or ] in an array"), ("[1,", 3, "expected a value"),
        ("[1,]", 3, "expected a value"), ("[,1]", 1, "expected a value"), ("[1 2]", 3, "expected , or ] in an array"),
        ("[1;2]", 2, "expected , or ] in an array"), ("[1}", 2, "expected , or ] in an array"),
        ("]", 0, "expected a value"),
        ("{", 1, "expected a key in quotes"), ("{a:1}", 1, "expected a key in quotes"),
        ("{1:1}", 1, "expected a key in quotes"),
        (#"{"a"}"#, 4, "expected : after a key"), (#"{"a" 1}"#, 5, "expected : after a key"),
        (#"{"a":}"#, 5, "expected a value"),
        (#"{"a":1,}"#, 7, "expected a key in quotes"), (#"{"a":1"#, 6, "expected , or } in an object"),
        (#"{"a":1]"#, 6, "expected , or } in an object"), (#"{"a":1 "b":2}"#, 7, "expected , or } in an object"),
        (#"{,}"#, 1, "expected a key in quotes"), ("// x\n1", 0, "expected a value"),
        ("[1/**/]", 2, "expected , or ] in an array"),
        ("01", 1, "a number starts with 0"), ("-01", 2, "a number starts with 0"), ("00", 1, "a number starts with 0"),
        ("+1", 0, "expected a value"), (".5", 0, "expected a value"), ("1.", 2, "expected a digit"),
        ("1.e1", 2, "expected a digit"),
        ("-", 1, "expected a digit"), ("-a", 1, "expected a digit"), ("1e", 2, "expected a digit"),
        ("1e+", 3, "expected a digit"),
        ("1e1.5", 3, "expected the end of the text"), ("0x1", 1, "expected the end of the text"),
        ("1_0", 1, "expected the end of the text"),
        ("--1", 1, "expected a digit"), ("[1.]", 3, "expected a digit"), ("[01]", 2, "a number starts with 0"),
        ("1e999", 0, "a number is out of range"), ("[-1e999]", 1, "a number is out of range"),
        ("\"", 1, "a string has no end"), ("\"a", 2, "a string has no end"), ("\"\\", 2, "a string has no end"),
        ("\"\\\"", 3, "a string has no end"), (#""\x""#, 2, "an unknown escape"), (#""\'""#, 2, "an unknown escape"),
        (#""\U0041""#, 2, "an unknown escape"),
        (#""\u004""#, 6, "expected four hexadecimal digits"), (#""\u00g0""#, 5, "expected four hexadecimal digits"),
        (#""\u+041""#, 3, "expected four hexadecimal digits"), ("\"\\u", 3, "expected four hexadecimal digits"),
        ("\"a\nb\"", 2, "a control character stands unescaped in a string"),
        ("\"\t\"", 1, "a control character stands unescaped in a string"),
        ("\"\u{0}\"", 1, "a control character stands unescaped in a string"),
        ("\"\\n\u{1f}\"", 3, "a control character stands unescaped in a string"),
        (#""\ud83d""#, 7, "half of a surrogate pair"), (#""\ude00""#, 7, "half of a surrogate pair"),
        (#""\ud83d\n""#, 8, "half of a surrogate pair"), (#""\ud83dx""#, 7, "half of a surrogate pair"),
        (#""\ud83d\u0041""#, 13, "half of a surrogate pair"), (#""\ud83d\ud83d""#, 13, "half of a surrogate pair"),
    ]

    @Test("refuses what is not, and says where and why", arguments: rejected)
    func rejects(text: String, offset: Int, reason: String) throws {
        let error = try #require(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
        #expect(error == JSONSyntaxError(offset: offset, reason: reason))
    }

    @Test(
        "refuses what is not UTF-8, in values and keys, with and without escapes",
        arguments: [
            ([0xff], 0), ([0x80], 0), ([0x61, 0xc3], 1), ([0xc0, 0xaf], 0), ([0xed, 0xa0, 0x80], 0),
            ([0xf4, 0x90, 0x80, 0x80], 0), ([0xe2, 0x82], 0), ([0xf8, 0x88, 0x80, 0x80, 0x80], 0),
        ] as [([UInt8], Int)])
    func invalidUTF8(bytes: [UInt8], offset: Int) throws {
        let quote = UInt8(ascii: "\"")
        let plain = try #require(throws: JSONSyntaxError.self) { try JSONValue(parsing: [quote] + bytes + [quote]) }
        #expect(plain == JSONSyntaxError(offset: 1 + offset, reason: "a string is not UTF-8"))
        let escaped = try #require(throws: JSONSyntaxError.self) {
            try JSONValue(parsing: Array("[\"\\n".utf8) + bytes + Array("\"]".utf8))
        }
        #expect(escaped.reason == "a string is not UTF-8")
        #expect(throws: JSONSyntaxError.self) {
            try JSONValue(parsing: Array("{\"".utf8) + bytes + Array("\":1}".utf8))
        }
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: bytes) }
    }

    @Test("reads as deep as it says, and no deeper")
    func depth() throws {
        func nested(_ depth: Int, _ open: String, _ close: String, _ core: String) -> String {
            String(repeating: open, count: depth) + core + String(repeating: close, count: depth)
        }
        let limit = JSONValue.maximumDepth
        #expect(throws: Never.self) { try JSONValue(parsing: nested(limit, "[", "]", "1")) }
        #expect(throws: Never.self) { try JSONValue(parsing: nested(limit, #"{"a":"#, "}", "1")) }
        let array = try #require(throws: JSONSyntaxError.self) {
            try JSONValue(parsing: nested(limit + 1, "[", "]", ""))
        }
        #expect(array == JSONSyntaxError(offset: limit, reason: "arrays and objects nest deeper than 128"))
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: nested(limit + 1, #"{"a":"#, "}", "1")) }
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: String(repeating: "[", count: 1_000_000)) }
    }

    @Test("an error says where without quoting the text, which may hold a secret")
    func errorText() throws {
        let error = try #require(throws: JSONSyntaxError.self) { try JSONValue(parsing: #"{"password":hunter2}"#) }
        #expect(error.description == "not JSON at byte 12: expected a value")
    }

    @Test("integers stay integers, and only they")
    func integers() throws {
        #expect(try JSONValue(parsing: "9007199254740993") == .integer(9_007_199_254_740_993))
        #expect(try JSONValue(parsing: "3.0").integerValue == 3)
        #expect(try JSONValue(parsing: "3.5").integerValue == nil)
        #expect(try JSONValue(parsing: "3").doubleValue == 3)
        #expect(try JSONValue(parsing: "\"3\"").integerValue == nil)
    }
}
