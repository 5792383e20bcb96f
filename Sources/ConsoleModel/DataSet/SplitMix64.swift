/// Vigna's SplitMix64: the same seed gives the same numbers on every machine and with every version of Swift.
///
/// The standard library's `random(in:using:)` and `shuffle(using:)` may change how they draw from a generator, so
/// everything here draws through the methods below.
package struct SplitMix64: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A generator for one purpose, so that drawing more for one does not shift what another draws.
    package init(seed: UInt64, purpose: String) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        self.init(seed: seed &+ hash)
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, without, `bound`; `bound` is positive.
    mutating func next(below bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }

    /// A number from 0 up to, without, 1.
    package mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// `true` in this share of the draws.
    mutating func chance(_ share: Double) -> Bool { fraction() < share }

    /// `count` characters of `alphabet`.
    mutating func text(_ count: Int, of alphabet: [UInt8]) -> String {
        String(decoding: (0..<count).map { _ in alphabet[next(below: alphabet.count)] }, as: UTF8.self)
    }

    /// Puts the first `count` elements in a random order, drawn from all of them.
    mutating func shufflePrefix<Element>(_ elements: inout [Element], _ count: Int) {
        for index in 0..<Swift.min(count, elements.count) {
            elements.swapAt(index, index + next(below: elements.count - index))
        }
    }
}

/// The alphabets that keys and passwords are drawn from.
enum Alphabet {
    static let alphanumeric = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    /// RFC 4648, section 6.
    static let base32 = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
}
