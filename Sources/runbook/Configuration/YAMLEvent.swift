import CYAML

/// One thing that libyaml found in a text.
struct YAMLEvent {
    enum Kind {
        case alias(String)
        case scalar(String, isPlain: Bool)
        case sequenceStart
        case mappingStart
        case sequenceEnd
        case mappingEnd
        case streamEnd
        /// The beginning of the stream; the beginning or the end of a document.
        case other
    }

    let kind: Kind
    /// The name under which a reference can repeat it.
    let anchor: String?
    /// Where it begins; both count from 1.
    let line: Int
    let column: Int

    /// Copies what a reader needs of libyaml's event.
    init(_ event: yaml_event_t) {
        line = Int(event.start_mark.line) + 1
        column = Int(event.start_mark.column) + 1
        let data = event.data
        switch event.type {
        case YAML_ALIAS_EVENT: (kind, anchor) = (.alias(Self.text(data.alias.anchor) ?? ""), nil)
        case YAML_SCALAR_EVENT:
            let bytes = UnsafeBufferPointer(start: data.scalar.value, count: data.scalar.length)
            let isPlain = data.scalar.style == YAML_PLAIN_SCALAR_STYLE
            kind = .scalar(String(decoding: bytes, as: UTF8.self), isPlain: isPlain)
            anchor = Self.text(data.scalar.anchor)
        case YAML_SEQUENCE_START_EVENT: (kind, anchor) = (.sequenceStart, Self.text(data.sequence_start.anchor))
        case YAML_MAPPING_START_EVENT: (kind, anchor) = (.mappingStart, Self.text(data.mapping_start.anchor))
        case YAML_SEQUENCE_END_EVENT: (kind, anchor) = (.sequenceEnd, nil)
        case YAML_MAPPING_END_EVENT: (kind, anchor) = (.mappingEnd, nil)
        case YAML_STREAM_END_EVENT: (kind, anchor) = (.streamEnd, nil)
        default: (kind, anchor) = (.other, nil)
        }
    }

    private static func text(_ characters: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        characters.map { String(cString: $0) }
    }
}
