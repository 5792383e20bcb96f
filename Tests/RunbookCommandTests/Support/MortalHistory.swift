import Operations
import RunbookHost
import Testing

/// What a journal tells of the lives of a run.
struct MortalHistory {
    /// A change that may have been sent.
    struct Call {
        let number: UInt32
        let task: UInt32
        let operation: String
        let effect: EffectClass?
        let user: Int64?

        init(_ intent: JournalRow) throws {
            number = intent.call
            task = intent.task
            operation = intent.name
            effect = Catalogue.standard[intent.name]?.effect
            user = try JSONValue(parsing: intent.content)["id"]?.integerValue
        }

        /// The path that it is sent to.
        var path: String {
            let template = Catalogue.standard[operation]?.endpoint?.path ?? ""
            return template.split(separator: "/", omittingEmptySubsequences: false)
                .map { $0 == "{id}" ? user.map { String($0) } ?? "{id}" : String($0) }.joined(separator: "/")
        }
    }

    let record: RunRecord
    let rows: [JournalRow]
    /// The changes whose outcome the journal did not have when each life but the last ended.
    private(set) var lost: [[Call]] = []
    /// The changes whose outcome it does not have now.
    private(set) var open: [Call] = []
    /// The changes that were sent again at once, since the answer did not arrive: each as often as that was done.
    private(set) var repeated: [Call] = []
    /// What the host itself gave back.
    private(set) var restorations: [Call] = []

    init(record: RunRecord, rows: [JournalRow]) throws {
        self.record = record
        self.rows = rows
        var intents: [UInt32: JournalRow] = [:]
        for row in rows {
            switch row.kind {
            case .intent: intents[row.call] = row
            case .change:
                let call = try Call(try #require(intents[row.call]))
                open.removeAll { $0.number == row.call }
                open.append(call)
            case .outcome:
                open.removeAll { $0.number == row.call }
                let attempts = row.facts.isEmpty ? nil : try JSONValue(parsing: row.facts)["attempts"]?.integerValue
                let call = try Call(try #require(intents[row.call]))
                if call.effect?.isChange == true, let attempts {
                    repeated += Array(repeating: call, count: Int(attempts) - 1)
                }
            case .decision where row.name == "not_sent": open.removeAll { $0.number == row.call }
            case .resumption: lost.append(open)
            case .restoration: restorations.append(try Call(row))
            case .decision, .log: break
            }
        }
    }
}
