import CommandSupport
import ArgumentParser
import CommandSupport
import Glibc
import Testing

@testable import runbook

@Suite("The manual")
struct ManualTests {
    private let pages = Manual.pages

    @Test("there is a page for the command and for each below it, but for help itself")
    func pagesOfAll() {
        let names = pages.map(\.fileName)
        #expect(names.first == "runbook.1")
        #expect(Set(names).count == names.count)
        for name in ["run", "plan", "schedule", "schedule-add", "audit-verify", "simulate", "stubs", "manual"] {
            #expect(names.contains("runbook-\(name).1"))
        }
        for command in RunbookCommand.configuration.subcommands {
            let name = command.configuration.commandName ?? ""
            #expect(names.contains("runbook-\(name).1"), "\(name)")
        }
        #expect(!names.contains("runbook-help.1"))
    }

    @Test("each page is written as man reads it")
    func structure() {
        let requests = [".TH", ".SH", ".SS", ".PP", ".TP", ".RS", ".RE", ".nf", ".fi", ".nh", ".ad"]
        for page in pages {
            let lines = page.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            #expect(lines.first == ManualPage.mark)
            #expect(lines.last == "")
            #expect(lines[1].hasPrefix(".TH "))
            #expect(page.text.utf8.allSatisfy { $0 < 0x7f }, "\(page.fileName)")
            var open: [String] = []
            for (index, line) in lines.dropLast().enumerated().dropFirst() {
                #expect(!line.isEmpty, "\(page.fileName):\(index + 1)")
                if line.hasPrefix(".") {
                    let request = String(line.prefix { $0 != " " })
                    #expect(requests.contains(request), "\(page.fileName):\(index + 1): \(line)")
                    switch request {
                    case ".RS", ".nf": open.append(request)
                    case ".RE": #expect(open.popLast() == ".RS")
                    case ".fi": #expect(open.popLast() == ".nf")
                    case ".TP":
                        #expect(!lines[index + 1].hasPrefix("."), "\(page.fileName):\(index + 1)")
                        #expect(!lines[index + 2].hasPrefix("."), "\(page.fileName):\(index + 1)")
                    default: break
                    }
                } else {
                    #expect(!line.hasPrefix("'"), "\(page.fileName):\(index + 1)")
                    let rest = Self.unescapedMarks(line)
                    #expect(!rest.contains { "-'`~^\"".contains($0) }, "\(page.fileName):\(index + 1): \(line)")
                }
            }
            #expect(open.isEmpty)
        }
    }

