internal import ConsoleModel
internal import Operations
internal import RunbookHost

/// Runs one case: as it is written, and then the checks that are made of every case.
struct CaseRunner: Sendable {
    /// So many places at most at which a run is killed, spread evenly.
    private static let mostCuts = 20

    let runbook: Runbook
    let test: TestCase
    let thread: RunThread
    let patience: Duration

    /// What was found out.
    struct Verdict: Sendable {
        var message = ""
        var differences: [Difference] = []
        var leftOut: String?

        var isGood: Bool { message.isEmpty && differences.isEmpty }

        static func leftOut(_ reason: String) -> Verdict { Verdict(leftOut: reason) }
    }

    private func stage(in simulation: Simulation, now: Int64, seed: UInt64 = 1) -> CaseStage {
        CaseStage(runbook, test, in: simulation, now: now, seed: seed, on: thread, patience: patience)
    }

    // MARK: The case as it is written

    /// The run that everything else is compared with.
    func straight() async throws(StuckError) -> CaseReport {
        try await stage(in: test.simulation, now: test.now).run()
    }

    /// Whether it came to what the case expects.
    func judge(_ report: CaseReport) -> Verdict {
        var verdict = judge(report, test.expectation, since: test.simulation, "")
        for (index, count) in report.refused.enumerated() where count == 0 {
            verdict.differences.append(
                Difference("refuse[\(index + 1)]", expected: "a call that it refuses", found: "none"))
        }
        return verdict
    }

    private func judge(
        _ report: CaseReport, _ expected: TestCase.Expectation, since earlier: Simulation, _ prefix: String
    ) -> Verdict {
        var found: [Difference] = []
        if report.status != expected.status {
            let why = report.error.map { ": \($0.told(in: runbook.name))" } ?? ""
            found.append(
                Difference(
                    "\(prefix)status", expected: expected.status.rawValue, found: report.status.rawValue + why))
        } else if let part = expected.error, report.error?.message.contains(part) != true {
            found.append(
                Difference("\(prefix)error", expected: "…\(part)…", found: report.error?.message ?? "no error"))
        }
        // A run that did not come to its first line says nothing of what the runbook does.
        if report.status == expected.status, expected.error == nil, let error = report.error,
            [.syntax, .manifest, .parameters].contains(RunError.Kind(rawValue: error.kind))
        {
            found.append(
                Difference(
                    "\(prefix)error", expected: "a run that begins; if it must not, say so with error = \"…\"",
                    found: error.told(in: runbook.name)))
        }
        if let question = report.questions.first {
            found.append(
                Difference(
                    "\(prefix)confirm", expected: "an answer to every question", found: "none to \"\(question)\""))
        }
        if let changes = expected.changes {
            found += differences(changes, report.changes, isUnordered: expected.isUnordered, "\(prefix)changes")
        }
        if let result = expected.result {
            found += [Comparison.difference(result, report.result, "\(prefix)result", .full)].compactMap(\.self)
        }
        if let part = expected.partOfResult {
            found += [Comparison.difference(part, report.result, "\(prefix)result", .partial)].compactMap(\.self)
        }
        for part in expected.log where !report.log.contains(where: { $0.contains(part) }) {
            found.append(
                Difference(
                    "\(prefix)log", expected: "a line with \"\(part)\"",
                    found: report.log.isEmpty ? "no lines" : "\(report.log.count) other lines"))
        }
        if let after = expected.after {
            found += WorldComparison.differences(after, report.simulation.world(since: earlier), "\(prefix)after")
        }
        return Verdict(differences: found)
    }

    private func differences(
        _ expected: [CallPattern], _ found: [SentChange], isUnordered: Bool, _ path: String
    ) -> [Difference] {
        if isUnordered {
            let pairs = Self.pairs(expected, found)
            return expected.indices.filter { !pairs.values.contains($0) }
                .map { Difference(path, expected: expected[$0].description, found: "no such change") }
                + found.indices.filter { pairs[$0] == nil }
                .map { Difference(path, expected: "nothing more", found: found[$0].description) }
        }
        for (index, pattern) in expected.enumerated() {
            guard index < found.count else {
                return [
                    Difference("\(path)[\(index + 1)]", expected: pattern.description, found: "no further change")
                ]
            }
            if let difference = pattern.difference(from: found[index], "\(path)[\(index + 1)]") { return [difference] }
        }
        guard found.count > expected.count else { return [] }
        return [
            Difference(
                "\(path)[\(expected.count + 1)]", expected: "no further change",
                found: found[expected.count].description)
        ]
    }

