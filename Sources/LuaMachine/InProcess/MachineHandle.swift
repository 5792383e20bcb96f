internal import CRunbookVM

/// The C machine behind an ``InProcessMachine``.
///
/// `@unchecked Sendable`: the C machine belongs to one thread at a time. ``InProcessMachine`` hands the handle to one
/// step at a time under its lock; only `interrupt`, which sets an atomic flag, is called besides.
struct MachineHandle: @unchecked Sendable {
    private let machine: OpaquePointer

    init?(_ limits: MachineLimits, slice: UInt32, seed: UInt64) {
        guard let machine = rb_machine_new(Self.limits(limits, slice: slice), seed) else { return nil }
        self.machine = machine
    }

    private static func limits(_ limits: MachineLimits, slice: UInt32) -> rb_limits {
        rb_limits(
            memory: UInt64(limits.memory), source: UInt64(limits.source), log: UInt64(limits.log),
            result: UInt64(limits.result), tasks: UInt32(clamping: limits.tasks), slice: slice)
    }

    func free() { rb_machine_free(machine) }

    func interrupt(_ why: MachineInterrupt) {
        rb_machine_interrupt(machine, why == .time ? RB_INTERRUPT_TIME : RB_INTERRUPT_CANCEL)
    }

    /// Makes it a session's machine; before the program is loaded.
    func openSession() { rb_machine_open_session(machine) }

    /// Whether a session's machine takes another statement.
    var isReady: Bool { rb_machine_is_ready(machine) }

    /// Begins a statement; `false` leaves the failure as the payload.
    func evaluate(_ statement: MachineStatement) -> Bool {
        statement.source.withCharacters { source in
            rb_machine_evaluate(
                machine, Self.limits(statement.limits, slice: 0), rb_statement_kind(statement.kind.rawValue),
                statement.name, source, statement.source.count)
        }
    }

    /// Loads the program; `false` leaves the failure as the payload.
    func load(_ program: MachineProgram) -> Bool {
        let names = program.bindingNames
        return names.withCharacters { rb_machine_bind(machine, $0, names.count) }
            && program.prelude.withCharacters { rb_machine_prelude(machine, "prelude", $0, program.prelude.count) }
            && (program.isSession || start(program))
    }

    private func start(_ program: MachineProgram) -> Bool {
        program.source.withCharacters { rb_machine_start(machine, program.name, $0, program.source.count) }
    }

    func narrow(to limits: MachineLimits) { rb_machine_narrow(machine, Self.limits(limits, slice: 0)) }

    /// `false` if no such call waits: then nothing has changed.
    func answer(_ reply: MachineReply) -> Bool {
        let isTaken = reply.json.withCharacters { json in
            rb_machine_reply(machine, reply.id, reply.reading.rawValue, json, reply.json.count)
        }
        if isTaken { rb_machine_set_clock(machine, reply.unixMilliseconds, reply.runMilliseconds) }
        return isTaken
    }

    /// One step: what was put out, and the terminal event if there is one.
    func step() throws(MachineError) -> (calls: [MachineCall], end: MachineEvent?, isPreempted: Bool) {
        let event = rb_machine_step(machine)
        var length = 0
        let records = rb_machine_take_output(machine, &length)
        let calls = try CallRecords.read(UnsafeRawBufferPointer(start: records, count: length))
        return (calls, end(event), event == RB_EVENT_PREEMPTED)
    }

    /// The event for a failure to load.
    var loadFailure: MachineEvent { .failed(report: payload, usage: usage) }

    private func end(_ event: rb_event) -> MachineEvent? {
        switch event {
        case RB_EVENT_FINISHED: .finished(result: payload, usage: usage)
        case RB_EVENT_FAILED: .failed(report: payload, usage: usage)
        case RB_EVENT_LIMIT: .stopped(report: payload, usage: usage)
        default: nil
        }
    }

    private var payload: [UInt8] {
        var length = 0
        guard let bytes = rb_machine_payload(machine, &length) else { return [] }
        return Array(UnsafeRawBufferPointer(start: bytes, count: length))
    }

    var usage: MachineUsage {
        var peak: UInt64 = 0
        _ = rb_machine_memory(machine, &peak)
        return MachineUsage(peakMemory: Int(clamping: peak))
    }
}

extension [UInt8] {
    /// The bytes as C characters; valid within `body` only.
    func withCharacters<Result>(_ body: (UnsafePointer<CChar>?) -> Result) -> Result {
        withUnsafeBytes { body($0.baseAddress?.assumingMemoryBound(to: CChar.self)) }
    }
}
