import ArgumentParser
import Testing

@testable import runbook

@Suite("What command lines are completed with")
struct CompletionsTests {
    @Test(
        "a word is given to each shell so that it is taken for what it is",
        arguments: [
            ("role=", "", #"role="#, "role=", "role="),
            ("a b", "note", #"a\ b"#, "a b:note", "a b\tnote"),
            ("$(x)", "", #"\$\(x\)"#, "$(x)", "$(x)"),
            ("http://h:1", "n", "http://h:1", #"http\://h\:1:n"#, "http://h:1\tn"),
            (#"a\b"#, "", #"a\\b"#, #"a\\b"#, #"a\b"#),
            ("sub/", "", "sub", "sub/", "sub/"),
            ("ümlaut", "two\nlines", "ümlaut", "ümlaut:two lines", "ümlaut\ttwo lines"),
        ])
    func lines(text: String, note: String, bash: String, zsh: String, fish: String) {
        let suggestion = Suggestion(text, note)
        #expect(suggestion.line(for: .bash) == bash)
        #expect(suggestion.line(for: .zsh) == zsh)
        #expect(suggestion.line(for: .fish) == fish)
        #expect(suggestion.line(for: nil) == text)
    }

    @Test("what a terminal would obey is not offered", arguments: ["a\nb", "bell\u{7}", "\u{1b}[2J", "a\u{202e}b", ""])
    func unshown(text: String) { #expect(Suggestion(text).line(for: .bash) == nil) }

    @Test("each word is offered once")
    func once() {
        let suggestions = [Suggestion("x", "a runbook"), Suggestion("x"), Suggestion("y")]
        #expect(WordCompletion.lines(suggestions, shell: .fish) == ["x\ta runbook", "y"])
    }

    @Test(
        "reads words as a shell does",
        arguments: [
            ("plain", "plain"), ("a\\ b", "a b"), ("'a b'", "a b"), ("\"a 'b'\"", "a 'b'"), ("'a\\b'", "a\\b"),
            ("'open", "open"), ("x\\", "x"),
        ])
    func unquoted(word: String, text: String) { #expect(CommandLineRequest.unquoted(word) == text) }

    @Test("finds what was given with a flag, before and behind the word")
    func values() {
        func value(_ words: [String], at index: Int) -> String? {
            CommandLineRequest(words: words, index: index, prefix: "", environment: [:]).value(of: "--state")
        }
        #expect(value(["runbook", "show", "--state", "a", ""], at: 4) == "a")
        #expect(value(["runbook", "show", "", "--state", "'a b'"], at: 2) == "a b")
        #expect(value(["runbook", "show", "--state=a", ""], at: 3) == "a")
        #expect(value(["runbook", "show", "--state", "=", "a", ""], at: 5) == "a")
        #expect(value(["runbook", "show", "--state", "a", "--state", "b", ""], at: 6) == "b")
        #expect(value(["runbook", "show", "--state", ""], at: 3) == nil)
        #expect(value(["runbook", "show", ""], at: 2) == nil)
    }

    @Test("answers for the targets, and for nothing else")
    func targets() {
        let request = ["runbook", "---completion", "run", "--", "--target", "3", "0", "runbook", "run", "--target", ""]
        let environment = [
            "HOME": "/nowhere", "RUNBOOK_CONSOLE_URL": "https://c:3780", "RUNBOOK_CONSOLE_USER": "u",
            "RUNBOOK_CONSOLE_PASSWORD": "p", "RUNBOOK_CONFIG": "/dev/null",
        ]
        func answer(_ shell: String) -> String? {
            TargetCompletion.answer(to: request, environment: environment.merging(["SAP_SHELL": shell]) { $1 })
        }
        #expect(answer("bash") == "environment\n")
        #expect(answer("zsh") == "environment:https://c:3780\n \n")
        #expect(answer("fish") == "environment\thttps://c:3780\n")
        for other in [
            [], ["runbook"], ["runbook", "run", "--target", "x"], ["runbook", "---completion", "run", "--", "--state"],
            ["runbook", "---completion", "run", "--", "--target", "x", "y"], ["runbook", "---completion"],
        ] {
            #expect(TargetCompletion.answer(to: other, environment: environment) == nil)
        }
    }

    @Test("does not wait for what takes long")
    func patience() {
        let answer = QuickAnswer.wait(milliseconds: 1) { () -> Int? in
            try? await Task.sleep(for: .seconds(3_600))
            return 1
        }
        #expect(answer == nil)
        #expect(QuickAnswer.wait(milliseconds: 60_000) { 1 } == 1)
    }
}