    /// As many changes as can be, each with a pattern of its own that it matches: by the change's index the pattern's.
    ///
    /// A pattern that finds only changes which others have taken takes one of those, if the other can have another one.
    static func pairs(_ patterns: [CallPattern], _ changes: [SentChange]) -> [Int: Int] {
        var pairs: [Int: Int] = [:]
        var left = Array(changes.indices)
        for pattern in patterns.indices {
            if let place = left.firstIndex(where: { patterns[pattern].matches(changes[$0]) }) {
                pairs[left.remove(at: place)] = pattern
                continue
            }
            // Breadth first: by which pattern each change was come to, and the way back along them.
            var (queue, reached) = ([pattern], [Int: Int]())
            var free: Int?
            while free == nil, let current = queue.popLast() {
                for change in changes.indices where reached[change] == nil && patterns[current].matches(changes[change])
                {
                    reached[change] = current
                    if let owner = pairs[change] {
                        queue.insert(owner, at: 0)
                    } else {
                        free = change
                        break
                    }
                }
            }
            if let free { left.removeAll { $0 == free } }
            while let change = free, let taker = reached[change] {
                free = pairs.first { $0.value == taker }?.key
                pairs[change] = taker
            }
        }
        return pairs
    }

    // MARK: Plan and apply

    /// Whether planned and applied it does what it did straight.
    func planned(_ straight: CaseReport) async throws(StuckError) -> Verdict {
        if case .leftOut(let reason) = test.plan { return .leftOut(reason) }
        let stage = stage(in: test.simulation, now: test.now)
        let planning = try await stage.run(.plan)
        if let change = planning.sent.first {
            return Verdict(message: "While it was planned \(change) was sent.")
        }
        guard planning.status == .succeeded, let plan = planning.plan else {
            if straight.status == planning.status, straight.error?.message == planning.error?.message {
                return Verdict()
            }
            return Verdict(
                differences: [
                    Difference("the plan's status", expected: Self.text(straight), found: Self.text(planning))
                ])
        }
        stage.world.forgetRefusals()
        let applied = try await stage.run(.apply, plan: plan)
        var verdict = Verdict(differences: same(straight, applied, "applied"))
        // With a refusal, or a no, less may happen than was planned.
        if verdict.isGood, let change = applied.unmade.first, test.refusals.isEmpty, test.confirmation != false {
            verdict.differences = [
                Difference(
                    "applied.changes", expected: "all that is planned",
                    found: "not made: \(change.summary) (line \(change.line))")
            ]
        }
        return verdict
    }

    // MARK: Once more

    /// Whether a second run changes nothing, or what the case says.
    func again(_ straight: CaseReport) async throws(StuckError) -> Verdict {
        if case .leftOut(let reason) = test.again { return .leftOut(reason) }
        guard straight.status == .succeeded else { return .leftOut("the run did not succeed") }
        let report = try await stage(in: straight.simulation, now: straight.ended, seed: 2).run()
        return judge(report, test.expectationAgain, since: straight.simulation, "again.")
    }

    // MARK: Killed and resumed

    /// Whether killed at any change and taken up again it does what it did straight.
    func killed(_ straight: CaseReport) async throws(StuckError) -> Verdict {
        if case .leftOut(let reason) = test.kill { return .leftOut(reason) }
        let count = straight.sent.count
        guard count > 0 else { return .leftOut("it changes nothing") }
        guard ![.needsDecision, .cancelled, .diverged].contains(straight.status) else {
            return .leftOut("the run ended as \(straight.status.rawValue)")
        }
        for cut in Self.cuts(count) {
            let verdict = try await killed(at: cut, straight)
            if !verdict.isGood { return verdict }
        }
        return Verdict()
    }

