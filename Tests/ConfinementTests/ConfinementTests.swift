import Glibc
import Testing

@Suite("Confinement of the worker")
struct ConfinementTests {
    /// Everything that must end the process, by the probe's names.
    static let forbidden = """
        open creat openat2 stat unlink chdir memfd inotify mount chroot open_by_handle fanotify read_other_fd
        read_inherited_fd readv_other_fd write_other_fd write_inherited_fd writev_other_fd pread dup close fcntl ioctl
        poll epoll pipe splice sendfile eventfd timerfd signalfd pidfd_getfd socket socketpair connect bind listen
        sendto_other_fd sendto_address recvfrom_other_fd sendmsg recvmsg setsockopt getsockopt accept shutdown
        pass_descriptor sendmmsg recvmmsg fork vfork clone_namespace clone_thread clone3 execve execveat wait ptrace
        ptrace_traceme ptrace_seize kcmp process_vm_readv process_vm_writev pidfd_open unshare setns setsid getppid
        setpriority setpriority_host sched_setscheduler sched_setaffinity sched_yield kill_host kill_self kill_group
        kill_everybody pidfd_send_signal tgkill_host tgkill_other_signal tkill sigqueue sigaction sigaltstack
        sigsuspend timer itimer nanosleep futex_wait mmap_exec mmap_write_exec mmap_shared mmap_file mmap_fixed
        mmap_upper_half mremap_fixed mprotect mprotect_exec pkey_mprotect madvise_other mlock shmget userfaultfd
        remap_file_pages memfd_secret mlockall mincore process_madvise mmap_grows_down setrlimit prlimit prlimit_host
        prctl_dumpable prctl_pdeathsig prctl_name seccomp personality setuid capset io_uring_setup io_uring_enter bpf
        perf_event_open add_key keyctl request_key init_module getrandom clock_settime clock_of_device uname sysinfo
        getrusage getcpu membarrier reboot arch_prctl unknown_number minus_one x32_getpid x32_read
        """.split { $0.isWhitespace }.map(String.init)

    @Test("A forbidden system call kills the process", arguments: forbidden)
    func forbiddenCallKills(what: String) throws {
        #expect(try Probe.run(what).ending == .killed(SIGSYS))
    }

    @Test("Nor does a thread that was there before get away with it", arguments: forbidden)
    func forbiddenCallKillsFromAnotherThread(what: String) throws {
        let probe = try Probe("thread:" + what)
        probe.send(probe.receive())
        #expect(probe.wait() == .killed(SIGSYS))
    }

    @Test("The list above is all that the probe can try")
    func listIsComplete() throws {
        let (ending, names) = try Probe.run("list")
        #expect(ending == .exited(0))
        #expect(names.split(separator: "\n").map(String.init) == Self.forbidden)
    }

    @Test("A call by the numbers of the 32-bit architecture kills the process")
    func compatibilityCallKills() throws {
        // A kernel built without 32-bit calls raises SIGSEGV before any filter is asked.
        let ending = try Probe.run("call_as_32_bit").ending
        #expect(ending == .killed(SIGSYS) || ending == .killed(SIGSEGV))
    }

    @Test("What a script needs goes on working", arguments: ["compute"])
    func allowed(what: String) throws {
        #expect(try Probe.run(what).ending == .exited(0))
    }

    @Test("The socket to the host can be read and written")
    func socketWorks() throws {
        let probe = try Probe("talk")
        for _ in 0..<3 { probe.send(probe.receive()) }
        #expect(probe.wait() == .exited(0))
    }

    @Test("Writing to a host that hung up is an error, not a signal")
    func hostHungUp() throws {
        #expect(try Probe("hung_up").end() == .exited(1))
    }

    @Test("Standard error answers that it is closed")
    func standardErrorIsClosed() throws {
        #expect(try Probe.run("write_stderr").ending == .exited(1))
    }

    @Test("Memory ends below the limit, and the process can still say so")
    func memoryIsLimited() throws {
        let (ending, said) = try Probe.run("exhaust_memory")
        #expect(ending == .exited(0))
        #expect(said == "full")
    }

    @Test("An endless loop ends by SIGXCPU when its CPU seconds are used up")
    func cpuTimeIsLimited() throws {
        #expect(try Probe.run("burn").ending == .killed(SIGXCPU))
    }

    @Test(
        "A crash is told as what it is",
        arguments: [("abort", SIGABRT), ("corrupt_heap", SIGABRT), ("segfault", SIGSEGV)])
    func crashKeepsItsSignal(what: String, signal: Int32) throws {
        #expect(try Probe.run(what).ending == .killed(signal))
    }

    @Test("The handler installed before the confinement runs after it")
    func interruptArrives() throws {
        let probe = try Probe("await_signal")
        #expect(probe.receive() == "?")
        kill(probe.process, SIGUSR1)
        #expect(probe.wait() == .exited(0))
    }

