import Glibc
import TerminalTesting
import Testing

@testable import LineEditor

@Suite("Keeping history")
struct HistoryTests {
    /// A folder that is there for one test.
    private final class Folder {
        let path: String

        init() throws {
            var template = Array("/tmp/line-editor.XXXXXX".utf8CString)
            guard let made = mkdtemp(&template) else { throw Failure() }
            path = String(cString: made)
        }

        deinit { remove(path) }

        private func remove(_ path: String) {
            if let folder = opendir(path) {
                while let entry = readdir(folder) {
                    let name = withUnsafePointer(to: &entry.pointee.d_name) {
                        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                    }
                    if name != ".", name != ".." { self.remove(path + "/" + name) }
                }
                closedir(folder)
            }
            Glibc.remove(path)
        }

        func write(_ bytes: [UInt8], _ name: String, mode: mode_t = 0o600) {
            let file = open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, mode)
            _ = Glibc.write(file, bytes, bytes.count)
            close(file)
        }

        func read(_ name: String) -> [UInt8] {
            let file = open(path + "/" + name, O_RDONLY)
            defer { close(file) }
            var bytes = [UInt8](repeating: 0, count: 1 << 20)
            let count = Glibc.read(file, &bytes, bytes.count)
            return Array(bytes.prefix(max(0, count)))
        }

        func mode(_ name: String) -> mode_t {
            var status = stat()
            stat(path + "/" + name, &status)
            return status.st_mode & 0o777
        }
    }

    private struct Failure: Error {}

    @Test("an entry is kept once, the newest last; blanks, secrets and what begins with a blank are not")
    func rules() {
        var rules = HistoryRules()
        rules.isSecret = { $0.contains("password") }
        rules.limit = 3
        var history = History(["a", "b", "a", " c", "password x"], rules: rules)
        #expect(history.entries == ["b", "a"])
        let added = ["c", "c", " d", "", "my password", "b"].map { history.add($0) }
        #expect(added == [true, false, false, false, false, true])
        #expect(history.entries == ["a", "c", "b"])
        history.add("d")
        #expect(history.entries == ["c", "b", "d"])
        history.add("a")
        #expect(history.entries == ["b", "d", "a"])
    }

    @Test(
        "entries of any content come back as they were",
        arguments: [
            "a", "two\nlines\n", "back\\slash \\n", "tab\there", "nul\u{0}esc\u{1B}del\u{7F}cr\r", "漢字👨‍👩‍👧\u{2028}",
        ])
    func encoding(entry: String) {
        let line = HistoryEncoding.encode(entry)
        #expect(line.filter { $0 == 0x0A }.count == 1)
        #expect(HistoryEncoding.decode(line.dropLast()[...]) == entry)
    }

    @Test("a file is its owner's alone, and so is the folder made for it")
    func modes() throws {
        let folder = try Folder()
        let file = HistoryFile(path: folder.path + "/new/deeper/history")
        #expect(try file.load().entries == [])
        try file.append("one\ntwo")
        #expect(try file.load().entries == ["one\ntwo"])
        #expect(folder.mode("new/deeper/history") == 0o600)
        #expect(folder.mode("new/deeper") == 0o700)
        #expect(folder.mode("new") == 0o700)
        folder.write(Array("x\n".utf8), "open", mode: 0o644)
        _ = try HistoryFile(path: folder.path + "/open").load()
        #expect(folder.mode("open") == 0o600)
    }

    @Test("sessions that add at once keep every entry whole")
    func concurrency() async throws {
        let folder = try Folder()
        let path = folder.path + "/history"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for session in 0..<8 {
                group.addTask {
                    let file = HistoryFile(path: path)
                    for number in 0..<50 {
                        try file.append("session \(session)\nentry \(number)\n" + String(repeating: "x", count: 3_000))
                    }
                }
            }
            try await group.waitForAll()
        }
        let entries = try HistoryFile(path: path).load().entries
        #expect(entries.count == 400)
        #expect(entries.allSatisfy { $0.hasSuffix("\n" + String(repeating: "x", count: 3_000)) })
        for session in 0..<8 {
            let mine = entries.filter { $0.hasPrefix("session \(session)\n") }.map { $0.split(separator: "\n")[1] }
            #expect(mine == (0..<50).map { "entry \($0)" })
        }
    }

    @Test("sessions that load and rewrite while others add lose nothing")
    func rewriting() async throws {
        let folder = try Folder()
        let path = folder.path + "/history"
        var rules = HistoryRules()
        rules.limit = 200
        let old = (0..<2_000).map { "old \($0)\n" }.joined()
        folder.write(Array(old.utf8), "history")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for session in 0..<4 {
                group.addTask { [rules] in
                    let file = HistoryFile(path: path, rules: rules)
                    for number in 0..<25 {
                        try file.append("new \(session) \(number)")
                        _ = try file.load()
                    }
                }
            }
            try await group.waitForAll()
        }
        let entries = try HistoryFile(path: path, rules: rules).load().entries
        #expect(entries.count == 200)
        #expect(entries.filter { $0.hasPrefix("new ") }.count == 100)
        #expect(folder.mode("history") == 0o600)
    }

    @Test("a damaged file is kept aside and what can be read goes on")
    func damage() throws {
        let folder = try Folder()
        let bytes =
            Array("good\n".utf8) + [0xFF, 0xFE, 0x0A] + Array("bad \\q\nraw \u{1B}[2J\nalso good\ncut o\\".utf8)
        folder.write(bytes, "history")
        let file = HistoryFile(path: folder.path + "/history")
        var aside: String?
        #expect(try file.load { aside = $0 }.entries == ["good", "also good"])
        #expect(aside == folder.path + "/history.damaged")
        #expect(folder.read("history.damaged") == bytes)
        #expect(folder.mode("history.damaged") == 0o600)
        aside = nil
        #expect(try file.load { aside = $0 }.entries == ["good", "also good"])
        #expect(aside == nil)
    }

    @Test("an entry that was cut off does not spoil the next")
    func cutOff() throws {
        let folder = try Folder()
        folder.write(Array("one\nhalf".utf8), "history")
        let file = HistoryFile(path: folder.path + "/history")
        try file.append("two")
        #expect(try file.load().entries == ["one", "half", "two"])
    }

    @Test("any bytes load without a trap", arguments: 0..<100)
    func noise(seed: Int) throws {
        let folder = try Folder()
        var random = SplitMix(seed: UInt64(seed))
        let alphabet: [UInt8] = Array("ab\\\\nnx01\n\n\t\u{1B}".utf8) + [0, 0xC3, 0xA9, 0xFF]
        folder.write((0..<200).map { _ in alphabet.randomElement(using: &random) ?? 0 }, "history")
        let file = HistoryFile(path: folder.path + "/history")
        let first = try file.load().entries
        #expect(try file.load().entries == first)
    }

    @Test("what is no regular file, or cannot be opened, is an error that says so")
    func faults() throws {
        let folder = try Folder()
        mkfifo(folder.path + "/pipe", 0o600)
        let pipe = HistoryFile(path: folder.path + "/pipe")
        let fault = #expect(throws: HistoryFault.self) { try pipe.append("x") }
        #expect(fault?.description.contains("no regular file") == true)
        let below = HistoryFile(path: folder.path + "/pipe/history")
        #expect(throws: HistoryFault.self) { try below.append("x") }
    }

    @Test("a text too long for the file is kept in memory alone")
    func long() throws {
        let folder = try Folder()
        let file = HistoryFile(path: folder.path + "/history")
        try file.append("short")
        try file.append(String(repeating: "x", count: 70_000))
        #expect(try file.load().entries == ["short"])
    }
}
