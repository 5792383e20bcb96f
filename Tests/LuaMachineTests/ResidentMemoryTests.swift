import Foundation
import LuaMachine
import Operations
import Testing

/// The memory limit counts what a script holds; what its worker takes from the system may be 8 MB more and no more.
@Suite struct ResidentMemoryTests {
    private static let limit = 48 << 20

    /// Runs a script that ends in `users.get(1)` with its memory nearly full; the most that its worker ever had, in bytes.
    /// `nil` if it ended before, which is an issue.
    private func highWater(_ source: String, limit: Int = Self.limit) async throws -> Int? {
        var harness = MachineHarness(kind: .confined)
        harness.limits.memory = limit
        let machine = try #require(try await harness.start(source) as? ConfinedMachine)
        defer { Task { await machine.close() } }
        while true {
            switch try await machine.nextEvent() {
            case .calls(let calls):
                guard let call = calls.first(where: { !$0.isNote }) else { continue }
                if call.name == "users.get" { return try Self.highWater(of: #require(machine.processIdentifier)) }
                // A page with as many users as were asked for.
                let count = try #require(JSONValue(parsing: call.arguments).arrayValue?.first?.integerValue)
                let user = #"{"id":123456,"login":"somebody","name":"Some Body","locked":false,"links":[]}"#
                let page = "[" + Array(repeating: user, count: Int(count)).joined(separator: ",") + "]"
                machine.reply(MachineReply(id: call.id, json: Array(page.utf8)))
            case .stopped(let report, _):
                Issue.record("\(try JSONValue(parsing: report))")
                return nil
            case let event:
                Issue.record("\(event)")
                return nil
            }
        }
    }

    private static func highWater(of process: Int32) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.filter(\.isNumber))) << 10
    }

    @Test(arguments: [
        "local t = {} while collectgarbage('count') < 46 * 1024 do t[#t + 1] = { #t } end users.get(1)",
        "local t = {} while collectgarbage('count') < 46 * 1024 do t[#t + 1] = ('x'):rep(1000) .. #t end users.get(1)",
        "local t = {} while collectgarbage('count') < 40 * 1024 do t[#t + 1] = ('x'):rep(5 << 20) .. #t end users.get(1)",
        "local t = {} while collectgarbage('count') < 44 * 1024 do t[#t + 1] = coroutine.create(rb.note) end users.get(1)",
        "for _ = 1, 20 do local t = {} for i = 1, 300000 do t[i] = 'a' .. i end end users.get(1)",
        "for size = 1, 16 do roles.list(1000 * size) end users.get(1)",
        "for _ = 1, 4 do local s = ('x'):rep(8 << 20) s = pcall(roles.list, 1, s) end users.get(1)",
        "local t = {} for i = 1, 60000 do t[i] = { name = 'n' .. i, id = i } end json = rb.encode(t) users.get(1)",
    ])
    func aFullMemoryStaysWithinEightMegabytesOfTheLimit(source: String) async throws {
        let resident = try #require(try await highWater(source))
        #expect(resident <= Self.limit + 8 << 20, "\(resident >> 10) KB")
    }

    /// Holes between blocks are not what the script holds, yet they are memory.
    @Test(arguments: [(200, 5000), (1000, 9000), (40, 300), (3000, 120_000)])
    func holesBetweenBlocksCountToo(small: Int, large: Int) async throws {
        let resident = try #require(
            try await highWater(
                """
                local keep, t, text = {}, {}, ("y"):rep(\(large))
                while collectgarbage("count") < 36 * 1024 do t[#t + 1] = ("x"):rep(\(small)) .. #t end
                for i = 1, #t, 8 do keep[#keep + 1] = t[i] end
                t = nil
                -- More than there is room for: all that can be collected is.
                for i = 1, 60000 do local garbage = ("z"):rep(900) .. i end
                for i = 1, (4 << 20) // #text do keep[#keep + 1] = text .. i end
                users.get(1)
                """))
        #expect(resident <= Self.limit + 8 << 20, "\(resident >> 10) KB")
    }

    /// What the C library keeps of memory that was given back to it is nobody's count.
    @Test(arguments: [(11 << 20, 48 << 20), (30 << 20, 128 << 20)])
    func whatLongTextsHadIsGivenBack(length: Int, limit: Int) async throws {
        let resident = try #require(
            try await highWater(
                """
                local s = ("a"):rep(\(length))
                for _ = 1, 6 do rb.encode(s) end
                s = nil
                local t = {}
                while collectgarbage("count") < \(limit / 1024 * 9 / 10) do t[#t + 1] = ("x"):rep(1000) .. #t end
                users.get(1)
                """, limit: limit))
        #expect(resident <= limit + 8 << 20, "\(resident >> 10) KB")
    }
}
