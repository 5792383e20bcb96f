extension Unicode.Scalar {
    /// Whether it is a control character, or separates lines or paragraphs.
    package var isControl: Bool {
        value < 0x20 || (0x7f..<0xa0).contains(value) || value == 0x2028 || value == 0x2029
    }

    /// Whether it turns the direction of the text around it or cannot be seen at all: marks, embeddings, overrides and
    /// isolates of direction; spaces without width; tags.
    package var isHidden: Bool {
        switch value {
        case 0x61c, 0x200b, 0x200e, 0x200f, 0x202a...0x202e, 0x2060...0x2064, 0x2066...0x206f, 0xfeff, 0xfff9...0xfffb,
            0xe0000...0xe007f:
            true
        default: false
        }
    }
}
