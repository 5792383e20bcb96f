extension Duration {
    /// A duration as people write it: `250ms`, `30s`, `5m`, `2h`, `1d`, or a plain number of seconds.
    public init?(quantity text: String) {
        let digits = text.prefix { $0.isNumber || $0 == "." }
        guard let number = Double(digits), number >= 0, number.isFinite else { return nil }
        let scale: Double
        switch text.dropFirst(digits.count) {
        case "ms": scale = 0.001
        case "", "s": scale = 1
        case "m": scale = 60
        case "h": scale = 3_600
        case "d": scale = 86_400
        default: return nil
        }
        guard number * scale < 1e10 else { return nil }
        self = .milliseconds(Int64((number * scale * 1_000).rounded()))
    }

    /// Whole milliseconds.
    public var inMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }

    /// As people read it: `250 ms`, `1.5 s`, `5 min`, `2 h`.
    public var readable: String {
        let milliseconds = inMilliseconds
        if milliseconds < 1_000 { return "\(milliseconds) ms" }
        func rounded(_ value: Int64, _ unit: Int64) -> String {
            value % unit == 0 ? "\(value / unit)" : "\(value / unit).\(value % unit * 10 / unit)"
        }
        if milliseconds < 60_000 { return rounded(milliseconds, 1_000) + " s" }
        if milliseconds < 3_600_000 { return rounded(milliseconds, 60_000) + " min" }
        return rounded(milliseconds, 3_600_000) + " h"
    }
}

extension Int {
    /// A size as people write it: `512`, `64KB`, `64MB`, `1GB`; units are powers of 1,024.
    public init?(byteQuantity text: String) {
        let digits = text.prefix { $0.isNumber }
        guard let number = Int(digits) else { return nil }
        let scale: Int
        switch text.dropFirst(digits.count).uppercased() {
        case "", "B": scale = 1
        case "K", "KB", "KIB": scale = 1 << 10
        case "M", "MB", "MIB": scale = 1 << 20
        case "G", "GB", "GIB": scale = 1 << 30
        default: return nil
        }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: scale)
        guard !overflow else { return nil }
        self = bytes
    }

    /// As people read it: `512 B`, `64 MB`.
    public var readableBytes: String {
        for (scale, unit) in [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")] where self >= scale {
            return self % scale == 0
                ? "\(self / scale) \(unit)" : "\(self / scale).\(self % scale * 10 / scale) \(unit)"
        }
        return "\(self) B"
    }
}
