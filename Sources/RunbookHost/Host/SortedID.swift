/// Ids that sort by time.
package enum SortedID {
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    /// An id of 16 characters.
    ///
    /// - Parameter random: keeps two hosts apart.
    package static func make(unixMilliseconds: Int64, random: UInt64) -> String {
        func text(_ value: UInt64, _ count: Int) -> String {
            String((0..<count).reversed().map { alphabet[Int(value >> (5 * UInt64($0)) & 31)] })
        }
        return text(UInt64(bitPattern: unixMilliseconds), 9) + text(random, 7)
    }
}
