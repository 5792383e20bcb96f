/// Paths as text: nothing here looks at the disk.
enum Path {
    /// `path` if it is absolute, else `path` within `directory`; without `.`, `..` and doubled slashes.
    static func joined(_ directory: String, _ path: String) -> String {
        normalized(path.hasPrefix("/") ? path : "\(directory)/\(path)")
    }

    /// An absolute path without `.`, `..`, doubled slashes and a slash at its end.
    static func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// The folder that a path is in; of `/` itself `/`.
    static func parent(_ path: String) -> String {
        "/" + path.split(separator: "/").dropLast().joined(separator: "/")
    }

    /// The last part.
    static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "/" }

    /// Whether `path` is `directory` or within it. Both are absolute and normalized.
    static func isWithin(_ path: String, _ directory: String) -> Bool {
        directory == "/" || path == directory || path.hasPrefix(directory + "/")
    }
}
