/// What a machine is started with.
public struct MachineProgram: Sendable {
    /// The functions that put out a call, `table.function` each.
    public var bindings: [String]
    /// The trusted chunk that runs before the script and alone sees the machine's primitives.
    public var prelude: [UInt8]
    /// What errors call the script: its file name.
    public var name: String
    /// The script.
    public var source: [UInt8]
    /// Seeds `math.random`, and the hashes that decide where a table keeps its keys: the same seed and the same replies
    /// make the same calls.
    public var seed: UInt64
    /// What it may use.
    public var limits: MachineLimits
    /// Whether the machine runs statements one after the other, see ``LuaMachine/evaluate(_:)``, in place of one script: `name`
    /// and `source` are then empty.
    public var isSession: Bool

    /// A program.
    ///
    /// - Parameters:
    ///   - bindings: see ``bindings``.
    ///   - prelude: see ``prelude``.
    ///   - name: see ``name``.
    ///   - source: see ``source``.
    ///   - seed: Default: 0.
    ///   - limits: Default: see ``MachineLimits``.
    ///   - isSession: Default: `false`.
    public init(
        bindings: [String], prelude: [UInt8], name: String, source: [UInt8], seed: UInt64 = 0,
        limits: MachineLimits = MachineLimits(), isSession: Bool = false
    ) {
        self.bindings = bindings
        self.prelude = prelude
        self.name = name
        self.source = source
        self.seed = seed
        self.limits = limits
        self.isSession = isSession
    }

    /// The names one after the other, each ended by a zero byte: what the C interface takes.
    var bindingNames: [UInt8] {
        var names: [UInt8] = []
        for name in bindings {
            names.append(contentsOf: name.utf8)
            names.append(0)
        }
        return names
    }
}
