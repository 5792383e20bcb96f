import LuaMachine
import Operations
import Testing

/// The two machines, which every test here runs on.
enum MachineKind: CaseIterable, Sendable, CustomTestStringConvertible {
    case inProcess, confined
    var testDescription: String { self == .inProcess ? "in process" : "confined" }
}

/// How a script ended, with all that it asked for.
struct ScriptOutcome: Sendable {
    enum End: Sendable { case finished, failed, stopped, diverged }
    var end: End
    var value: JSONValue
    var calls: [MachineCall]
    var peakMemory: Int

    var names: [String] { calls.map(\.name) }
    var message: String { value["message"]?.stringValue ?? "" }
    var location: String { value["where"]?.stringValue ?? "" }
    var limit: String { value["limit"]?.stringValue ?? "" }
    var traceback: [String] { value["traceback"]?.arrayValue?.compactMap(\.stringValue) ?? [] }
}

/// An answer of the pretended host.
enum Answer: Sendable {
    case value(JSONValue)
    case raw(String, MachineReply.Reading)
    case error(JSONValue)
    case nothing
    case never
}

/// Runs scripts on a machine with a host that a closure pretends to be.
struct MachineHarness: Sendable {
    static let supervisor = Result { try WorkerSupervisor(executable: WorkerSupervisor.executableBesideProgram()) }

    /// Gives the script the primitives that a real prelude keeps to itself.
    static let openPrelude = "rb = ..."

    var kind: MachineKind
    var limits = MachineLimits()
    var prelude = MachineHarness.openPrelude
    var seed: UInt64 = 7

    func start(_ source: String, name: String = "test.lua") async throws -> any LuaMachine {
        let program = MachineProgram(
            bindings: ["users.get", "users.unlock", "roles.list"], prelude: Array(prelude.utf8), name: name,
            source: Array(source.utf8), seed: seed, limits: limits)
        switch kind {
        case .inProcess: return try InProcessMachine(program)
        case .confined: return try await Self.supervisor.get().start(program)
        }
    }

    /// Runs to the end; each call is answered at once, in the order of the calls.
    func run(
        _ source: String, answer: @Sendable (MachineCall) -> Answer = { _ in .nothing }
    ) async throws -> ScriptOutcome {
        let machine = try await start(source)
        let outcome = try await drive(machine, answer: answer)
        await machine.close()
        return outcome
    }

    func drive(_ machine: any LuaMachine, answer: @Sendable (MachineCall) -> Answer) async throws -> ScriptOutcome {
        var calls: [MachineCall] = []
        func outcome(_ end: ScriptOutcome.End, _ json: [UInt8], _ usage: MachineUsage) throws -> ScriptOutcome {
            ScriptOutcome(end: end, value: try JSONValue(parsing: json), calls: calls, peakMemory: usage.peakMemory)
        }
        while true {
            switch try await machine.nextEvent() {
            case .calls(let made):
                calls += made
                for call in made where !call.isNote { Self.reply(machine, call.id, answer(call)) }
            case .finished(let json, let usage): return try outcome(.finished, json, usage)
            case .failed(let json, let usage): return try outcome(.failed, json, usage)
            case .stopped(let json, let usage): return try outcome(.stopped, json, usage)
            case .diverged(let call, let usage): return try outcome(.diverged, Array("\(call)".utf8), usage)
            case .waiting, .ready: continue
            }
        }
    }

    static func reply(_ machine: any LuaMachine, _ id: UInt32, _ answer: Answer) {
        switch answer {
        case .value(let value): machine.reply(MachineReply(id: id, json: value.bytes()))
        case .raw(let text, let reading): machine.reply(MachineReply(id: id, reading: reading, json: Array(text.utf8)))
        case .error(let value): machine.reply(MachineReply(id: id, reading: .error, json: value.bytes()))
        case .nothing: machine.reply(MachineReply(id: id, reading: .nothing, json: []))
        case .never: break
        }
    }
}
