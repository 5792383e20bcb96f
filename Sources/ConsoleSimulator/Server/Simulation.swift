/// Both systems and the ledger of what changed: a pure value that turns requests into replies.
struct Simulation: Sendable {
    /// Which of the known dialects the replies are in.
    struct Settings: Sendable, Hashable {
        /// Writes the name and description of a role as `{key, defaultValue, arguments}`.
        var writesRoleTextAsObjects = false
        /// Writes `update_count` as a string of digits.
        var writesCountsAsText = false
        /// A second factor that is always right; `nil` for none.
        var acceptedToken: String?
    }

    var console: ConsoleState
    var xpanse: XpanseState
    let xpanseKeys: XpanseKeys
    let administrator: DataSet.Administrator
    let settings: Settings
    /// Draws the seeds of second factors.
    var random: SplitMix64
    private(set) var ledger: [LedgerEntry] = []
    /// What links start with: `https://127.0.0.1:3780`. Known once the server listens.
    var origin = "http://localhost"

    /// Ready to answer.
    init(seed: UInt64, wishes: DataSet.Wishes, settings: Settings = Settings()) {
        let data = DataSet(seed: seed, wishes: wishes)
        console = data.console
        xpanse = data.xpanse
        administrator = data.administrator
        xpanseKeys = XpanseKeys(random: SplitMix64(seed: seed, purpose: "xpanse keys"))
        random = SplitMix64(seed: seed, purpose: "second factors")
        self.settings = settings
    }

    /// Answers one request.
    mutating func answer(_ request: SimulatedRequest, at moment: Timestamp) -> SimulatedReply {
        if request.path.utf8.starts(with: Self.xpansePrefix.utf8) { return answerXpanse(request, at: moment) }
        return answerConsole(request, at: moment)
    }

    /// Notes a change that was carried out.
    mutating func record(_ request: SimulatedRequest, _ operation: String, status: Int, at moment: Timestamp) {
        ledger.append(
            LedgerEntry(
                moment: moment, method: request.method, path: request.path, operation: operation, status: status))
    }

    /// The ledger as a JSON array, oldest first, numbered from 1.
    func renderedLedger() -> [UInt8] {
        var out = ByteWriter(capacity: 128 * ledger.count)
        out.array(ledger.enumerated()) { out, entry in
            out.raw("{\"seq\":")
            out.integer(entry.offset + 1)
            out.raw(",\"time\":")
            out.string(entry.element.moment.iso8601)
            out.raw(",\"method\":")
            out.string(entry.element.method)
            out.raw(",\"path\":")
            out.string(entry.element.path)
            out.raw(",\"operation\":")
            out.string(entry.element.operation)
            out.raw(",\"status\":")
            out.integer(entry.element.status)
            out.raw("}")
        }
        return out.bytes
    }
}
