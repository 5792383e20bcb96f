import Operations
import Testing

@testable import RunbookHost

/// What the host has to make itself when a run ends in the midst of changes that belong together.
@Suite struct CompositesTests {
    private func change(_ operation: String, _ outcome: ChangeRecord.Outcome) -> ChangeRecord {
        ChangeRecord(operation: operation, arguments: [:], line: 1, outcome: outcome)
    }

    /// Begins a patch of user 5 with sites and groups; the update and the sites are begun.
    private func underWay() -> Composites {
        var composites = Composites()
        composites.begin(in: 2, Composites.restorations(user: 5, sites: [1, 2], assetGroups: [3]))
        composites.use(in: 2, "users.update", change: 0)
        composites.use(in: 2, "users.set_sites", change: 1)
        return composites
    }

    @Test(arguments: [
        (ChangeRecord.Outcome.done, ["users.set_asset_groups(5, { 3 })"]),
        (.notSent, ["users.set_sites(5, { 1, 2 })", "users.set_asset_groups(5, { 3 })"]),
        (.failed, ["users.set_sites(5, { 1, 2 })", "users.set_asset_groups(5, { 3 })"]),
        (.unknown, ["users.set_sites(5, { 1, 2 })", "users.set_asset_groups(5, { 3 })"]),
    ])
    func whatWasNotDoneIsLeft(sites: ChangeRecord.Outcome, expected: [String]) {
        var composites = underWay()
        let left = composites.takeUnfinished([change("users.update", .done), change("users.set_sites", sites)])
        #expect(left.map(\.update) == [0])
        #expect(left.flatMap(\.restorations).map(\.text) == expected)
        #expect(composites.takeUnfinished([]).isEmpty)
    }

    @Test(arguments: [ChangeRecord.Outcome.failed, .notSent])
    func anUpdateThatWasNotCarriedOutLeavesNothing(update: ChangeRecord.Outcome) {
        var composites = underWay()
        let changes = [change("users.update", update), change("users.set_sites", .notSent)]
        #expect(composites.takeUnfinished(changes).isEmpty)
    }

    @Test func whatHasEndedLeavesNothing() {
        var composites = underWay()
        #expect(composites.end(in: 2) == 1)
        #expect(composites.takeUnfinished([change("users.update", .done), change("users.set_sites", .done)]).isEmpty)
    }
}