    @Test("The report says that every measure holds")
    func reportIsComplete() throws {
        let probe = try Probe("report")
        let measures = [
            "own_session", "root_directory", "private_umask", "no_exec_by_read", "low_priority", "signals",
            "wiped_environment", "closed_descriptors", "no_descriptors", "no_file_growth", "no_processes", "no_core",
            "address_space",
            "cpu_time", "no_capabilities", "no_new_privs", "not_dumpable", "dies_with_host", "seccomp",
        ]
        let expected = "{" + measures.map { "\"\($0)\":true" }.joined(separator: ",") + "}"
        #expect(probe.receive() == expected)
        #expect(probe.end() == .exited(0))
    }

    @Test("The kernel agrees with the report")
    func kernelAgrees() throws {
        let probe = try Probe("report", environment: ["RUNBOOK_CONSOLE_PASSWORD=hunter2"])
        _ = probe.receive()

        let status = fields(of: try #require(probe.kernelFile("status")))
        #expect(status["Seccomp:"]?.first == "2")
        #expect(status["NoNewPrivs:"]?.first == "1")
        #expect(status["Threads:"]?.first == "1")
        for set: Substring in ["CapInh:", "CapPrm:", "CapEff:", "CapAmb:"] {
            #expect(status[set]?.first == "0000000000000000")
        }
        let ignored = try #require(status["SigIgn:"]?.first.flatMap { UInt64($0, radix: 16) })
        let caught = try #require(status["SigCgt:"]?.first.flatMap { UInt64($0, radix: 16) })
        #expect(ignored & 1 << UInt64(SIGPIPE - 1) != 0)
        #expect(caught & 1 << UInt64(SIGUSR1 - 1) != 0)

        let limits = try #require(probe.kernelFile("limits"))
        for name in ["file size", "core file size", "processes", "open files"] {
            #expect(limit(name, in: limits) == ["0", "0"], "Max \(name)")
        }
        #expect(limit("address space", in: limits) == ["268435456", "268435456"])
        #expect(limit("cpu time", in: limits) == ["1", "2"])

        #expect(getsid(probe.process) == probe.process)
        let host = getpriority(__priority_which_t(0), 0)
        #expect(getpriority(__priority_which_t(0), id_t(probe.process)) == min(19, host + 5))
        #expect(probe.isInheritedDescriptorClosed)
        // Unreadable is as good as empty.
        let environment = probe.kernelFile("environ") ?? ""
        #expect(!environment.contains("hunter2"))
        #expect(!environment.contains("RUNBOOK"))
        #expect(probe.end() == .exited(0))
    }

    @Test("A process whose parent is not the host refuses to work, and says why")
    func refusesWithoutHost() throws {
        let probe = try Probe("report", host: 0)
        #expect(probe.receiveAll() == "PR_SET_PDEATHSIG: the parent is not the host any more: No such process")
        #expect(probe.wait() == .exited(2))
    }

    @Test("The process dies with the thread that started it")
    func diesWithHost() throws {
        let probe = try onThreadOfItsOwn {
            let probe = try Probe("report")
            _ = probe.receive()
            return probe
        }
        #expect(probe.wait() == .killed(SIGKILL))
    }

    /// The lines `Name: value…` of a status file.
    private func fields(of status: String) -> [Substring: [Substring]] {
        var result: [Substring: [Substring]] = [:]
        for line in status.split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "\t" }
            if let name = words.first { result[name] = Array(words.dropFirst()) }
        }
        return result
    }

    /// The soft and the hard limit of a name.
    private func limit(_ name: String, in limits: String) -> [Substring]? {
        let start = "Max \(name) "
        guard let line = limits.split(separator: "\n").first(where: { $0.hasPrefix(start) }) else { return nil }
        return Array(line.dropFirst(start.count).split(separator: " ").prefix(2))
    }
}

/// Runs `work` on a thread that ends with it.
private func onThreadOfItsOwn(_ work: @escaping () throws -> Probe) throws -> Probe {
    final class Job {
        let work: () throws -> Probe
        var result: Result<Probe, any Error>?
        init(_ work: @escaping () throws -> Probe) { self.work = work }
    }
    let job = Job(work)
    var thread = pthread_t()
    let code = pthread_create(
        &thread, nil,
        { pointer in
            guard let pointer else { return nil }
            let job = Unmanaged<Job>.fromOpaque(pointer).takeUnretainedValue()
            job.result = Result(catching: job.work)
            return nil
        }, Unmanaged.passUnretained(job).toOpaque())
    guard code == 0 else { throw Probe.SpawnError(call: "pthread_create", code: code) }
    pthread_join(thread, nil)
    return try withExtendedLifetime(job) { try #require(job.result).get() }
}
