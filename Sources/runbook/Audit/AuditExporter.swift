import CommandSupport
import Operations
import RunbookHost

/// Writes the lines of an audit log, in one form or another.
struct AuditExporter: Sendable {
    let log: StoredAuditLog
    let format: AuditExportFormat
    private let mapping = OCSFMapping()

    init(_ log: StoredAuditLog, as format: AuditExportFormat) {
        self.log = log
        self.format = format
    }

    /// Writes what there is behind a place.
    ///
    /// - Parameters:
    ///   - shouldStop: is asked after every page.
    ///   - write: gets whole lines.
    /// - Returns: the place of the last line.
    func export(
        after sequence: Int64, shouldStop: () -> Bool = { false }, write: ([UInt8]) throws -> Void
    ) async throws -> Int64 {
        var last = sequence
        while !shouldStop() {
            let page = try await log.lines(after: last)
            guard let end = page.last else { break }
            var bytes: [UInt8] = []
            for line in page { bytes += try text(of: line) }
            try write(bytes)
            last = end.sequence
        }
        return last
    }

    /// Writes what there is behind a place, and then each line as it comes, until it is told to stop.
    ///
    /// - Parameters:
    ///   - clock: waits between two looks.
    ///   - interval: how long. Default: 200 ms.
    ///   - shouldStop: is asked after every page and every wait.
    /// - Returns: whether all that was there was written when it stopped.
    func follow(
        after sequence: Int64, clock: any RunClock, every interval: Duration = .milliseconds(200),
        shouldStop: () -> Bool, write: ([UInt8]) throws -> Void
    ) async throws -> Bool {
        var last = sequence
        var isUpToDate = false
        while !shouldStop() {
            if isUpToDate { try await clock.sleep(for: interval) }
            last = try await export(after: last, shouldStop: isUpToDate ? { false } : shouldStop, write: write)
            if !isUpToDate, shouldStop() { return try await log.lines(after: last).isEmpty }
            isUpToDate = true
        }
        return isUpToDate
    }

    /// A line as it is written, with its line end.
    private func text(of line: AuditLine) throws(CommandError) -> [UInt8] {
        let end = UInt8(ascii: "\n")
        guard format == .ocsf else { return line.text + [end] }
        guard let events = mapping.events(of: line) else {
            throw CommandError(
                "line \(line.sequence) of the audit log is damaged and cannot be exported as OCSF: 'runbook audit verify' says what "
                    + "is wrong with it; --format jsonl exports it as it is", code: .auditFailed)
        }
        return events.flatMap { $0.bytes() + [end] }
    }
}
