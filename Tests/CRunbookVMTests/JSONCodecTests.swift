import CRunbookVM
import Testing

/// Why the codec refused a text, in its own words.
struct Refusal: Error, CustomStringConvertible {
    let description: String
}

/// The codec's flags, as a test combines them.
enum CodecFlags {
    static let none: UInt32 = 0
    static let dropLinks = RB_REPLY_DROP_LINKS.rawValue
    static let resources = RB_REPLY_RESOURCES.rawValue
    static let page = RB_REPLY_PAGE.rawValue
    static let secrets = RB_REPLY_SECRETS.rawValue
    /// Encoding only, so no reply has it.
    static let pretty: UInt32 = 16
}

/// Decodes a text into Lua values and encodes these again.
func roundTrip(_ json: some Collection<UInt8>, flags: UInt32 = CodecFlags.none) throws(Refusal) -> String {
    var length = 0
    var error: UnsafeMutablePointer<CChar>?
    // Exactly as long as the text: reading beyond it would be an error that a sanitizer sees.
    let text = UnsafeMutableBufferPointer<CChar>.allocate(capacity: json.count)
    defer { text.deallocate() }
    _ = text.initialize(from: json.lazy.map { CChar(bitPattern: $0) })
    guard let result = rb_json_roundtrip(text.baseAddress, json.count, flags, &length, &error) else {
        defer { rb_free(error) }
        throw Refusal(description: error.map { String(cString: $0) } ?? "no reason was given")
    }
    defer { rb_free(result) }
    let bytes = UnsafeRawBufferPointer(start: result, count: length)
    guard let string = String(validating: bytes, as: UTF8.self) else {
        throw Refusal(description: "the codec wrote what is not UTF-8")
    }
    return string
}

func roundTrip(_ json: String, flags: UInt32 = CodecFlags.none) throws(Refusal) -> String {
    try roundTrip(Array(json.utf8), flags: flags)
}

@Suite("JSON codec")
struct JSONCodecTests {
    // MARK: What is accepted

    @Test(
        "Accepted texts come back in their one canonical form",
        arguments: [
            ("null", "null"), ("true", "true"), ("false", "false"), ("0", "0"), ("\"\"", "\"\""), ("[]", "[]"),
            (" \t\r\n[ 1 , 2 ]\n", "[1,2]"),
            ("{\"b\":1,\"a\":{\"d\":true,\"c\":false}}", "{\"a\":{\"c\":false,\"d\":true},\"b\":1}"),
            // An empty object is an empty table, which is written as an array.
            ("{}", "[]"), ("{\"a\":{}}", "{\"a\":[]}"),
            // `null` is absent in an object and stays in an array.
            ("{\"a\":null,\"b\":1}", "{\"b\":1}"), ("[null,1,null]", "[null,1,null]"), ("{\"a\":null}", "[]"),
            // Of equal keys the last counts.
            ("{\"a\":1,\"a\":2}", "{\"a\":2}"), ("{\"a\":1,\"b\":3,\"a\":null}", "{\"b\":3}"),
            ("{\"a\":null,\"a\":1}", "{\"a\":1}"),
            // Keys are ordered by their bytes; NUL is a byte as any other.
            (
                "{\"é\":1,\"a\\u0000b\":2,\"a\":3,\"Z\":4,\"\":5,\"abcdefghi\":6,\"abcdefgh\":7}",
                "{\"\":5,\"Z\":4,\"a\":3,\"a\\u0000b\":2,\"abcdefgh\":7,\"abcdefghi\":6,\"é\":1}"
            ),
        ])
    func accepts(text: String, canonical: String) throws {
        #expect(try roundTrip(text) == canonical)
    }

