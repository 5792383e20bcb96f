import LuaMachine
import Operations
import Testing

/// What a run did is done again with the same answers in the same order, whatever the machine and however they come.
@Suite("A run that is replayed", .timeLimit(.minutes(5))) struct ReplayPropertyTests {
    static func harness(_ kind: MachineKind, _ seed: UInt64) throws -> MachineHarness {
        MachineHarness(kind: kind, prelude: try HostPrelude.source(), seed: seed)
    }

    /// Runs a script of that seed, and then again in both machines and in every way.
    ///
    /// - Returns: how many lines and answers were compared.
    static func check(_ seed: UInt64, recordedOn kind: MachineKind) async throws -> (lines: Int, answers: Int) {
        var generator = ScriptGenerator(seed: seed), random = SeededGenerator(seed: ~seed)
        let script = generator.script()
        let machine = try await harness(kind, seed).start(script)
        let first = try await RecordedRun(of: machine, drawing: &random)
        await machine.close()
        for other in MachineKind.allCases {
            for way in RecordedRun.Way.allCases {
                let machine = try await harness(other, seed).start(script)
                let again = try await RecordedRun(of: machine, again: first.replies, way, drawing: &random)
                await machine.close()
                #expect(
                    again.lines == first.lines,
                    """
                    Seed \(seed), recorded \(kind.testDescription), replayed \(other.testDescription), \(way):
                    \(difference(first.lines, again.lines))
                    \(script)
                    """)
            }
        }
        return (first.lines.count, first.replies.count)
    }

    /// The first lines that differ.
    private static func difference(_ first: [String], _ again: [String]) -> String {
        let place = zip(first, again).first { $0 != $1 }
        return place.map { "there was \($0)\nand then  \($1)" } ?? "one of them ends early"
    }

    @Test("makes the same calls to the byte", arguments: MachineKind.allCases)
    func sameCalls(recordedOn kind: MachineKind) async throws {
        var lines = 0, answers = 0
        for seed in 1...40 as ClosedRange<UInt64> {
            let compared = try await Self.check(seed, recordedOn: kind)
            lines += compared.lines
            answers += compared.answers
        }
        // Not for want of anything to differ in.
        #expect(lines > 800)
        #expect(answers > 500)
    }

    /// Lua counts the C functions that stand in one another anew where a script goes on that was preempted.
    @Test("comes as deep into protected calls as it did in a machine of its kind", arguments: MachineKind.allCases)
    func sameDepth(kind: MachineKind) async throws {
        let source = """
            local depth = 0
            local function descend()
              depth = depth + 1
              for i = 1, 700 do end
              if depth < 2000 then return pcall(descend) end
            end
            descend()
            return depth
            """
        var depths: Set<JSONValue> = []
        for _ in 1...5 { depths.insert(try await MachineHarness(kind: kind).run(source).value) }
        #expect(depths.count == 1, "\(depths)")
    }
}
