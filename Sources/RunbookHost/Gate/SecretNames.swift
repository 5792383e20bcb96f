internal import Glibc

/// The names under which servers may answer secrets, as they are looked for in every reply.
struct SecretNames: Sendable {
    private struct Needle {
        let text: [UInt8]
        /// Its rarest letter, which the C library finds quickly, and where that stands.
        let letter: UInt8
        let offset: Int
    }

    let names: Set<String>
    private let needles: [Needle]

    init(_ names: Set<String>) {
        self.names = names
        needles = names.map { name in
            let text = Array("\"\(name)\"".utf8)
            let ranks = text.map { Self.byFrequency.firstIndex(of: $0 | 0x20) ?? 0 }
            let offset = ranks.indices.max { ranks[$0] < ranks[$1] } ?? 0
            return Needle(text: text, letter: text[offset], offset: offset)
        }
    }

    private static let byFrequency = Array("\"etaoinshrdlcumwfgypbvkjxqz".utf8)

    /// Whether one of the names stands in a body in quotation marks: hardly ever, and then the body has to be read.
    func areMentioned(in body: [UInt8]) -> Bool {
        body.withUnsafeBytes { body in
            for needle in needles where Self.isThere(needle, body) { return true }
            return false
        }
    }

    private static func isThere(_ needle: Needle, _ body: UnsafeRawBufferPointer) -> Bool {
        guard let start = body.baseAddress, body.count >= needle.text.count else { return false }
        var at = needle.offset
        let end = body.count - needle.text.count + needle.offset + 1
        while at < end, let found = memchr(start + at, Int32(needle.letter), end - at) {
            let place = UnsafeRawPointer(found) - start
            if memcmp(start + (place - needle.offset), needle.text, needle.text.count) == 0 { return true }
            at = place + 1
        }
        return false
    }
}
