/// What is held down with a key.
public struct KeyModifiers: OptionSet, Hashable, Sendable {
    /// One bit for each.
    public let rawValue: Int

    /// Makes a set of its bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Shift; not told for characters, which come shifted already.
    public static let shift = KeyModifiers(rawValue: 1)
    /// Alt, also called Meta or Option.
    public static let alt = KeyModifiers(rawValue: 2)
    /// Control.
    public static let control = KeyModifiers(rawValue: 4)
}
