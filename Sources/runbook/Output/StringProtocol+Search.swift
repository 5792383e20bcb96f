// The standard library's own search is a part of its regular expressions; those are a tenth of what a program without
// Foundation is made of.
extension StringProtocol {
    /// Where `text` stands first, byte for byte; `nil` if it is empty or not there.
    func firstPlace(of text: String) -> Range<Index>? {
        let sought = text.utf8
        guard let first = sought.first else { return nil }
        var start = utf8.startIndex
        while let place = utf8[start...].firstIndex(of: first) {
            var (end, rest) = (place, sought[...])
            while let byte = rest.first, end < utf8.endIndex, utf8[end] == byte {
                end = utf8.index(after: end)
                rest.removeFirst()
            }
            if rest.isEmpty { return place..<end }
            start = utf8.index(after: place)
        }
        return nil
    }

    /// Where `text` stands last; `nil` if it is empty or not there.
    func lastPlace(of text: String) -> Range<Index>? {
        var last: Range<Index>?
        while let next = self[(last?.upperBound ?? startIndex)...].firstPlace(of: text) { last = next }
        return last
    }

    /// With `replacement` wherever `text` stands.
    func replacingPlaces(of text: String, with replacement: String) -> String {
        var result = ""
        var rest = self[...]
        while let place = rest.firstPlace(of: text) {
            result += rest[..<place.lowerBound] + replacement
            rest = rest[place.upperBound...]
        }
        return result + rest
    }
}
