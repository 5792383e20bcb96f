import Testing

@testable import runbook

/// What is read of YAML text.
@Suite struct YAMLTests {
    private func error(_ text: String) -> YAMLError? {
        do throws(YAMLError) {
            _ = try YAMLComposer.compose(text)
            return nil
        } catch { return error }
    }

    @Test func nodesHaveTheirLines() throws {
        let root = try #require(try YAMLComposer.compose("# first\na: 1\nb:\n  - x\n  - 'null'\n  - ~\n"))
        #expect(root.line == 2)
        guard case .mapping(let members) = root.content, case .sequence(let elements) = members[1].value.content else {
            Issue.record("\(root)")
            return
        }
        #expect(members.map(\.key.line) == [2, 3])
        #expect(elements.map(\.line) == [4, 5, 6])
        // Only what stands without quotes can be empty.
        #expect(elements.map(\.isEmptyValue) == [false, false, true])
        #expect((root.depth, members[1].value.depth, elements[0].depth) == (2, 1, 0))
    }

    @Test(arguments: ["", "# nothing\n", "---\n...\n"])
    func textWithoutADocumentIsNothing(_ text: String) throws {
        let root = try YAMLComposer.compose(text)
        #expect(root?.isEmptyValue ?? true)
    }

    @Test func textIsTakenAsItIs() throws {
        let root = try #require(try YAMLComposer.compose("\"Žofie\\u0000\\x41\u{1F511}\""))
        guard case .scalar(let text, isPlain: false) = root.content else {
            Issue.record("\(root)")
            return
        }
        #expect(text == "Žofie\0A\u{1F511}")
    }

    @Test(arguments: [
        ("a: b: c", 1, 5), ("a: [1\nb: 2", 2, 2), ("x:\n\ty: 1", 2, 1), ("a: *b", 1, 4), ("a: 1\n---\nb: 2", 2, 1),
        ("a: \"open", 1, 9),
    ])
    func faultsHaveTheirPlace(_ text: String, line: Int, column: Int) {
        guard case .syntax(line, column, _) = error(text) else {
            Issue.record("\(text): \(String(describing: error(text)))")
            return
        }
    }

    @Test func charactersThatMustNotBeAreRefused() {
        guard case .characters = error("a: \u{7}") else {
            Issue.record("\(String(describing: error("a: \u{7}")))")
            return
        }
    }

    @Test func keysThatStandThereTwiceAreNamedWithTheFirstPlace() {
        #expect(error("b: 1\na: 1\n'a': 2\nb: 3") == .duplicates(keys: ["a", "b"], line: 2))
        #expect(error("x:\n  - {k: 1, k: 1}") == .duplicates(keys: ["k"], line: 2))
    }

    @Test func referencesRepeatWhatTheyName() throws {
        let root = try #require(try YAMLComposer.compose("a: &x [1, 2]\nb: *x\n"))
        guard case .mapping(let members) = root.content, case .sequence(let elements) = members[1].value.content else {
            Issue.record("\(root)")
            return
        }
        #expect(elements.count == 2)
        #expect(members[1].value.line == 1)
    }

    @Test func referencesCannotMakeALittleIntoALot() {
        // Each line repeats the one before ten times.
        var laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...9 {
            let repeats = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            laughs += "a\(level): &a\(level) [\(repeats)]\n"
        }
        guard case .syntax(_, _, "found references that repeat too much") = error(laughs) else {
            Issue.record("\(String(describing: error(laughs)))")
            return
        }
    }

    @Test func referencesCannotNestWithoutEnd() {
        var chain = "- &a0 [x]\n"
        for level in 1...100 { chain += "- &a\(level) [*a\(level - 1)]\n" }
        guard case .syntax(_, _, "found more than 64 lists in one another") = error(chain) else {
            Issue.record("\(String(describing: error(chain)))")
            return
        }
        #expect(error("a: &a [*a]") == .syntax(line: 1, column: 8, problem: "found undefined alias"))
    }

    @Test func listsNestSoDeepAndNoDeeper() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(error(nested(64)) == nil)
        guard case .syntax(_, _, "found more than 64 lists in one another") = error(nested(65)) else {
            Issue.record("\(String(describing: error(nested(65))))")
            return
        }
    }

    @Test func aFileOfTheGreatestSizeIsReadWhateverItHolds() {
        for unit in ["[],", "a,"] {
            let count = ConfigurationFile.maximumSize / unit.utf8.count - 2
            let text = (0..<count).map { _ in unit }.joined()
            #expect(error("[" + text + "]") == nil, "\(unit)")
        }
    }
}
