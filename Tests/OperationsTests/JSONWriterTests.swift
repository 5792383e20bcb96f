import Operations
import Testing

@Suite("Writing JSON")
struct JSONWriterTests {
    @Test("keys are written in the order of their bytes, at every level")
    func keyOrder() {
        let value: JSONValue = ["b": ["z": 1, "Z": 2, "é": 3, "a": 4, "": 5], "B": [], "aa": [:], "a": nil]
        #expect(value.text == #"{"B":[],"a":null,"aa":{},"b":{"":5,"Z":2,"a":4,"z":1,"é":3}}"#)
        #expect(value.description == value.text)
    }

    @Test("equal values have equal texts, however they were made")
    func canonical() throws {
        let names = (0..<100).map { "key\($0)" }
        let forwards = JSONValue.object(Dictionary(uniqueKeysWithValues: names.map { ($0, .string($0)) }))
        let backwards = JSONValue.object(Dictionary(uniqueKeysWithValues: names.reversed().map { ($0, .string($0)) }))
        #expect(forwards.text == backwards.text)
        #expect(try JSONValue(parsing: " { \"b\" : 1 , \"a\" : [ 2 ] } ").text == #"{"a":[2],"b":1}"#)
    }

    @Test(
        "numbers keep their value and their kind",
        arguments: [
            (0, "0"), (-7, "-7"), (.integer(.max), "9223372036854775807"), (.integer(.min), "-9223372036854775808"),
            (1.5, "1.5"), (.number(3), "3.0"), (0.1, "0.1"), (.number(-0.0), "-0.0"), (1e300, "1e+300"),
            (.number(.leastNonzeroMagnitude), "5e-324"),
        ] as [(JSONValue, String)])
    func numbers(value: JSONValue, text: String) {
        #expect(value.text == text)
    }

    @Test("a number that JSON does not have is null", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(number: Double) {
        #expect(JSONValue.number(number).text == "null")
    }

    @Test(
        "only what must be is escaped, and what a terminal would swallow",
        arguments: [
            ("a/b", #""a/b""#), ("\"\\", #""\"\\""#), ("\n\r\t", #""\n\r\t""#),
            ("\u{0}\u{8}\u{1f}", #""\u0000\u0008\u001f""#),
            ("\u{7f}", #""\u007f""#), ("é😀\u{2028}", "\"é😀\u{2028}\""), ("", "\"\""),
        ])
    func escapes(string: String, text: String) {
        #expect(JSONValue.string(string).text == text)
        #expect(JSONValue.object([string: 1]).text == "{\(text):1}")
    }

    @Test("the text for people has one element a line; empty ones stay short")
    func pretty() {
        let value: JSONValue = ["a": [1, ["b": nil], [], [:]], "c": "x"]
        #expect(
            value.prettyText == """
                {
                  "a": [
                    1,
                    {
                      "b": null
                    },
                    [],
                    {}
                  ],
                  "c": "x"
                }
                """)
        #expect(JSONValue.array([]).prettyText == "[]")
        #expect(JSONValue.null.prettyText == "null")
    }
}