    @Test("the sections are those of manual pages, in their order")
    func sections() throws {
        let order = [
            "NAME", "SYNOPSIS", "DESCRIPTION", "ARGUMENTS", "OPTIONS", "COMMANDS", "DOT\\-COMMANDS", "EXIT STATUS",
            "ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO",
        ]
        for page in pages {
            let found = page.text.split(separator: "\n").filter { $0.hasPrefix(".SH ") }
                .map { String($0.dropFirst(5).dropLast()) }
            let places = try found.map { try #require(order.firstIndex(of: $0), "\($0)") }
            #expect(places == places.sorted(), "\(page.fileName)")
            #expect(found.starts(with: ["NAME", "SYNOPSIS", "DESCRIPTION"]))
        }
    }

    @Test("what the help says stands in the page")
    func helpIsThere() {
        for page in pages {
            let text = Self.plain(page.text)
            func expect(_ part: String) {
                let words = part.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
                #expect(text.contains(words), "\(page.fileName): \(words)")
            }
            expect(page.help.abstract)
            for part in ManualText.parts(of: page.help.discussion) {
                switch part {
                case .paragraph(let text): if !text.hasPrefix("Exit codes: ") { expect(text) }
                case .verbatim(let lines), .example(let lines): lines.forEach(expect)
                }
            }
            for argument in page.help.arguments {
                argument.names.forEach(expect)
                expect(argument.text)
                if argument.kind != .flag { expect(argument.valueName) }
            }
            for command in page.help.subcommands {
                expect("\(ManualPage.pageName(command.path))(1) \(command.abstract)")
            }
        }
    }

    @Test("pages speak of pages that there are")
    func references() {
        let names = Set(pages.map { String($0.fileName.dropLast(2)) })
        for page in pages {
            let references = Self.plain(page.text).split(separator: " ").compactMap { word -> String? in
                guard let end = word.firstRange(of: "(1)") else { return nil }
                return String(word[..<end.lowerBound])
            }
            for reference in references { #expect(names.contains(reference), "\(page.fileName): \(reference)") }
            if page.help.path.count > 1 { #expect(references.contains("runbook") || page.help.path.count > 2) }
        }
    }

    @Test("a command refers to those that its help names, and not to those that only begin alike")
    func mentions() throws {
        func last(_ name: String) throws -> String {
            let page = try #require(pages.first { $0.fileName == name })
            return String(try #require(Self.plain(page.text).split(separator: "SEE ALSO").last))
        }
        #expect(try last("runbook-apply.1").contains("runbook-plan(1)") == false)
        #expect(try last("runbook-decide.1").contains("runbook-show(1)"))
        #expect(try last("runbook-schedule-add.1").contains("runbook-schedule(1)"))
        #expect(try last("runbook-schedule-add.1").contains("runbook-serve(1)"))
    }

    @Test("every variable of the command's own is explained")
    func variables() throws {
        let page = Self.plain(try #require(pages.first).text)
        let others = Set(EnvironmentVariable.ofPrograms + EnvironmentVariable.ofSystem)
        for variable in EnvironmentVariable.all where !others.contains(variable) {
            #expect(page.contains("\(variable.name) \(variable.text)"), "\(variable.name)")
        }
        for service in ["CONSOLE", "XPANSE"] {
            for setting in ["URL", "CA", "FINGERPRINT", "TIMEOUT", "CONCURRENCY"] {
                #expect(page.contains("RUNBOOK_\(service)_\(setting)"))
            }
        }
    }

    @Test("exit codes are said of commands that there are")
    func exits() {
        let names = Set(pages.map { $0.help.path.joined(separator: " ") })
        #expect(Set(ManualNotes.exitsByCommand.keys).subtracting(names) == [])
        let ofOne = ManualNotes.exits(of: "runbook audit verify").map { $0.status.rawValue }
        #expect(ofOne == [0, 1, 7, 64])
        let ofAll = ManualNotes.exits(of: "runbook").map { $0.status.rawValue }
        #expect(ofAll == [0, 1, 3, 4, 5, 6, 7, 64, 130])
    }

    @Test("pages are the same each time, and look as they are to look")
    func golden() throws {
        #expect(Manual.pages.map(\.text) == pages.map(\.text))
        let page = try #require(pages.first { $0.fileName == "runbook-audit-key.1" })
        try Golden.check(page.text.replacing("\"\(programVersion)\"", with: "\"VERSION\""), "runbook-audit-key.1")
    }

    @Test("groff has nothing to complain about where it is installed")
    func groff() async throws {
        guard access("/usr/bin/groff", X_OK) == 0 else { return }
        try await CommandHarness.without { command in
            #expect(try await command.run("manual", "man").status == 0)
            let script = "for page in man/*.1; do groff -man -Tutf8 -ww \"$page\" > /dev/null || echo \"$page\"; done"
            let outcome = try await command.start("-c", script, program: "/bin/sh").outcome
            #expect(outcome.errors == "")
            #expect(outcome.output == "")
        }
    }

    @Test(
        "text means nothing but itself",
        arguments: [
            ("a-b 'c' \"d\"", "a\\-b \\(aqc\\(aq \\(dqd\\(dq"), ("~/x^`", "\\(ti/x\\(ha\\(ga"), ("a\\b", "a\\eb"),
            ("…", "\\[u2026]"), ("😀", "\\[u1F600]"),
        ])
    func escapes(text: String, escaped: String) { #expect(Roff.escaped(text) == escaped) }

    @Test("lines that would be requests are not")
    func requests() {
        var roff = Roff()
        roff.paragraph(".help is no request")
        roff.verbatim(["'x", ".y"])
        roff.entry(Roff.bold(".apply"), "Sends.")
        #expect(
            roff.lines == [
                ".PP", "\\&.help is no request", ".PP", ".RS 4", ".nf", "\\(aqx", "\\&.y", ".fi", ".RE", ".TP",
                "\\fB.apply\\fR", "Sends.",
            ])
    }

    @Test("a discussion's parts are told apart")
    func parts() {
        let parts = ManualText.parts(
            of: """
                First line
                and second.

                  runbook run x
                  runbook run y

                A file, for example:

                  runbook: 1
                    deeper

                Only so:

                  runbook doctor
                """)
        #expect(
            parts == [
                .paragraph("First line and second."), .example(["runbook run x", "runbook run y"]),
                .paragraph("A file, for example:"), .verbatim(["runbook: 1", "  deeper"]), .paragraph("Only so:"),
                .verbatim(["runbook doctor"]),
            ])
    }

    // MARK: Reading pages

    /// The words of a page as a person reads them, with one space between.
    private static func plain(_ text: String) -> String {
        var text = text.split(separator: "\n").filter { !$0.hasPrefix(".\\\"") && !$0.hasPrefix(".TH") }
            .map { $0.hasPrefix(".SH ") || $0.hasPrefix(".SS ") ? String($0.dropFirst(5).dropLast()) : String($0) }
            .filter { !$0.hasPrefix(".") }.joined(separator: " ")
        for (escape, character) in [
            ("\\fB", ""), ("\\fI", ""), ("\\fR", ""), ("\\&", ""), ("\\-", "-"), ("\\(aq", "'"), ("\\(ga", "`"),
            ("\\(ha", "^"), ("\\(ti", "~"), ("\\(dq", "\""), ("\\e", "\\"),
        ] {
            text = text.replacing(escape, with: character)
        }
        while let escape = text.firstMatch(of: /\\\[u([0-9A-F]+)\]/) {
            let scalar = UInt32(escape.1, radix: 16).flatMap(Unicode.Scalar.init).map { String($0) } ?? "?"
            text.replaceSubrange(escape.range, with: scalar)
        }
        return text.split(separator: " ").joined(separator: " ")
    }

    /// The line without what is escaped.
    private static func unescapedMarks(_ line: String) -> String {
        line.replacing(/\\(\(..|\[[^\]]*\]|.)/, with: "")
    }
}
