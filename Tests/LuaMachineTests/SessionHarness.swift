import LuaMachine
import Operations

/// A session on one machine, with a host that a closure pretends to be.
final class SessionHarness: Sendable {
    /// Runs statements and gives out their results as they are.
    static let openPrelude = """
        rb = ...
        rb.on_statement(function(chunk, kind)
          local results = table.pack(rb.run(chunk))
          if kind == 0 and results[1] ~= nil then _G._ = results[1] end
          for index = 1, results.n do if results[index] == nil then results[index] = rb.null end end
          return rb.array { table.unpack(results, 1, results.n) }
        end)
        """

    let machine: any LuaMachine
    let limits: MachineLimits

    /// Starts a machine and waits until it is ready.
    ///
    /// - Parameter prelude: Default: one that gives statements the primitives.
    init(
        _ kind: MachineKind, prelude: String = openPrelude, seed: UInt64 = 7, limits: MachineLimits = MachineLimits()
    ) async throws {
        let program = MachineProgram(
            bindings: ["users.get", "users.page", "users.unlock", "roles.list"], prelude: Array(prelude.utf8), name: "",
            source: [], seed: seed, limits: limits, isSession: true)
        switch kind {
        case .inProcess: machine = try InProcessMachine(program)
        case .confined: machine = try await MachineHarness.supervisor.get().start(program)
        }
        self.limits = limits
        guard case .ready = try await machine.nextEvent() else { throw SessionFault.notReady }
    }

    enum SessionFault: Error { case notReady }

    /// Gives the machine a statement and does not wait for it.
    func begin(
        _ source: String, _ kind: MachineStatement.Kind = .statement, name: String = "repl",
        limits: MachineLimits? = nil
    ) {
        machine.evaluate(
            MachineStatement(name: name, source: Array(source.utf8), kind: kind, limits: limits ?? self.limits))
    }

    /// Runs a statement to its end, each call answered at once, and waits until the machine is ready for the next one.
    @discardableResult
    func run(
        _ source: String, _ kind: MachineStatement.Kind = .statement, name: String = "repl",
        limits: MachineLimits? = nil, answer: @Sendable (MachineCall) -> Answer = { _ in .nothing }
    ) async throws -> ScriptOutcome {
        begin(source, kind, name: name, limits: limits)
        let outcome = try await end(answer: answer)
        try await ready()
        return outcome
    }

    /// The end of the statement under way.
    func end(answer: @Sendable (MachineCall) -> Answer = { _ in .nothing }) async throws -> ScriptOutcome {
        let harness = MachineHarness(kind: .inProcess)
        return try await harness.drive(machine, answer: answer)
    }

    /// Waits until the machine is ready.
    func ready() async throws {
        guard case .ready = try await machine.nextEvent() else { throw SessionFault.notReady }
    }

    /// Waits for calls, passing over nothing.
    func calls() async throws -> [MachineCall] {
        guard case .calls(let calls) = try await machine.nextEvent() else { throw SessionFault.notReady }
        return calls
    }

    /// The error with which the machine is lost, after a statement's end.
    func loss() async -> MachineError? {
        do throws(MachineError) {
            _ = try await machine.nextEvent()
            return nil
        } catch { return error }
    }

    /// The result of an expression that has one.
    func value(_ expression: String) async throws -> JSONValue {
        try await run("return " + expression).value.arrayValue?.first ?? .null
    }

    func close() async { await machine.close() }
}
