/// How many characters a terminal shows.
public struct TerminalSize: Hashable, Sendable {
    /// Cells in a row; at least 1.
    public var columns: Int
    /// Rows; at least 1.
    public var rows: Int

    /// Makes a size. What a terminal does not know (0) counts as 80 columns, 24 rows.
    public init(columns: Int, rows: Int) {
        self.columns = columns > 0 ? columns : 80
        self.rows = rows > 0 ? rows : 24
    }
}
