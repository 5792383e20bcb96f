import Foundation

/// The functions written in Lua, as the host gives them to its machines.
enum HostPrelude {
    /// Where this package is.
    static let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static let parts = Result {
        try ["prelude", "session", "csv"].map { name in
            try String(
                contentsOf: packageRoot.appending(path: "Sources/RunbookHost/Prelude/\(name).lua"), encoding: .utf8)
        }
    }

    /// Its parts with a page break between two of them, as `rb_machine_prelude` takes them.
    static func source() throws -> String { try parts.get().joined(separator: "\u{c}") }
}
