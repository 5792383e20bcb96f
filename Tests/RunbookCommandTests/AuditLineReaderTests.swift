import Glibc
import Testing

@testable import runbook

@Suite("Reading a file line by line")
struct AuditLineReaderTests {
    /// The lines of what is written to a pipe in these pieces.
    private func lines(_ pieces: [String], limit: Int = 1 << 20) throws -> [LineReader.Line] {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        for piece in pieces {
            let bytes = Array(piece.utf8)
            try #require(write(ends[1], bytes, bytes.count) == bytes.count)
        }
        close(ends[1])
        defer { close(ends[0]) }
        var reader = LineReader(ends[0], limit: limit)
        var lines: [LineReader.Line] = []
        while let line = try reader.next() { lines.append(line) }
        return lines
    }

    private func text(_ text: String) -> LineReader.Line { .text(Array(text.utf8)) }

    @Test("gives each line without its end, and what stands behind the last end")
    func lines() throws {
        #expect(try lines([]) == [])
        #expect(try lines(["\n"]) == [text("")])
        #expect(try lines(["one\ntwo\n"]) == [text("one"), text("two")])
        #expect(try lines(["one\n\ntw", "o"]) == [text("one"), text(""), text("two")])
        #expect(try lines(["one\r\n"]) == [text("one\r")])
    }

    @Test("passes over a line that is too long, and goes on behind it")
    func overlong() throws {
        #expect(try lines(["1234\n12345\n1\n"], limit: 4) == [text("1234"), .overlong, text("1")])
        #expect(try lines(["123456"], limit: 4) == [.overlong])
        let long = String(repeating: "x", count: 50_000)
        #expect(try lines([long, "\nend"], limit: 100) == [.overlong, text("end")])
        #expect(try lines([long, "\nend"], limit: 50_000) == [text(long), text("end")])
    }

    @Test("says why it cannot read on")
    func failure() throws {
        let folder = open("/", O_RDONLY | O_CLOEXEC)
        defer { close(folder) }
        var reader = LineReader(folder)
        #expect(throws: FileFailure("it is a folder")) { try reader.next() }
    }
}
