internal import Operations

extension PlannedChange {
    /// What is no longer as the plan found it, in words; `nil` if the change would do what the plan says.
    ///
    /// What depends on something that the plan itself creates could not be known then, and is compared by what it asks for
    /// alone.
    ///
    /// - Parameter redactor: has taken secrets out of the plan too.
    func difference(from now: PredictedChange, _ redactor: Redactor) -> String? {
        if isConditional { return nil }
        switch (refusal, now.reply) {
        case (nil, .failure(let error)): return "it would be refused now: \(error.message)"
        case (let refusal?, .success):
            return "the plan foresaw that it is refused (\(refusal)), and it would not be now"
        default: break
        }
        let planned = Dictionary(
            (changes.arrayValue ?? []).map { ($0["field"]?.stringValue ?? "", $0) }, uniquingKeysWith: { $1 })
        let found = Dictionary(now.changes.map { ($0.field, redactor.redact($0.json)) }, uniquingKeysWith: { $1 })
        for field in Set(planned.keys).union(found.keys).sorted() {
            guard planned[field]?.text != found[field]?.text else { continue }
            let was = planned[field].map { "\($0["before"]?.text ?? "null") when the plan was made" }
            let isNow = found[field].map { "\($0["before"]?.text ?? "null") now" }
            switch (was, isNow) {
            case (let was?, let isNow?): return "\(field) was \(was), and is \(isNow)"
            case (let was?, nil): return "\(field) was \(was), and is already what it should become"
            case (nil, let isNow): return "\(field) is \(isNow ?? "other now"), which the plan does not change"
            }
        }
        return nil
    }
}