    /// The places, in order.
    static func cuts(_ count: Int) -> [Cut] {
        let all = (1...count).flatMap { [Cut.before($0), .after($0)] }
        guard all.count > mostCuts else { return all }
        return (0..<mostCuts).map { all[$0 * (all.count - 1) / (mostCuts - 1)] }
    }

    private func killed(at cut: Cut, _ straight: CaseReport) async throws(StuckError) -> Verdict {
        let place =
            switch cut {
            case .before(let number): "before change \(number), \(straight.sent[number - 1])"
            case .after(let number): "after change \(number), \(straight.sent[number - 1])"
            }
        let stage = stage(in: test.simulation, now: test.now)
        let first = try await stage.run(until: cut)
        guard stage.world.isDead else {
            return Verdict(
                message:
                    "Run again, it did not come to the place where it was to be killed, \(place). It must do the same each "
                    + "time.", differences: same(straight, first, "run again"))
        }
        var report: CaseReport?
        for _ in 0..<3 {
            do {
                report = try await stage.resume()
                if report?.status != .needsDecision { break }
                try await stage.decide()
            } catch let error as StuckError {
                throw error
            } catch ResumeError.undecided {
                do { try await stage.decide() } catch {
                    return Verdict(message: "Killed \(place): what became of it cannot be told: \(error)")
                }
            } catch {
                return Verdict(message: "Killed \(place), it cannot be resumed: \(error)")
            }
        }
        guard let report else {
            return Verdict(message: "Killed \(place), it asks for decisions again and again.")
        }
        var verdict = Verdict(differences: same(straight, report, "resumed", mayRepeat: true))
        if !verdict.isGood { verdict.message = "Killed \(place), and resumed." }
        return verdict
    }

    // MARK: Comparing runs

    private static func text(_ report: CaseReport) -> String {
        report.error.map { "\(report.status.rawValue): \($0.message)" } ?? report.status.rawValue
    }

    /// Whether another run came to the same.
    ///
    /// - Parameter mayRepeat: whether what can be sent again without harm may have been sent twice.
    private func same(
        _ straight: CaseReport, _ other: CaseReport, _ name: String, mayRepeat: Bool = false
    ) -> [Difference] {
        var found: [Difference] = []
        if straight.status != other.status || straight.error?.message != other.error?.message {
            found.append(
                Difference("\(name).status", expected: Self.text(straight), found: Self.text(other)))
        }
        let patterns = straight.changes.map { CallPattern(operation: $0.operation, arguments: $0.arguments) }
        let isUnordered = straight.isParallel || other.isParallel
        let made = mayRepeat ? withoutRepetitions(other.changes, of: straight.changes) : other.changes
        found += changes(patterns, made, isUnordered: isUnordered, "\(name).changes")
        let result = Comparison.difference(
            ShownJSON.closed(straight.result), other.result, "\(name).result", .full)
        found += [result].compactMap(\.self)
        if found.isEmpty {
            let worlds = (
                straight.simulation.world(since: test.simulation), other.simulation.world(since: test.simulation)
            )
            found += [Comparison.difference(worlds.0, worlds.1, "\(name).world", .full)].compactMap(\.self)
        }
        return found
    }

    /// Without the second ones of changes that a process sends again if it cannot know whether they were carried out: the
    /// world is the same after them.
    private func withoutRepetitions(_ changes: [SentChange], of straight: [SentChange]) -> [SentChange] {
        let wanted = Dictionary(grouping: straight, by: \.self).mapValues(\.count)
        var counts: [SentChange: Int] = [:]
        return changes.filter { change in
            counts[change, default: 0] += 1
            let count = counts[change] ?? 0, expected = wanted[change] ?? 0
            let isRepetition = expected > 0 && count > expected && count <= 2 * expected
            return !isRepetition || test.operations[change.operation]?.effect.maySendAgain != true
        }
    }

    private func changes(
        _ expected: [CallPattern], _ found: [SentChange], isUnordered: Bool, _ path: String
    ) -> [Difference] {
        // Secrets that are drawn anew are other ones.
        func open(_ value: JSONValue) -> JSONValue { ShownJSON.closed(value) }
        return differences(
            expected.map { CallPattern(operation: $0.operation, arguments: $0.arguments.map(open)) }, found,
            isUnordered: isUnordered, path)
    }
}
