import CYAML

/// Makes the nodes of a YAML document from what libyaml reads, event by event.
///
/// A configuration file may come with somebody else's checkout. So lists nest only so deep, and references (`*name`)
/// repeat only so much: a small file cannot stand for a huge one.
struct YAMLComposer {
    /// How many lists may stand in one another.
    static let maximumDepth = 64
    /// The most that a document may weigh (``YAMLNode/weight``): a file of the greatest size that is allowed weighs
    /// less, if it repeats nothing.
    static let maximumWeight = 4 * ConfigurationFile.maximumSize

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private var anchors: [String: YAMLNode] = [:]

    /// The only document of a text; `nil` if there is none.
    static func compose(_ text: String) throws(YAMLError) -> YAMLNode? {
        let bytes = Array(text.utf8)
        return try bytes.withUnsafeBufferPointer { bytes throws(YAMLError) in
            let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
            defer { parser.deallocate() }
            guard yaml_parser_initialize(parser) == 1 else { throw .memory }
            defer { yaml_parser_delete(parser) }
            yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
            yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
            var composer = YAMLComposer(parser: parser)
            return try composer.document()
        }
    }

    private init(parser: UnsafeMutablePointer<yaml_parser_t>) { self.parser = parser }

    private mutating func document() throws(YAMLError) -> YAMLNode? {
        _ = try next()  // the stream's beginning
        if case .streamEnd = try next().kind { return nil }
        let root = try node(try next(), level: 0)
        _ = try next()  // the document's end
        let event = try next()
        guard case .streamEnd = event.kind else { throw fault(event, "but found another document") }
        return root
    }

    private mutating func node(_ event: YAMLEvent, level: Int) throws(YAMLError) -> YAMLNode {
        let node: YAMLNode
        switch event.kind {
        case .scalar(let text, let isPlain): node = YAMLNode(.scalar(text, isPlain: isPlain), line: event.line)
        case .sequenceStart: node = YAMLNode(.sequence(try elements(level: level + 1)), line: event.line)
        case .mappingStart: node = YAMLNode(.mapping(try members(level: level + 1)), line: event.line)
        case .alias(let name):
            guard let repeated = anchors[name] else { throw fault(event, "found undefined alias") }
            node = repeated
        case .sequenceEnd, .mappingEnd, .streamEnd, .other: throw fault(event, "did not find expected node content")
        }
        guard level + node.depth <= Self.maximumDepth else {
            throw fault(event, "found more than \(Self.maximumDepth) lists in one another")
        }
        guard node.weight <= Self.maximumWeight else { throw fault(event, "found references that repeat too much") }
        if let anchor = event.anchor { anchors[anchor] = node }
        return node
    }

    private mutating func elements(level: Int) throws(YAMLError) -> [YAMLNode] {
        var elements: [YAMLNode] = []
        while true {
            let event = try next()
            if case .sequenceEnd = event.kind { return elements }
            elements.append(try element(event, level: level))
        }
    }

    private mutating func members(level: Int) throws(YAMLError) -> [(key: YAMLNode, value: YAMLNode)] {
        var members: [(key: YAMLNode, value: YAMLNode)] = []
        while true {
            let event = try next()
            if case .mappingEnd = event.kind { break }
            let key = try element(event, level: level)
            members.append((key, try element(try next(), level: level)))
        }
        try checkDuplicates(members.map(\.key))
        return members
    }

    /// A node inside a list, before it is read: nesting without end must not fill the stack.
    private mutating func element(_ event: YAMLEvent, level: Int) throws(YAMLError) -> YAMLNode {
        guard level <= Self.maximumDepth else {
            throw fault(event, "found more than \(Self.maximumDepth) lists in one another")
        }
        return try node(event, level: level)
    }

    private func checkDuplicates(_ keys: [YAMLNode]) throws(YAMLError) {
        var lines: [String: Int] = [:]
        var twice: Set<String> = []
        for key in keys {
            guard case .scalar(let name, _) = key.content else { continue }
            if lines[name] == nil { lines[name] = key.line } else { twice.insert(name) }
        }
        let names = twice.sorted()
        if let line = names.first.flatMap({ lines[$0] }) { throw .duplicates(keys: names, line: line) }
    }

    private func next() throws(YAMLError) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(event)
    }

    /// Why libyaml reads no further.
    private var failure: YAMLError {
        guard let problem = parser.pointee.problem.map({ String(cString: $0) }) else { return .memory }
        guard parser.pointee.error != YAML_READER_ERROR else { return .characters(problem: problem) }
        let mark = parser.pointee.problem_mark
        return .syntax(line: Int(mark.line) + 1, column: Int(mark.column) + 1, problem: problem)
    }

    private func fault(_ event: YAMLEvent, _ problem: String) -> YAMLError {
        .syntax(line: event.line, column: event.column, problem: problem)
    }
}