    @Test(
        "Integers of 64 bits stay integers, everything else is the nearest float",
        arguments: [
            ("-0", "0"), ("9223372036854775807", "9223372036854775807"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("9223372036854775808", "9.2233720368547758e+18"), ("18446744073709551615", "1.8446744073709552e+19"),
            ("18446744073709551616", "1.8446744073709552e+19"),
            ("-9223372036854775809", "-9.223372036854775808e+18"),
            ("123456789012345678901234567890", "1.2345678901234568e+29"),
            ("3.0", "3.0"), ("-0.0", "-0.0"), ("0e7", "0.0"), ("1E2", "100.0"), ("0.1", "0.1"),
            ("1e-400", "0.0"), ("5e-324", "5e-324"), ("1.7976931348623157e308", "1.7976931348623157e+308"),
            ("2.2250738585072011e-308", "2.225073858507201e-308"), ("9007199254740993.0", "9007199254740992.0"),
            ("1e16", "10000000000000000.0"), ("1e17", "1e+17"), ("0.0001", "0.0001"), ("0.00001", "1e-05"),
        ])
    func numbers(text: String, written: String) throws {
        let result = try roundTrip(text)
        #expect(Double(result) == Double(written))
        #expect(result.utf8.count <= written.utf8.count)
        #expect(result.contains(where: { ".e".contains($0) }) == written.contains(where: { ".e".contains($0) }))
        #expect(result.hasPrefix("-") == written.hasPrefix("-"))
        #expect(try roundTrip("[\(text),{\"a\":\(text)}]") == "[\(result),{\"a\":\(result)}]")
    }

    @Test("A huge integer in a string is left alone, and one beside it is still read")
    func hugeIntegers() throws {
        let digits = String(repeating: "9", count: 40)
        #expect(
            try roundTrip("[\"\(digits)\",\"\\\"\(digits)\",\(digits)]") == "[\"\(digits)\",\"\\\"\(digits)\",1e+40]")
    }

    @Test("Strings are written as they are but for what must be escaped")
    func strings() throws {
        let control = "\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f\""
        #expect(try roundTrip("[\(control)]") == "[\(control)]")
        #expect(
            try roundTrip(#"["\u00e9\/\ud83d\ude00\u2028\u007f\"\\"]"#) == "[\"é/😀\u{2028}\u{7F}\\\"\\\\\"]")
        // Every length around the codec's steps of eight bytes, and an escape at every place.
        for length in 0...40 {
            let plain = String(repeating: "x", count: length)
            #expect(try roundTrip("\"\(plain)\"") == "\"\(plain)\"")
            for place in 0..<length {
                let text = "\"\(plain.prefix(place))\\n\(plain.dropFirst(place))\""
                #expect(try roundTrip(text) == text)
            }
        }
    }

    @Test("Every character of the basic plane can be escaped on the way in")
    func escapedCharacters() throws {
        for unit in UInt32(0x20)...0xFFFF {
            guard let scalar = Unicode.Scalar(unit), scalar != "\"", scalar != "\\" else { continue }
            let digits = String(unit, radix: 16)
            let escape = "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            let written = try roundTrip("\"\(escape)\"")
            #expect(written.unicodeScalars.elementsEqual("\"\(Character(scalar))\"".unicodeScalars))
        }
    }

