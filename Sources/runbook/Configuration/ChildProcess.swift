import Glibc

/// Starts programs of the operator's: those that print passwords, take checkpoints, are told of failures. No shell is used.
enum ChildProcess {
    /// A system's error number.
    struct Failure: Error {
        let number: Int32
    }

    /// Starts a program, which gets nothing that is open here but its standard streams.
    ///
    /// - Parameters:
    ///   - arguments: the program, searched in `PATH` if it has no slash, and its arguments.
    ///   - environment: its variables; those with zero bytes are left out.
    ///   - input: its standard input. Default: this program's.
    ///   - output: its standard output. Default: this program's stderr, so that results stay clean.
    ///   - errors: its standard error. Default: this program's.
    ///   - leadsGroup: whether it is the leader of a process group of its own. Default: it is not, and a terminal's Ctrl-C
    ///     reaches it.
    static func start(
        _ arguments: [String], environment: [String: String], input: Int32 = STDIN_FILENO,
        output: Int32 = STDERR_FILENO, errors: Int32 = STDERR_FILENO, leadsGroup: Bool = false
    ) throws(Failure) -> pid_t {
        guard let program = arguments.first else { throw Failure(number: ENOENT) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if input != STDIN_FILENO { posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        if errors != STDERR_FILENO { posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO) }
        for descriptor in inheritable { posix_spawn_file_actions_addclose(&actions, descriptor) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // This program ignores or blocks some signals; the other one starts with none of that.
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let group = leadsGroup ? POSIX_SPAWN_SETPGROUP : 0
        posix_spawnattr_setflags(&attributes, Int16(group | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var texts = arguments.map { strdup($0) } + [nil]
        var settings =
            environment.filter { !$0.key.contains("\0") && !$0.value.contains("\0") }
            .map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (texts + settings).forEach { free($0) } }
        var process: pid_t = 0
        let failure = posix_spawnp(&process, program, &actions, &attributes, &texts, &settings)
        guard failure == 0 else { throw Failure(number: failure) }
        return process
    }

    /// What a program must not get: connections, which not all close themselves when a program is started. Some above the
    /// highest are among them, which other threads may open meanwhile; one that is not open does no harm.
    private static var inheritable: ClosedRange<Int32> {
        let names = (try? LocalFiles.names(in: "/proc/self/fd")) ?? []
        let highest = names.compactMap { Int32($0) }.max() ?? 0
        return STDERR_FILENO + 1...max(highest, STDERR_FILENO) + 256
    }
}
