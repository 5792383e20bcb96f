/// Moments as reasons name them.
enum Stamp {
    /// `2026-03-29T01:00:00Z`.
    static func text(_ unixMilliseconds: Int64) -> String { InstantText.utc(unixMilliseconds / 1_000) }
}
