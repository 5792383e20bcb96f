import Testing

@testable import runbook

@Suite struct SearchTests {
    @Test(arguments: [
        ("a: b: c", ": ", "a", "a: b"), ("aaab", "aab", "a", "a"), ("x", "x", "", ""),
        ("žluť: 1", ": ", "žluť", "žluť"),
        ("abab", "ab", "", "ab"), ("aaa", "aa", "", ""),
    ])
    func findsTheFirstAndTheLast(_ text: String, _ sought: String, beforeFirst: String, beforeLast: String) throws {
        let first = try #require(text.firstPlace(of: sought)), last = try #require(text.lastPlace(of: sought))
        #expect(text[..<first.lowerBound] == beforeFirst)
        #expect(text[..<last.lowerBound] == beforeLast)
        #expect(text[first] == sought)
    }

    @Test(arguments: [("abc", "d"), ("abc", ""), ("", "a"), ("ab", "abc"), ("aab", "ab ")])
    func findsNothingWhereThereIsNothing(_ text: String, _ sought: String) {
        #expect(text.firstPlace(of: sought) == nil)
        #expect(text.lastPlace(of: sought) == nil)
        #expect(text.replacingPlaces(of: sought, with: "!") == text)
    }

    @Test func replacesEachPlaceOnce() {
        #expect("a--b--".replacingPlaces(of: "--", with: "----") == "a----b----")
        #expect("A URL, A URL".replacingPlaces(of: "A URL", with: "") == ", ")
    }

    @Test func agreesWithTheStandardLibraryOnRandomTexts() {
        for seed in 0..<2_000 {
            var state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 | 1
            func text(_ length: Int) -> String {
                String(
                    (0..<length).map { _ -> Character in
                        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                        return state >> 40 & 1 == 0 ? "a" : "b"
                    })
            }
            let hay = text(12), needle = text(1 + seed % 4)
            #expect(hay.firstPlace(of: needle) == hay.firstRange(of: needle), "\(needle) in \(hay)")
            #expect(
                hay.replacingPlaces(of: needle, with: "x") == hay.replacing(needle, with: "x"), "\(needle) in \(hay)")
        }
    }
}
