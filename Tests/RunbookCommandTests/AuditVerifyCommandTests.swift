import Operations
import RunbookHost
import Testing

@testable import RunbookStore
@testable import runbook

@Suite("The command: audit verify")
struct AuditVerifyCommandTests {
    @Test("finds the log of the state folder whole, and says what that proves")
    func whole() async throws {
        try await AuditHarness.with(lines: 40) { harness in
            let outcome = try await harness.audit("verify")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.errors.isEmpty)
            #expect(
                outcome.output.contains(
                    "whole: 40 lines, 1 to 40, written from 2023-11-14T22:13:21.000Z to 2023-11-14T22:14:00.000Z"))
            #expect(outcome.output.contains("no checkpoint was compared with it"))
            let json = try JSONValue(parsing: try await harness.audit("verify", "--json").output)
            #expect(json["valid"] == true && json["lines"] == 40 && json["first"] == 1 && json["last"] == 40)
            #expect(try await json["hash"]?.stringValue == harness.lines()[39].hash)
            #expect(json["fault"] == .null)
        }
    }

    @Test("finds nothing where no log is, and makes none")
    func nothing() async throws {
        try await AuditHarness.with(lines: 0) { harness in
            let outcome = try await harness.audit("verify")
            #expect(outcome.status == 0 && outcome.output == "the audit log has no lines to check\n")
            #expect(LocalFiles().status(harness.store.path) == nil)
        }
    }

    @Test("names every line of the database that was altered")
    func alteredRows() async throws {
        try await AuditHarness.with(lines: 30) { harness in
            for line in try await harness.lines() {
                var text = line.text
                text[text.count / 3] ^= 0x04
                try harness.alter("UPDATE audit SET text = ? WHERE sequence = ?", .bytes(text), .integer(line.sequence))
                let fault = try await harness.verify().fault
                #expect(fault?.sequence == line.sequence && fault?.line == line.sequence)
                try harness.alter(
                    "UPDATE audit SET text = ?, hash = '00' WHERE sequence = ?", .bytes(line.text),
                    .integer(line.sequence))
                let filed = try await harness.verify().fault
                #expect(filed?.kind == .misfiled && filed?.sequence == line.sequence)
                try harness.alter(
                    "UPDATE audit SET hash = ? WHERE sequence = ?", .text(line.hash), .integer(line.sequence))
            }
            #expect(try await harness.verify().fault == nil)
        }
    }

    @Test("names every line of the database that was removed, or exchanged with the next")
    func removedRows() async throws {
        try await AuditHarness.with(lines: 30) { harness in
            let lines = try await harness.lines()
            for (line, next) in zip(lines, lines.dropFirst().map { $0 } + [AuditLine?.none]) {
                try harness.alter("DELETE FROM audit WHERE sequence = ?", .integer(line.sequence))
                let fault = try await harness.verify().fault
                #expect(fault?.sequence == line.sequence)
                #expect(fault?.kind == (next == nil ? .cutOff : .missing))
                func put(_ text: [UInt8], _ place: AuditLine) throws {
                    try harness.alter(
                        "INSERT OR REPLACE INTO audit VALUES (?, ?, ?)", .integer(place.sequence), .text(place.hash),
                        .bytes(text))
                }
                try put(line.text, line)
                guard let next else { break }
                try put(next.text, line)
                try put(line.text, next)
                let swapped = try await harness.verify().fault
                #expect(swapped?.kind == .outOfOrder && swapped?.sequence == line.sequence)
                try put(line.text, line)
                try put(next.text, next)
            }
            #expect(try await harness.verify().fault == nil)
        }
    }

    @Test("names the end that the store remembers otherwise")
    func head() async throws {
        try await AuditHarness.with(lines: 9) { harness in
            try harness.alter("UPDATE audit_head SET sequence = 7")
            #expect(try await harness.verify().fault?.kind == .beyondEnd)
            try harness.alter("UPDATE audit_head SET sequence = 9, hash = ?", .text(AuditLine.start))
            #expect(try await harness.verify().fault?.kind == .rewritten)
            try harness.alter("DELETE FROM audit_head")
            #expect(try await harness.verify().fault?.sequence == 1)
        }
    }

    @Test("checks a log of several pages that grows meanwhile")
    func growing() async throws {
        try await AuditHarness.with(lines: 1_200) { harness in
            async let writing: Void = harness.add(1_201...1_700)
            let during = try await harness.verify()
            try await writing
            #expect(during.fault == nil && [1_200, 1_700].contains(during.lines))
            #expect(try await harness.verify().lines == 1_700)
        }
    }

    @Test("ends with 7 and one paragraph that names the line, for the state folder and for a file")
    func altered() async throws {
        try await AuditHarness.with(lines: 20) { harness in
            let lines = try await harness.lines()
            var file = Array(lines.map { $0.text + Array("\n".utf8) }.joined())
            try harness.write(file, to: "export.jsonl")
            let whole = try await harness.audit("verify", "export.jsonl")
            #expect(whole.status == 0 && whole.output.hasPrefix("the audit log in export.jsonl is whole: 20 lines"))

            let place = lines[..<11].map { $0.text.count + 1 }.reduce(0, +) + 40
            file[place] ^= 1
            try harness.write(file, to: "export.jsonl")
            let outcome = try await harness.audit("verify", "export.jsonl")
            #expect(outcome.status == 7 && outcome.output == "")
            #expect(
                outcome.errors.hasPrefix("runbook: the audit log in export.jsonl is not as it was written: line 12 "))
            #expect(
                outcome.errors.contains(
                    "What stands before, lines 1 to 11 until 2023-11-14T22:13:31.000Z, fits together"))
            #expect(outcome.errors.split(separator: "\n").count == 1)

            try harness.alter("DELETE FROM audit WHERE sequence = 5")
            let stored = try await harness.audit("verify", "--json")
            #expect(stored.status == 7 && stored.errors.contains("line 5 is missing: line 6 follows line 4"))
            let json = try JSONValue(parsing: stored.output)
            #expect(json["valid"] == false && json["fault"]?["kind"] == "missing" && json["fault"]?["sequence"] == 5)
        }
    }

    @Test("reads standard input, a part of a log, and lines with no end")
    func otherFiles() async throws {
        try await AuditHarness.with(lines: 12) { harness in
            let lines = try await harness.lines()
            // Without the last line end nothing is lost.
            try harness.write(Array(lines[4...].map(\.text).joined(separator: [UInt8(ascii: "\n")])), to: "part.jsonl")
            let part = try await harness.audit("verify", "part.jsonl", "--from", "5")
            #expect(part.status == 0 && part.output.contains("8 lines, 5 to 12"))
            let first = try await harness.audit("verify", "part.jsonl")
            #expect(first.status == 7 && first.errors.contains("lines 1 to 4 are missing"))

            let piped = try await CommandProcess(
                ["-c", "\(CommandProcess.program) audit verify - --from 5 --state state < part.jsonl"],
                environment: harness.command.environment, directory: harness.command.directory, program: "/bin/sh"
            ).outcome
            #expect(piped.status == 0 && piped.output.contains("8 lines, 5 to 12"), "\(piped.errors)")

            try harness.write([UInt8](repeating: UInt8(ascii: " "), count: 17 << 20), to: "endless.jsonl")
            let endless = try await harness.audit("verify", "endless.jsonl")
            #expect(endless.status == 7 && endless.errors.contains("line 1 is damaged"))
        }
    }

    @Test("says what is wrong with its flags and files")
    func misuse() async throws {
        try await AuditHarness.with(lines: 1) { harness in
            for (arguments, text) in [
                (["verify", "nowhere.jsonl"], "nowhere.jsonl cannot be read: it does not exist"),
                (["verify", "."], ". cannot be read: it is a folder"),
                (["verify", "--from", "0"], "--from must be 1 or more"),
                (["verify", "--no-checkpoints", "--checkpoints", "x"], "--no-checkpoints goes with neither"),
                (["verify", "--checkpoints", "nowhere"], "named by --checkpoints, cannot be read: it does not exist"),
            ] {
                let outcome = try await CommandProcess(
                    ["audit"] + arguments + ["--state", "state"], environment: harness.command.environment,
                    directory: harness.command.directory, program: CommandProcess.program
                ).outcome
                #expect(outcome.status == 64 && outcome.errors.contains(text), "\(outcome.errors)")
            }
        }
    }
}
