/// Reads XML, and HTML as the report has it, to tell whether it is well-formed: every element is closed, every attribute
/// quoted, every ampersand escaped.
struct MarkupCheck {
    /// Elements of HTML without an end.
    private static let void: Set<Substring> = ["meta", "input", "br"]

    /// The names of the elements, in order.
    private(set) var elements: [Substring] = []
    /// The values of the attributes, by name.
    private(set) var attributes: [(name: Substring, value: Substring)] = []
    /// What is wrong; `nil` if nothing is.
    private(set) var fault: String?

    init(_ text: String) {
        var rest = text[...]
        var open: [Substring] = []
        while fault == nil, let start = rest.firstIndex(of: "<") {
            check(rest[..<start])
            rest = rest[start...].dropFirst()
            // Within these, nothing is markup but their own end.
            if let last = open.last, last == "style" || last == "script", !rest.hasPrefix("/\(last)>") { continue }
            guard let end = rest.firstIndex(of: ">") else {
                fault = "a tag has no end"
                return
            }
            let tag = rest[..<end]
            rest = rest[end...].dropFirst()
            if tag.hasPrefix("!") || tag.hasPrefix("?") { continue }
            if tag.hasPrefix("/") {
                let last = open.popLast()
                if last != tag.dropFirst() { fault = "</\(tag.dropFirst())> closes <\(last ?? "")>" }
                continue
            }
            let name = tag.prefix { !$0.isWhitespace && $0 != "/" }
            elements.append(name)
            read(tag.dropFirst(name.count))
            if !tag.hasSuffix("/"), !Self.void.contains(name) { open.append(name) }
        }
        check(rest)
        if fault == nil, let last = open.last { fault = "<\(last)> is not closed" }
    }

    private mutating func read(_ tag: Substring) {
        var rest = tag
        while true {
            rest = rest.drop { $0.isWhitespace || $0 == "/" }
            guard !rest.isEmpty else { return }
            let name = rest.prefix { $0 != "=" && !$0.isWhitespace && $0 != "/" }
            rest = rest.dropFirst(name.count)
            guard rest.hasPrefix("=") else {
                attributes.append((name, ""))
                continue
            }
            rest = rest.dropFirst()
            guard rest.hasPrefix("\"") else { return fault = "\(name) is not quoted" }
            rest = rest.dropFirst()
            guard let end = rest.firstIndex(of: "\"") else { return fault = "\(name) has no end" }
            attributes.append((name, rest[..<end]))
            check(rest[..<end])
            rest = rest[end...].dropFirst()
        }
    }

    private mutating func check(_ text: Substring) {
        var rest = text
        while let start = rest.firstIndex(of: "&") {
            rest = rest[start...].dropFirst()
            guard !elements.suffix(1).contains("script") else { continue }
            let name = rest.prefix { $0 != ";" }
            guard ["amp", "lt", "gt", "quot", "#39"].contains(name) else {
                return fault = "&\(name.prefix(8)) stands bare"
            }
        }
    }
}
