internal import LuaMachine
internal import Operations

/// Tells from the row of its outcome how a call ended.
struct CallSettlement: Sendable {
    /// Longer answers, in bytes, are not kept of a change.
    private static let longestResult = 64 << 10

    let mode: RunMode
    let catalogue: Catalogue

    func settle(_ call: inout RecordedCall, _ row: JournalRow) {
        let facts = row.readFacts
        call.end = row.runMilliseconds
        call.duration = facts["ms"]?.integerValue ?? max(0, row.runMilliseconds - call.start)
        call.attempts = facts["decided"] == true ? 0 : facts["attempts"]?.integerValue.map { Int(clamping: $0) } ?? 1
        call.status = facts["status"]?.integerValue.map { Int(clamping: $0) }
        guard MachineReply.Reading(rawValue: row.flags).contains(.error) || facts["error"] != nil else {
            call.outcome = mode == .plan && call.isChange ? .planned : .done
            guard call.isChange else { return }
            if row.content.count <= Self.longestResult {
                call.result = ((try? JSONValue(parsing: row.content)) ?? .null).withoutHandles
            }
            // Some servers count what they have changed.
            if case .replyCount? = catalogue[call.operation]?.result, call.result.integerValue == 0 {
                call.hasNoEffect = true
            }
            return
        }
        let table = (try? JSONValue(parsing: row.content)) ?? .null
        call.errorKind = facts["error"]?.stringValue ?? table["kind"]?.stringValue ?? "error"
        call.errorMessage = table["message"]?.stringValue ?? ""
        call.status = call.status ?? table["status"]?.integerValue.map { Int(clamping: $0) }
        let isUnknown = call.isChange && facts["delivery"]?.stringValue == APIError.Delivery.unknown.rawValue
        call.outcome = isUnknown ? .unknown : .failed
    }
}

extension JournalRow {
    /// The facts; an empty object if there are none.
    var readFacts: JSONValue { facts.isEmpty ? [:] : (try? JSONValue(parsing: facts)) ?? [:] }
}
