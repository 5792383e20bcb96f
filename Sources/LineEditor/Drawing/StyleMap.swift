/// Finds how the character at an offset looks.
struct StyleMap {
    private let base: [StyledSpan]
    private let overlays: [StyledSpan]
    private var position = 0

    /// - Parameters:
    ///   - base: in the order of their offsets, not overlapping.
    ///   - overlays: a few, that lie over those.
    init(base: [StyledSpan], overlays: [StyledSpan]) {
        self.base = base
        self.overlays = overlays
    }

    /// The style at an offset. Offsets are asked for mostly in rising order.
    mutating func style(at offset: Int) -> Style {
        if position > 0, base[position - 1].range.upperBound > offset { position = 0 }
        while position < base.count, base[position].range.upperBound <= offset { position += 1 }
        var style = Style.plain
        if position < base.count, base[position].range.lowerBound <= offset { style = base[position].style }
        for overlay in overlays where overlay.range.contains(offset) { style = style.overlaid(by: overlay.style) }
        return style
    }
}
