internal import LuaMachine
public import Logging
public import Operations

/// Runs runbooks: gives scripts their bindings, passes each call through the gate, and tells what was done.
///
/// ```swift
/// let host = RunbookHost(transport: transport, machines: .confined(supervisor))
/// let outcome = await host.start(Runbook(name: "hello.lua", source: "runbook {} return 1")).outcome
/// ```
public struct RunbookHost: Sendable {
    /// Carries out one operation of an embedding program.
    public typealias Handler = @Sendable (OperationCall) async throws(APIError) -> JSONValue

    /// The operations that scripts may call.
    public private(set) var catalogue: Catalogue
    /// What the operator allows.
    public var policy: Policy
    /// Where scripts run.
    public let machines: MachineProvider

    /// Where runs are recorded; `nil` for nowhere: such runs cannot be resumed, undone or audited.
    public let journaling: Journaling?
    let transport: any Transport
    let clock: any RunClock
    let random: @Sendable () -> UInt64
    let logger: Logger
    let secrets: RunSecrets?
    /// Runs what ends runs in time, beside whatever keeps other threads busy.
    let watch: any TaskExecutor
    private(set) var handlers: [String: Handler] = [:]

    /// A host.
    ///
    /// - Parameters:
    ///   - catalogue: Default: both APIs.
    ///   - transport: carries the calls of operations that have an endpoint.
    ///   - machines: where scripts run.
    ///   - policy: Default: everything that a manifest asks for.
    ///   - journaling: where runs are recorded. Default: nowhere.
    ///   - clock: Default: the system's.
    ///   - random: seeds runs and makes secrets. Default: the system's generator.
    ///   - logger: receives the scripts' log lines and the host's own, without the secrets of the run.
    ///   - secrets: is told of what the runs know, for other loggers. Default: nobody is.
    public init(
        catalogue: Catalogue = .standard, transport: any Transport, machines: MachineProvider,
        policy: Policy = Policy(), journaling: Journaling? = nil,
        clock: any RunClock = SystemClock(),
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) },
        logger: Logger = Logger(label: "runbook"), secrets: RunSecrets? = nil
    ) {
        self.catalogue = catalogue
        self.transport = transport
        self.machines = machines
        self.policy = policy
        self.journaling = journaling
        self.clock = clock
        self.random = random
        self.logger = logger
        self.secrets = secrets
        watch = machines.executorWithoutScripts ?? AlarmThread()
    }

    /// Adds an operation of the embedding program's own, next to the others: scripts call it by its name, and it passes
    /// the same gate.
    ///
    /// - Parameters:
    ///   - operation: its name, parameters, effect and capability.
    ///   - handler: gets the checked arguments and gives the result. What it throws is raised in the script.
    public mutating func register(_ operation: Operation, handler: @escaping Handler) {
        catalogue = catalogue.adding([operation])
        handlers[operation.name] = handler
    }

    /// Starts a run. It goes on by itself; ask its ``Run/outcome``.
    public func start(_ runbook: Runbook, options: RunOptions = RunOptions()) -> Run {
        Run(runbook, host: self, options: options)
    }

    /// Reads a runbook's manifest: runs the script up to `runbook { … }` and lets no call through.
    ///
    /// - Throws: ``RunError`` if the script does not get there.
    public func manifest(of runbook: Runbook) async throws(RunError) -> Manifest {
        try manifest(of: runbook, declared: try await declaration(of: runbook))
    }

    /// Runs the script up to `runbook { … }` and lets no call through.
    ///
    /// - Throws: ``RunError`` if the script does not get there.
    public func declaration(of runbook: Runbook) async throws(RunError) -> ManifestDeclaration {
        try await ManifestReader(host: self).read(runbook)
    }

    /// Checks a declaration, and so reads the manifest without running anything.
    ///
    /// - Throws: ``RunError`` if it is not of this source, or no manifest.
    public func manifest(
        of runbook: Runbook, declared declaration: ManifestDeclaration
    ) throws(RunError) -> Manifest {
        let location = "\(runbook.name):\(declaration.line)"
        guard declaration.sha256 == runbook.sha256 else {
            throw RunError(
                .manifest, message: "the declaration is of another source than \(runbook.name)",
                location: location)
        }
        do throws(Manifest.Fault) {
            let manifest = try Manifest(declaration.table, line: declaration.line)
            try manifest.checkNeeds(capabilities)
            return manifest
        } catch {
            throw RunError(.manifest, message: error.description, location: location)
        }
    }

    /// SHA-256 of what scripts find besides their bindings: another one may read the same source otherwise.
    public static let preludeHash = Runbook(name: "prelude", source: Prelude.source).sha256

    func program(_ runbook: Runbook, limits: RunLimits, seed: UInt64) -> MachineProgram {
        MachineProgram(
            bindings: catalogue.operations.map(\.name), prelude: Prelude.source, name: runbook.name,
            source: runbook.source, seed: seed, limits: limits.machine)
    }

    /// What the statements of a session run on.
    func sessionProgram(limits: RunLimits, seed: UInt64) -> MachineProgram {
        var program = MachineProgram(
            bindings: catalogue.operations.map(\.name), prelude: Prelude.source, name: "", source: [], seed: seed,
            limits: limits.machine)
        program.isSession = true
        return program
    }

    /// Every capability that something needs.
    var capabilities: Set<Capability> {
        Set(catalogue.operations.map(\.capability)).union(Prelude.capabilities.values.joined())
    }

    /// An id for a new run: it sorts by time.
    public func makeRunID() -> String {
        SortedID.make(unixMilliseconds: clock.unixMilliseconds(), random: random())
    }
}

extension RunError: Error {}
