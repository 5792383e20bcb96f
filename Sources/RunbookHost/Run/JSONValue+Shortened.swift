internal import Operations

extension JSONValue {
    /// The same with long texts and lists cut short: what a log line or a report needs to tell of a value, whatever its
    /// size. A run keeps one for each of its changes.
    ///
    /// - Parameters:
    ///   - bytes: of a text. Default: 1,024.
    ///   - elements: of a list or an object. Default: 100.
    func shortened(bytes: Int = 1_024, elements: Int = 100) -> JSONValue {
        switch self {
        case .string(let text) where text.utf8.count > bytes:
            .string(String(decoding: text.utf8.prefix(bytes), as: UTF8.self) + "… (\(text.utf8.count) bytes)")
        case .array(let values):
            .array(
                values.prefix(elements).map { $0.shortened(bytes: bytes, elements: elements) }
                    + (values.count > elements ? [.string("… (\(values.count) elements)")] : []))
        case .object(let members):
            .object(
                Dictionary(
                    uniqueKeysWithValues: members.sorted { $0.key < $1.key }.prefix(elements).map {
                        ($0.key, $0.value.shortened(bytes: bytes, elements: elements))
                    }))
        default: self
        }
    }
}
