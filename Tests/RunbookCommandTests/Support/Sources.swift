import FoundationEssentials
import Glibc
import Testing

/// The project's own sources, for what only they can tell.
enum Sources {
    /// A line of a source.
    struct Line: Sendable {
        /// The file's path below `Sources`.
        let file: String
        let text: String
    }

    /// The lines that hold one of these texts, of the files below a folder of `Sources`.
    ///
    /// - Parameters:
    ///   - texts: what is looked for, byte by byte: patterns would take long over all that there is.
    ///   - folder: `RunbookHost/Audit`. Default: all.
    ///   - endings: of what files. Default: Swift.
    static func lines(
        containing texts: [String], below folder: String = "", endings: [String] = [".swift"]
    ) throws -> [Line] {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources/" + folder).path()
        let names = try FileManager.default.subpathsOfDirectory(atPath: sources).sorted()
        var lines: [Line] = []
        for name in names where endings.contains(where: { name.hasSuffix($0) }) {
            let source = try Data(contentsOf: URL(filePath: sources + "/" + name)) + [0]
            for line in source.withUnsafeBytes({ Self.lines(of: $0, holding: texts) }) {
                lines.append(Line(file: name, text: line))
            }
        }
        #expect(!lines.isEmpty, "\(sources): \(texts)")
        return lines
    }

    /// The lines of a text, with a zero behind it, that hold one of others.
    private static func lines(of source: UnsafeRawBufferPointer, holding texts: [String]) -> [String] {
        guard let base = source.baseAddress?.assumingMemoryBound(to: CChar.self) else { return [] }
        var beginnings: Set<Int> = []
        for text in texts {
            var next = base
            while let found = strstr(next, text) {
                var beginning = base.distance(to: UnsafePointer(found))
                while beginning > 0, source[beginning - 1] != UInt8(ascii: "\n") { beginning -= 1 }
                beginnings.insert(beginning)
                next = UnsafePointer(found) + 1
            }
        }
        return beginnings.sorted().map { beginning in
            String(decoding: source[beginning...].prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }, as: UTF8.self)
        }
    }
}
