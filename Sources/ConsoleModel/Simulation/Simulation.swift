/// Both systems and the ledger of what changed: a pure value that turns requests into replies.
package struct Simulation: Sendable {
    /// Which of the known dialects the replies are in.
    package struct Settings: Sendable, Hashable {
        /// Writes the name and description of a role as `{key, defaultValue, arguments}`.
        var writesRoleTextAsObjects: Bool
        /// Writes `update_count` as a string of digits.
        var writesCountsAsText: Bool
        /// A second factor that is always right; `nil` for none.
        var acceptedToken: String?

        /// The oldest dialect, unless told otherwise.
        package init(
            writesRoleTextAsObjects: Bool = false, writesCountsAsText: Bool = false, acceptedToken: String? = nil
        ) {
            self.writesRoleTextAsObjects = writesRoleTextAsObjects
            self.writesCountsAsText = writesCountsAsText
            self.acceptedToken = acceptedToken
        }
    }

    var console: ConsoleState
    package internal(set) var xpanse: XpanseState
    package let xpanseKeys: XpanseKeys
    package let administrator: DataSet.Administrator
    let settings: Settings
    /// Draws the seeds of second factors.
    var random: SplitMix64
    private(set) var ledger: [LedgerEntry] = []
    /// What links start with: `https://127.0.0.1:3780`. Known once the server listens.
    package var origin = "http://localhost"

    /// Ready to answer.
    package init(seed: UInt64, wishes: DataSet.Wishes, settings: Settings = Settings()) {
        self.init(seed: seed, data: DataSet(seed: seed, wishes: wishes), settings: settings)
    }

    init(seed: UInt64, data: DataSet, settings: Settings = Settings()) {
        console = data.console
        xpanse = data.xpanse
        administrator = data.administrator
        xpanseKeys = XpanseKeys(random: SplitMix64(seed: seed, purpose: "xpanse keys"))
        random = SplitMix64(seed: seed, purpose: "second factors")
        self.settings = settings
    }

    /// The path of the ledger.
    package static let ledgerPath = "/_simulator/ledger"

    /// Answers one request.
    package mutating func answer(_ request: SimulatedRequest, at moment: Timestamp) -> SimulatedReply {
        if request.path.utf8.starts(with: Self.xpansePrefix.utf8) { return answerXpanse(request, at: moment) }
        return answerConsole(request, at: moment)
    }

    /// What a server answers that refuses a request to this path, whatever it asks.
    package func refusal(_ status: Int, _ message: String, path: String) -> SimulatedReply {
        if path.utf8.starts(with: Self.xpansePrefix.utf8) {
            return SimulatedReply(status: status, body: XpanseError(status, message, nil).bytes)
        }
        let renderer = ConsoleRenderer(origin: origin, writesRoleTextAsObjects: false)
        return SimulatedReply(status: status, body: renderer.error(ConsoleError(status, message), path: path))
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
