internal import RunbookHost

/// The plans that were made.
struct PlanTable {
    private let database: Database

    /// The plans of a database.
    init(_ database: Database) { self.database = database }

    /// Adds a plan.
    func insert(_ plan: StoredPlan) throws {
        let known = try database.first("SELECT 1 FROM plans WHERE id = ?", .text(plan.id)) { _ in true } ?? false
        guard !known else { throw StoreError.unusable("cannot keep the plan \(plan.id): there is one of this id") }
        try database.run(
            "INSERT INTO plans (id, made, document, applied_by) VALUES (?, ?, ?, ?)", .text(plan.id),
            .integer(plan.made), .bytes(plan.document), plan.appliedBy.map { .text($0) } ?? .null)
    }

    /// The plan that has this id, or alone begins so.
    func plan(_ beginning: String) throws -> StoredPlan {
        let found = try database.all(
            "SELECT id FROM plans WHERE id >= ? AND id < ? || char(1114111) ORDER BY id LIMIT ?",
            [.text(beginning), .text(beginning), .integer(StoreRules.candidates)]
        ) { $0.text(0) }
        let id = try StoreRules.only(of: found, for: beginning, kind: "plan")
        let plan = try database.first("SELECT made, document, applied_by FROM plans WHERE id = ?", .text(id)) { row in
            StoredPlan(
                id: id, made: row.integer(0), document: row.bytes(1), appliedBy: row.isNull(2) ? nil : row.text(2))
        }
        guard let plan else { throw StoreError.unknown(id) }
        return plan
    }

    /// Marks a plan as applied.
    ///
    /// - Throws: ``StoreError/planUsed(plan:run:)`` if another run has applied it.
    func claim(_ id: String, for run: String) throws {
        let plan = try plan(id)
        if let other = plan.appliedBy, other != run { throw StoreError.planUsed(plan: plan.id, run: other) }
        try database.run("UPDATE plans SET applied_by = ? WHERE id = ?", .text(run), .text(plan.id))
    }
}
