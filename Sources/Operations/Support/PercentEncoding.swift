/// Percent-encodes all but RFC 3986's unreserved characters.
enum PercentEncoding {
    /// Appends `text` for a query's name or value.
    static func append(_ text: String, to out: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                out.append(byte)
            default:
                out.append(UInt8(ascii: "%"))
                out.append(hexDigit(byte >> 4))
                out.append(hexDigit(byte & 15))
            }
        }
    }

    /// Appends `text` for one segment of a path: a `/` in it does not end the segment.
    static func append(segment text: String, to out: inout [UInt8]) {
        // A segment of dots alone would be resolved as "here" or "up": unreserved, yet never sent as they are.
        if text == "." || text == ".." {
            for _ in text.utf8 { out.append(contentsOf: "%2E".utf8) }
        } else {
            append(text, to: &out)
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}
