/// Reads definition files as lua-language-server does, and strictly: every type that is used must be defined or built in,
/// every annotation must belong to what follows it.
struct StubsChecker {
    /// What is wrong, each with its line.
    private(set) var problems: [String] = []
    /// The functions that are defined, by name.
    private(set) var functions: Set<String> = []
    /// The classes and aliases that are defined.
    private(set) var types: Set<String> = []
    /// The types that are used, with the lines where.
    private var uses: [(name: String, place: String)] = []

    private static let builtIn: Set<String> = [
        "any", "nil", "boolean", "string", "number", "integer", "function", "table", "thread", "userdata",
    ]

    /// Checks files together: what one defines, another may use.
    init(_ files: [(name: String, text: String)]) {
        for file in files { check(file.text, name: file.name) }
        for use in uses where !types.contains(use.name) && !Self.builtIn.contains(use.name) {
            problems.append("\(use.place): the type \(use.name) is defined nowhere")
        }
    }

    private mutating func check(_ text: String, name file: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.count < 2 || lines[1] != "---@meta _" { problems.append("\(file): the second line is not the mark") }
        var block: [(tag: String, rest: String, place: String)] = []
        for (index, line) in lines.enumerated().dropFirst(2) {
            let place = "\(file):\(index + 1)"
            if line.hasPrefix("---@") {
                let words = line.dropFirst(4).split(separator: " ", maxSplits: 1).map(String.init)
                block.append((words.first ?? "", words.count > 1 ? words[1] : "", place))
            } else if line.hasPrefix("---|") {
                guard block.last?.tag == "alias" || block.last?.tag == "|" else {
                    problems.append("\(place): a value without an alias")
                    continue
                }
                block.append(("|", line.dropFirst(4).trimmed, place))
            } else if line.hasPrefix("--") {
                continue
            } else {
                check(block, code: line, place)
                block = []
            }
        }
    }

    /// Checks annotations with the line of code behind them; empty if there is none.
    private mutating func check(_ block: [(tag: String, rest: String, place: String)], code: String, _ place: String) {
        var generics: Set<String> = [], parameters: [String] = []
        var tags = Set(block.map(\.tag))
        for (tag, rest, place) in block {
            switch tag {
            case "generic": generics.formUnion(rest.split(separator: ",").map { $0.trimmed })
            case "param", "field":
                let words = rest.split(separator: " ", maxSplits: 1).map(String.init)
                guard words.count == 2 else {
                    problems.append("\(place): no type")
                    continue
                }
                let name = words[0].hasSuffix("?") ? String(words[0].dropLast()) : words[0]
                if tag == "param" { parameters.append(name) }
                // The elements of a list that has fields, too.
                let isElement = tag == "field" && name == "[integer]"
                if !name.isName, name != "...", !isElement { problems.append("\(place): '\(name)' is no name") }
                if type(words[1], generics, place).isEmpty { problems.append("\(place): no word about it") }
            case "return":
                let rest = type(rest, generics, place)
                if !rest.hasPrefix("# ") { problems.append("\(place): '\(rest)' would be read as a name") }
            case "type":
                if !type(rest, generics, place).isEmpty { problems.append("\(place): more than a type") }
            case "|":
                if !type(rest, generics, place).isEmpty { problems.append("\(place): more than a type") }
            case "alias": define(rest, place)
            case "class":
                let name = rest.replacingPrefix("(exact) ", with: "")
                let parts = name.split(separator: ":").map { $0.trimmed }
                define(parts.first ?? "", place)
                for parent in parts.dropFirst() { _ = type(parent, [], place) }
            default: problems.append("\(place): the annotation \(tag) is not known")
            }
        }
        tags.remove("|")
        let allowed: Set<String>
        if code.hasPrefix("function ") {
            allowed = ["generic", "param", "return"]
            checkFunction(code, parameters, place)
        } else if code.isEmpty {
            allowed = tags.contains("alias") ? ["alias"] : ["class", "field"]
        } else if code.hasSuffix(" = {}") {
            allowed = ["class"]
        } else if code.hasSuffix(" = nil") {
            allowed = ["type"]
        } else {
            allowed = []
            problems.append("\(place): unexpected code")
        }
        if !tags.isSubset(of: allowed) { problems.append("\(place): \(tags.sorted()) do not go together here") }
    }

    private mutating func checkFunction(_ code: String, _ annotated: [String], _ place: String) {
        guard let open = code.firstIndex(of: "("), code.hasSuffix(") end"), let close = code.lastIndex(of: ")") else {
            return problems.append("\(place): no function")
        }
        let name = String(code[code.index(code.startIndex, offsetBy: 9)..<open])
        let names = code[code.index(after: open)..<close].split(separator: ",").map { $0.trimmed }
        if names != annotated { problems.append("\(place): the arguments are \(names), annotated are \(annotated)") }
        if !functions.insert(name).inserted { problems.append("\(place): \(name) is defined twice") }
    }

    private mutating func define(_ name: String, _ place: String) {
        if !name.isName { problems.append("\(place): '\(name)' is no name") }
        if !types.insert(name).inserted { problems.append("\(place): \(name) is defined twice") }
    }

    // MARK: Types

    /// Reads a type at the beginning of a text.
    ///
    /// - Returns: what is behind it.
    private mutating func type(_ text: String, _ generics: Set<String>, _ place: String) -> String {
        var reader = TypeReader(text)
        reader.readUnion()
        if let problem = reader.problem { problems.append("\(place): \(problem) in '\(text)'") }
        uses += reader.names.filter { !generics.contains($0) }.map { ($0, place) }
        return reader.rest.trimmed
    }

    /// Reads types as LuaCATS writes them.
    private struct TypeReader {
        var names: [String] = []
        var problem: String?
        private(set) var rest: Substring

        init(_ text: String) { rest = text[...] }

        mutating func readUnion() {
            readUnit()
            while take("|") { readUnit() }
        }

        private mutating func readUnit() {
            if take("(") {
                readUnion()
                expect(")")
            } else if take("\"") {
                guard let end = rest.firstIndex(of: "\"") else { return problem = "a text without an end" }
                rest = rest[rest.index(after: end)...]
            } else {
                let name = readName()
                if name == "fun" { readFunction() } else { readArguments(of: name) }
            }
            while take("[]") || take("?") {}
        }

        private mutating func readFunction() {
            expect("(")
            while problem == nil, !take(")") {
                _ = readName()
                _ = take("?")
                expect(": ")
                readUnion()
                if take(", ") { continue }
            }
            if take(": ") { readUnion() }
        }

        private mutating func readArguments(of name: String) {
            if name.isEmpty { return problem = "a type is missing" }
            guard take("<") else { return names.append(name) }
            if name != "table" { problem = "\(name) takes no types" }
            readUnion()
            expect(", ")
            readUnion()
            expect(">")
        }

        private mutating func readName() -> String {
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            rest = rest[name.endIndex...]
            return String(name)
        }

        private mutating func take(_ text: String) -> Bool {
            guard rest.hasPrefix(text) else { return false }
            rest = rest.dropFirst(text.count)
            return true
        }

        private mutating func expect(_ text: String) {
            if !take(text), problem == nil { problem = "'\(text)' is missing before '\(rest)'" }
        }
    }
}

extension StringProtocol {
    /// Without white space around it.
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    /// Whether Lua takes it for a name.
    fileprivate var isName: Bool {
        !isEmpty && !(first?.isNumber ?? true) && allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}
