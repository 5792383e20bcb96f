import ArgumentParser
import CommandSupport
import Operations
import RunbookHost
import SharedLoop

/// `runbook run FILE|NAME`.
struct RunCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a runbook.",
        discussion: """
            The result goes to stdout, the log and a summary to stderr. Limits can only be narrowed by the runbook's own manifest.

            On a terminal a runbook that may change something is planned first: what it would change is shown, and you are \
            asked. Elsewhere it runs at once.

              runbook run unlock-locked-users --param role=security-manager
            """)

    @Argument(
        help: ArgumentHelp("A path, or the name of a runbook that 'runbook list' shows.", valueName: "file|name"),
        completion: WordCompletion.runbooks)
    var runbook: String

    @Option(
        help: ArgumentHelp(
            "A parameter; a secret one takes \(SecretInput.ways).", valueName: "name=value"),
        completion: WordCompletion.parameters)
    var param: [String] = []

    @OptionGroup var limits: LimitFlags

    @Flag(
        help:
            "Run the script in a worker with full rights, for a runbook that you trust on a system that cannot confine."
    )
    var unconfined = false

    @Flag(name: .shortAndLong, help: "Ask nothing: run at once, and answer every question of the runbook with yes.")
    var yes = false

    @Flag(
        name: .customLong("plan-first"),
        help: "Make a plan, show it, and make the changes that it lists and no others; with --yes without asking.")
    var planFirst = false

    @OptionGroup var options: GlobalOptions

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let session = try Session(options, loop: loop, isUnconfined: unconfined, environment: environment)
        let file = try RunbookFile.read(runbook, directories: session.configuration.runbookDirectories)
        let launch = Launch(session: session, options: options, yes: yes, environment: environment)
        let runOptions = launch.runOptions(
            try Self.parameters(param), limits: try Self.limits(session.configuration.limits, self.limits))
        guard planFirst || !yes && launch.hasPerson, await mayChange(file, session.host, runOptions) else {
            return try await launch.finish(await launch.outcome(of: session.host.start(file, options: runOptions)))
        }
        let (outcome, plan) = try await launch.plan(file, runOptions)
        guard let plan else { return try await launch.finish(outcome) }
        if !plan.changes.isEmpty {
            session.terminal.write(line: PlanText(plan: plan, terminal: session.terminal).text)
            try await ask(plan, launch)
        }
        try await launch.finish(
            try await launch.apply(plan, approval: yes ? "yes" : plan.changes.isEmpty ? "" : "asked"))
    }

    /// Whether the runbook may change anything, as far as its manifest says; without one it may.
    private func mayChange(_ runbook: Runbook, _ host: RunbookHost, _ options: RunOptions) async -> Bool {
        // What is wrong with the signature or the manifest is told by the run.
        guard host.refusal(of: runbook, options: options) == nil else { return false }
        guard let manifest = try? await host.manifest(of: runbook) else { return false }
        return manifest.needs.contains { need in
            host.catalogue.operations.contains { $0.capability == need && $0.effect.isChange }
        }
    }

    private func ask(_ plan: Plan, _ launch: Launch) async throws {
        guard !yes else { return }
        let count = plan.changes.count
        let question = count == 1 ? "Apply this change?" : "Apply these \(count) changes?"
        guard launch.hasPerson, !options.noInput else {
            await launch.close()
            throw CommandError(
                "\(count == 1 ? "a change waits" : "\(count) changes wait") for a yes, and nobody may be asked: look at the plan above, "
                    + "then run it with --yes, or 'runbook apply \(plan.id)'")
        }
        guard Prompt.confirm(question) == true else {
            await launch.close()
            throw CommandError(
                "nothing was changed; the plan is kept, and 'runbook apply \(plan.id)' applies it", code: .stopped)
        }
    }

    /// The configured limits with what the flags say.
    static func limits(_ configured: RunLimits, _ flags: LimitFlags) throws(CommandError) -> RunLimits {
        var limits = configured
        if let timeLimit = flags.timeLimit {
            guard let time = Duration(quantity: timeLimit), time > .zero else {
                throw CommandError("--time-limit must be a duration such as 30s, 5m or 1h, not '\(timeLimit)'")
            }
            limits.time = time
        }
        if let memoryLimit = flags.memoryLimit {
            guard let bytes = MemoryLimitFormat.bytes(memoryLimit) else {
                throw CommandError("--memory-limit must be \(MemoryLimitFormat.expected), not '\(memoryLimit)'")
            }
            limits.memory = bytes
        }
        for (flag, value) in [("--max-changes", flags.maxChanges), ("--max-calls", flags.maxCalls)]
        where (value ?? 0) < 0 {
            throw CommandError("\(flag) must be 0 or more, not \(value ?? 0)")
        }
        limits.changes = flags.maxChanges ?? limits.changes
        limits.calls = flags.maxCalls ?? limits.calls
        return limits
    }

    /// Reads `name=value` flags.
    static func parameters(_ flags: [String]) throws(CommandError) -> [String: ParameterInput] {
        var inputs: [String: ParameterInput] = [:]
        for flag in flags {
            guard let equals = flag.firstIndex(of: "="), equals != flag.startIndex else {
                // Not repeated: it may be a secret, given in the wrong place.
                throw CommandError("--param takes name=value, such as --param role=security-manager")
            }
            let name = String(flag[..<equals])
            guard inputs[name] == nil else {
                throw CommandError("--param \(name) is given twice: a list is written \(name)=a,b,c")
            }
            inputs[name] = .text(String(flag[flag.index(after: equals)...]))
        }
        return inputs
    }
}