    @Test("Nesting goes to 64 levels, empty or not, in arrays and objects")
    func depth() throws {
        for inner in ["", "1"] {
            let good = String(repeating: "[", count: 64) + inner + String(repeating: "]", count: 64)
            #expect(try roundTrip(good) == good)
            let error = #expect(throws: Refusal.self) { try roundTrip("[" + good + "]") }
            #expect(error?.description == "not JSON at line 1, column 65: values nested too deep")
        }
        let open = String(repeating: "{\"a\":", count: 64)
        let close = String(repeating: "}", count: 64)
        #expect(try roundTrip(open + "1" + close) == open + "1" + close)
        #expect(throws: Refusal.self) { try roundTrip(open + "[]" + close) }
        #expect(throws: Refusal.self) {
            try roundTrip("{\"links\":" + open + "1" + close + "}", flags: CodecFlags.dropLinks)
        }
    }

    // MARK: What is refused

    @Test(
        "Refused texts are refused with the place and the reason",
        arguments: [
            ("", 1, 1, "the text is empty"), (" \n ", 2, 2, "the text is empty"),
            ("[01]", 1, 2, "a number with a leading zero"), ("-01", 1, 2, "a number with a leading zero"),
            ("[1.]", 1, 4, "a number without digits after its point"),
            ("[1.e5]", 1, 4, "a number without digits after its point"),
            ("[1e]", 1, 4, "a number without digits in its exponent"),
            ("[1e+]", 1, 5, "a number without digits in its exponent"),
            ("[-]", 1, 3, "a minus sign without digits"), ("[+1]", 1, 2, "a value is due here"),
            ("[.5]", 1, 2, "a value is due here"), ("[NaN]", 1, 2, "a value is due here"),
            ("[Infinity]", 1, 2, "a value is due here"), ("[-Infinity]", 1, 3, "a minus sign without digits"),
            ("[0x10]", 1, 3, "a comma is due here, or the closing bracket"),
            ("[1e400]", 1, 2, "a number too large for a 64-bit float"),
            ("[-1e400]", 1, 2, "a number too large for a 64-bit float"),
            ("[1,]", 1, 4, "a value is due here"), ("[,1]", 1, 2, "a value is due here"),
            ("[1 2]", 1, 4, "a comma is due here, or the closing bracket"),
            ("{\"a\":1,}", 1, 8, "a key in double quotes is due here"),
            ("{\"a\" 1}", 1, 6, "a colon is due here"), ("{a:1}", 1, 2, "a key in double quotes is due here"),
            ("{'a':1}", 1, 2, "a key in double quotes is due here"),
            ("{1:1}", 1, 2, "a key in double quotes is due here"),
            ("{\"a\":}", 1, 6, "a value is due here"), ("{\"a\"}", 1, 5, "a colon is due here"),
            ("[1", 1, 1, "an array without its closing bracket"),
            ("{\"a\":", 1, 1, "an object without its closing brace"),
            ("{\"a\"", 1, 1, "an object without its closing brace"),
            ("[1}", 1, 3, "a comma is due here, or the closing bracket"),
            ("]", 1, 1, "a value is due here"), ("[\"a]", 1, 2, "a string without its closing quote"),
            ("[1] x", 1, 5, "more text after the value"), ("1 2", 1, 3, "more text after the value"),
            ("{}{}", 1, 3, "more text after the value"), ("null,", 1, 5, "more text after the value"),
            ("[tru]", 1, 2, "a value is due here"), ("nul", 1, 1, "a value is due here"),
            ("[True]", 1, 2, "a value is due here"),
            ("[truefalse]", 1, 6, "a comma is due here, or the closing bracket"),
            ("\u{FEFF}[1]", 1, 1, "a byte order mark"), ("[1]\u{0}", 1, 4, "more text after the value"),
            ("[\u{C}1]", 1, 2, "a value is due here"), ("[1,// one\n2]", 1, 4, "a value is due here"),
            ("\n\n {\"é\":\"ü\", x}", 3, 12, "a key in double quotes is due here"),
            ("[\"a\nb\"]", 1, 4, "a control character in a string: write it as an escape such as \\n"),
            ("[\"\u{0}\"]", 1, 3, "a control character in a string: write it as an escape such as \\n"),
            ("[\"\\x41\"]", 1, 3, "a backslash before a character that is not to be escaped"),
            ("[\"\\u12\"]", 1, 7, "\\u without four hexadecimal digits"),
            ("[\"\\ud800\"]", 1, 3, "half a surrogate pair"), ("[\"\\udc00\"]", 1, 3, "half a surrogate pair"),
            ("[\"\\ud800\\ud800\"]", 1, 3, "half a surrogate pair"), ("[\"\\ud800x\"]", 1, 3, "half a surrogate pair"),
            ("[\"\\udc00\\ud800\"]", 1, 3, "half a surrogate pair"), ("{\"\\ud800\":1}", 1, 3, "half a surrogate pair"),
        ])
    func refuses(text: String, line: Int, column: Int, reason: String) {
        let error = #expect(throws: Refusal.self) { try roundTrip(text) }
        #expect(error?.description == "not JSON at line \(line), column \(column): \(reason)")
    }

    @Test(
        "Bytes that are not UTF-8 are refused",
        arguments: [
            [0x80], [0xC3], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE],
            [0xFF],
        ] as [[UInt8]])
    func refusesOtherBytes(bytes: [UInt8]) {
        for (before, after, column) in [("[\"é", "\"]", 4), ("{\"k\":1,\"", "\":2}", 9)] {
            let error = #expect(throws: Refusal.self) { try roundTrip(Array(before.utf8) + bytes + Array(after.utf8)) }
            #expect(error?.description == "not JSON at line 1, column \(column): bytes that are not UTF-8")
        }
        #expect(throws: Refusal.self) { try roundTrip(Array("[".utf8) + bytes + Array("]".utf8)) }
    }

    // MARK: Replies

    @Test("Links are left out of every object, and nothing else is")
    func links() throws {
        let text = #"{"links":[{"href":"x"}],"a":[{"links":null,"b":{"links":1,"link":2}}],"linked":"links"}"#
        #expect(try roundTrip(text, flags: CodecFlags.dropLinks) == #"{"a":[{"b":{"link":2}}],"linked":"links"}"#)
        #expect(
            try roundTrip(text) == #"{"a":[{"b":{"link":2,"links":1}}],"linked":"links","links":[{"href":"x"}]}"#)
        #expect(try roundTrip(#"{"links":[1]}"#, flags: CodecFlags.dropLinks) == "[]")
        #expect(try roundTrip(#"["links"]"#, flags: CodecFlags.dropLinks) == #"["links"]"#)
    }

    @Test("Resources and page are taken out of a reply, and may be absent")
    func resources() throws {
        let both = CodecFlags.resources | CodecFlags.page
        let text = #"{"resources":[{"id":1,"resources":2}],"page":{"number":0},"links":[]}"#
        #expect(try roundTrip(text, flags: CodecFlags.resources) == #"[{"id":1,"resources":2}]"#)
        #expect(try roundTrip(text, flags: both) == "[{\"id\":1,\"resources\":2}]\n{\"number\":0}")
        #expect(
            try roundTrip(text, flags: CodecFlags.page | CodecFlags.dropLinks)
                == "{\"page\":{\"number\":0},\"resources\":[{\"id\":1,\"resources\":2}]}\n{\"number\":0}")
        for absent in ["{}", #"{"resources":null,"page":null}"#, #"{"resources":[1],"resources":null}"#] {
            #expect(try roundTrip(absent, flags: both) == "[]\n[]")
        }
        #expect(try roundTrip(#"{"resources":1,"resources":[2]}"#, flags: both) == "[2]\n[]")
    }

    @Test(
        "A reply of another form is refused by its name",
        arguments: [
            ("[]", "the JSON text is an array where an object is due"),
            ("7", "the JSON text is a number where an object is due"),
            ("null", "the JSON text is null where an object is due"),
            (#"{"resources":"x"}"#, "the JSON text's \"resources\" is a string where an array is due"),
            (#"{"resources":{}}"#, "the JSON text's \"resources\" is an object where an array is due"),
            (#"{"page":true}"#, "the JSON text's \"page\" is a boolean where an object is due"),
        ])
    func otherForms(text: String, reason: String) {
        let error = #expect(throws: Refusal.self) { try roundTrip(text, flags: CodecFlags.resources | CodecFlags.page) }
        #expect(error?.description == reason)
    }

    @Test("A secret goes there and back only when secrets are meant, and its name is reserved")
    func secrets() throws {
        #expect(
            try roundTrip(#"{"p":{"$secret":4294967295}}"#, flags: CodecFlags.secrets)
                == #"{"p":{"$secret":4294967295}}"#)
        for (text, flags) in [
            (#"{"p":[{"$secret":1}]}"#, CodecFlags.none),
            (#"{"p":[{"$secret":4294967296}]}"#, CodecFlags.secrets), (#"{"p":[{"$secret":-1}]}"#, CodecFlags.secrets),
            (#"{"p":[{"$secret":"1"}]}"#, CodecFlags.secrets), (#"{"p":[{"$secret":1,"x":1}]}"#, CodecFlags.secrets),
            (#"{"p":[{"$secret":1}]}"#, CodecFlags.pretty),
        ] {
            let error = #expect(throws: Refusal.self) { try roundTrip(text, flags: flags) }
            #expect(
                error?.description == "value.p[1][\"$secret\"] has a reserved name: it would be taken for a secret",
                "\(text)")
        }
    }

    @Test("Pretty text has a line for each value and two spaces for each level")
    func pretty() throws {
        let text = #"{"b":[1,{"c":[],"a":"x"}],"a":{}}"#
        let lines = [
            "{", "  \"a\": [],", "  \"b\": [", "    1,", "    {", "      \"a\": \"x\",", "      \"c\": []", "    }",
            "  ]",
            "}",
        ]
        #expect(try roundTrip(text, flags: CodecFlags.pretty) == lines.joined(separator: "\n"))
        #expect(try roundTrip("[]", flags: CodecFlags.pretty) == "[]")
    }

    // MARK: Size

    @Test("An object may have any number of members, whatever their order")
    func manyMembers() throws {
        for count in [1, 2, 15, 16, 17, 40, 3000] {
            let keys = (0..<count).map { "key\($0)" }
            let rotated = keys.dropFirst(count / 2) + keys.prefix(count / 2)
            let text = "{" + rotated.map { "\"\($0)\":[{\"\($0)\":true}]" }.joined(separator: ",") + "}"
            let sorted = keys.sorted().map { "\"\($0)\":[{\"\($0)\":true}]" }.joined(separator: ",")
            #expect(try roundTrip(text) == "{\(sorted)}")
        }
    }

    @Test("Objects with some keys in common each get their own")
    func similarObjects() throws {
        let keys = ["id", "name", "login", "role", "email"]
        // Every choice of these keys, in two orders, several times over, each within the one before.
        let objects = (1..<32).flatMap { choice -> [String] in
            let chosen = keys.indices.filter { choice & (1 << $0) != 0 }.map { keys[$0] }
            let members = chosen.map { "\"\($0)\":{\"\($0)\":1}" }
            return [members, members.reversed()].map { "{" + $0.joined(separator: ",") + "}" }
        }
        let expected = (1..<32).flatMap { choice -> [String] in
            let chosen = keys.indices.filter { choice & (1 << $0) != 0 }.map { keys[$0] }.sorted()
            let text = "{" + chosen.map { "\"\($0)\":{\"\($0)\":1}" }.joined(separator: ",") + "}"
            return [text, text]
        }
        let text = "[" + (objects + objects).joined(separator: ",") + "]"
        #expect(try roundTrip(text) == "[" + (expected + expected).joined(separator: ",") + "]")
    }

    @Test("A large text, whose repeated strings are looked up, is read as a small one")
    func largeText() throws {
        let long = String(repeating: "y", count: 41)
        let users = (0..<2000).map { number in
            let roles = ["\"admin\"", "\"user\"", "\"\"", "\"rôle-\(number % 600)\"", "\"\(long)\""]
            return "{\"\(long)\":\(number),\"id\":\(number),\"key\(number % 700)\":\"user\(number)\","
                + "\"roles\":[\(roles.joined(separator: ","))]}"
        }
        for user in users.prefix(20) {
            let sorted = try roundTrip(user)
            #expect(sorted.utf8.count == user.utf8.count)
        }
        let single = try users.map { try roundTrip($0) }
        #expect(try roundTrip("[" + users.joined(separator: ",") + "]") == "[" + single.joined(separator: ",") + "]")
    }
}
