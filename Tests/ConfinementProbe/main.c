/*
 * Confines itself as the worker does and then tries one forbidden thing.
 *
 *   confinement-probe HOST_PID WHAT     WHAT is a name below, or `report`, or `list` (which confines nothing); a name with
 *                                       `thread:` before it is tried by a second thread, started before the confinement
 *
 * Exit status 0: it was done, which for anything listed as forbidden is a hole. 1: the kernel refused it with an errno.
 * 2: the confinement could not be had; the reason went to the socket. 3: no such name. Death by SIGSYS is what the rest
 * shall come to. Calls go straight to the kernel, so that no check of the C library stands in for the filter.
 */
#define _GNU_SOURCE
#include <confine.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { socket_fd = 3, inherited_fd = 17 };
#define RB_MEBIBYTE ((size_t)1 << 20)
#define RB_ADDRESS_SPACE (256 * RB_MEBIBYTE)
#define RB_CPU_SECONDS 1

static pid_t self, host;
static char byte[4096];
static volatile sig_atomic_t signalled;

static struct sockaddr_un address(void) {
    struct sockaddr_un result = {.sun_family = AF_UNIX};
    memcpy(result.sun_path + 1, "runbook-probe", 13);
    return result;
}
static struct iovec one_byte(void) { return (struct iovec){.iov_base = byte, .iov_len = 1}; }
static struct msghdr message(struct iovec *vector) { return (struct msghdr){.msg_iov = vector, .msg_iovlen = 1}; }

/* Each forbidden thing: a name and an expression that is negative if the kernel refused. */
#define FORBIDDEN(TRY)                                                                                                 \
    /* files */                                                                                                        \
    TRY(open, syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY, 0))                                               \
    TRY(creat, syscall(SYS_openat, AT_FDCWD, "/tmp", O_RDWR | O_TMPFILE, 0600))                                        \
    TRY(openat2, syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", byte, 24))                                              \
    TRY(stat, syscall(SYS_statx, AT_FDCWD, "/", 0, STATX_BASIC_STATS, byte))                                           \
    TRY(unlink, syscall(SYS_unlinkat, AT_FDCWD, "/nowhere/at/all", 0))                                                 \
    TRY(chdir, syscall(SYS_chdir, "/"))                                                                                \
    TRY(memfd, syscall(SYS_memfd_create, "x", 0))                                                                      \
    TRY(inotify, syscall(SYS_inotify_init1, 0))                                                                        \
    TRY(mount, syscall(SYS_mount, "none", "/", "tmpfs", 0, NULL))                                                      \
    TRY(chroot, syscall(SYS_chroot, "/"))                                                                              \
    TRY(open_by_handle, syscall(SYS_open_by_handle_at, AT_FDCWD, byte, O_RDONLY))                                      \
    TRY(fanotify, syscall(SYS_fanotify_init, 0, 0))                                                                    \
    /* descriptors */                                                                                                  \
    TRY(read_other_fd, syscall(SYS_read, 0, byte, 1))                                                                  \
    TRY(read_inherited_fd, syscall(SYS_read, inherited_fd, byte, 1))                                                   \
    TRY(readv_other_fd, (vector = one_byte(), syscall(SYS_readv, 0, &vector, 1)))                                      \
    TRY(write_other_fd, syscall(SYS_write, 1, byte, 1))                                                                \
    TRY(write_inherited_fd, syscall(SYS_write, inherited_fd, byte, 1))                                                 \
    TRY(writev_other_fd, (vector = one_byte(), syscall(SYS_writev, 1, &vector, 1)))                                    \
    TRY(pread, syscall(SYS_pread64, socket_fd, byte, 1, 0))                                                            \
    TRY(dup, syscall(SYS_dup, socket_fd))                                                                              \
    TRY(close, syscall(SYS_close, socket_fd))                                                                          \
    TRY(fcntl, syscall(SYS_fcntl, socket_fd, F_GETFD))                                                                 \
    TRY(ioctl, syscall(SYS_ioctl, socket_fd, 0x541B, byte))                                                            \
    TRY(poll, syscall(SYS_ppoll, NULL, 0, &no_time, NULL, 0))                                                          \
    TRY(epoll, syscall(SYS_epoll_create1, 0))                                                                          \
    TRY(pipe, syscall(SYS_pipe2, byte, 0))                                                                             \
    TRY(splice, syscall(SYS_splice, socket_fd, NULL, socket_fd, NULL, 1, 0))                                           \
    TRY(sendfile, syscall(SYS_sendfile, socket_fd, socket_fd, NULL, 1))                                                \
    TRY(eventfd, syscall(SYS_eventfd2, 0, 0))                                                                          \
    TRY(timerfd, syscall(SYS_timerfd_create, CLOCK_MONOTONIC, 0))                                                      \
    TRY(signalfd, syscall(SYS_signalfd4, -1, byte, 8, 0))                                                              \
    TRY(pidfd_getfd, syscall(SYS_pidfd_getfd, socket_fd, 0, 0))                                                        \
    /* network */                                                                                                      \
    TRY(socket, syscall(SYS_socket, AF_INET, SOCK_STREAM, 0))                                                          \
    TRY(socketpair, syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, byte))                                            \
    TRY(connect, syscall(SYS_connect, socket_fd, &other, sizeof other))                                                \
    TRY(bind, syscall(SYS_bind, socket_fd, &other, sizeof other))                                                      \
    TRY(listen, syscall(SYS_listen, socket_fd, 1))                                                                     \
    TRY(sendto_other_fd, syscall(SYS_sendto, 1, byte, 1, 0, NULL, 0))                                                  \
    TRY(sendto_address, syscall(SYS_sendto, socket_fd, byte, 1, 0, &other, sizeof other))                              \
    TRY(recvfrom_other_fd, syscall(SYS_recvfrom, 0, byte, 1, MSG_DONTWAIT, NULL, NULL))                                \
    TRY(sendmsg, (vector = one_byte(), header = message(&vector), syscall(SYS_sendmsg, socket_fd, &header, 0)))        \
    TRY(recvmsg, (vector = one_byte(), header = message(&vector),                                                      \
                  syscall(SYS_recvmsg, socket_fd, &header, MSG_DONTWAIT)))                                             \
    TRY(setsockopt, syscall(SYS_setsockopt, socket_fd, SOL_SOCKET, SO_KEEPALIVE, byte, 4))                             \
    TRY(getsockopt, syscall(SYS_getsockopt, socket_fd, SOL_SOCKET, SO_PEERCRED, byte, byte + 64))                      \
    TRY(accept, syscall(SYS_accept4, socket_fd, NULL, NULL, 0))                                                        \
    TRY(shutdown, syscall(SYS_shutdown, socket_fd, SHUT_RDWR))                                                         \
    TRY(pass_descriptor, pass_descriptor())                                                                            \
    TRY(sendmmsg, syscall(SYS_sendmmsg, socket_fd, byte, 0, 0))                                                        \
    TRY(recvmmsg, syscall(SYS_recvmmsg, socket_fd, byte, 0, MSG_DONTWAIT, NULL))                                       \
    /* processes */                                                                                                    \
    TRY(fork, syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0))                                                        \
    TRY(vfork, syscall(SYS_clone, CLONE_VM | CLONE_VFORK | SIGCHLD, byte + sizeof byte, NULL, NULL, 0))                \
    TRY(clone_namespace, syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, 0))                             \
    TRY(clone_thread, syscall(SYS_clone, CLONE_VM | CLONE_SIGHAND | CLONE_THREAD, byte + sizeof byte, NULL, NULL, 0))  \
    TRY(clone3, syscall(SYS_clone3, byte, 64))                                                                         \
    TRY(execve, syscall(SYS_execve, "/bin/true", arguments, arguments + 1))                                            \
    TRY(execveat, syscall(SYS_execveat, AT_FDCWD, "/bin/true", arguments, arguments + 1, 0))                           \
    TRY(wait, syscall(SYS_wait4, -1, NULL, WNOHANG_, NULL))                                                            \
    TRY(ptrace, syscall(SYS_ptrace, PTRACE_ATTACH, host, NULL, NULL))                                                  \
    TRY(ptrace_traceme, syscall(SYS_ptrace, PTRACE_TRACEME, 0, NULL, NULL))                                            \
    TRY(ptrace_seize, syscall(SYS_ptrace, 0x4206 /* PTRACE_SEIZE */, host, NULL, NULL))                                \
    TRY(kcmp, syscall(SYS_kcmp, self, host, 0, 0, 0))                                                                  \
    TRY(process_vm_readv, (vector = one_byte(), syscall(SYS_process_vm_readv, host, &vector, 1, &vector, 1, 0)))       \
    TRY(process_vm_writev, (vector = one_byte(), syscall(SYS_process_vm_writev, host, &vector, 1, &vector, 1, 0)))     \
    TRY(pidfd_open, syscall(SYS_pidfd_open, host, 0))                                                                  \
    TRY(unshare, syscall(SYS_unshare, CLONE_NEWUSER))                                                                  \
    TRY(setns, syscall(SYS_setns, socket_fd, 0))                                                                       \
    TRY(setsid, syscall(SYS_setsid))                                                                                   \
    TRY(getppid, syscall(SYS_getppid))                                                                                 \
    TRY(setpriority, syscall(SYS_setpriority, PRIO_PROCESS, 0, 0))                                                     \
    TRY(setpriority_host, syscall(SYS_setpriority, PRIO_PROCESS, host, 19))                                            \
    TRY(sched_setscheduler, syscall(SYS_sched_setscheduler, 0, SCHED_BATCH, &(struct sched_param){0}))                 \
    TRY(sched_setaffinity, syscall(SYS_sched_setaffinity, host, sizeof byte, byte))                                    \
    TRY(sched_yield, syscall(SYS_sched_yield))                                                                         \
    /* signals */                                                                                                      \
    TRY(kill_host, syscall(SYS_kill, host, 0))                                                                         \
    TRY(kill_self, syscall(SYS_kill, self, 0))                                                                         \
    TRY(kill_group, syscall(SYS_kill, 0, 0))                                                                           \
    TRY(kill_everybody, syscall(SYS_kill, -1, 0))                                                                      \
    TRY(pidfd_send_signal, syscall(SYS_pidfd_send_signal, socket_fd, 0, NULL, 0))                                      \
    TRY(tgkill_host, syscall(SYS_tgkill, host, host, SIGABRT))                                                         \
    TRY(tgkill_other_signal, syscall(SYS_tgkill, self, self, SIGUSR2))                                                 \
    TRY(tkill, syscall(SYS_tkill, self, SIGUSR2))                                                                      \
    TRY(sigqueue, syscall(SYS_rt_sigqueueinfo, host, 0, byte))                                                         \
    TRY(sigaction, syscall(SYS_rt_sigaction, SIGUSR2, NULL, byte, 8))                                                  \
    TRY(sigaltstack, syscall(SYS_sigaltstack, NULL, byte))                                                             \
    TRY(sigsuspend, syscall(SYS_rt_sigtimedwait, byte, NULL, &no_time, 8))                                             \
    TRY(timer, syscall(SYS_timer_create, CLOCK_MONOTONIC, NULL, byte))                                                 \
    TRY(itimer, syscall(SYS_setitimer, ITIMER_REAL, byte, NULL))                                                       \
    TRY(nanosleep, syscall(SYS_nanosleep, &no_time, NULL))                                                             \
    TRY(futex_wait, syscall(SYS_futex, byte, FUTEX_WAIT_PRIVATE, 1, &no_time, NULL, 0))                                \
    /* memory */                                                                                                       \
    TRY(mmap_exec, map(PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1))                                        \
    TRY(mmap_write_exec, map(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1))                     \
    TRY(mmap_shared, map(PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1))                                      \
    TRY(mmap_file, map(PROT_READ, MAP_PRIVATE, socket_fd))                                                             \
    TRY(mmap_fixed, map(PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1))                                       \
    TRY(mmap_upper_half, syscall(SYS_mmap, NULL, 4096, PROT_READ | 1L << 32, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))      \
    TRY(mremap_fixed, syscall(SYS_mremap, page, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, page + 8192))               \
    TRY(mprotect, syscall(SYS_mprotect, page, 4096, PROT_READ))                                                        \
    TRY(mprotect_exec, syscall(SYS_mprotect, page, 4096, PROT_READ | PROT_EXEC))                                       \
    TRY(pkey_mprotect, syscall(SYS_pkey_mprotect, page, 4096, PROT_READ | PROT_EXEC, -1))                              \
    TRY(madvise_other, syscall(SYS_madvise, page, 4096, MADV_DOFORK))                                                  \
    TRY(mlock, syscall(SYS_mlock, page, 4096))                                                                         \
    TRY(shmget, syscall(SYS_shmget, IPC_PRIVATE_, 4096, 0600))                                                         \
    TRY(userfaultfd, syscall(SYS_userfaultfd, 1))                                                                      \
    TRY(remap_file_pages, syscall(SYS_remap_file_pages, page, 4096, 0, 0, 0))                                          \
    TRY(memfd_secret, syscall(RB_MEMFD_SECRET, 0))                                                                     \
    TRY(mlockall, syscall(SYS_mlockall, 1))                                                                            \
    TRY(mincore, syscall(SYS_mincore, page, 4096, byte))                                                               \
    TRY(process_madvise, syscall(RB_PROCESS_MADVISE, socket_fd, byte, 0, 4, 0))                                        \
    TRY(mmap_grows_down, map(PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1))                              \
    /* the confinement itself */                                                                                       \
    TRY(setrlimit, syscall(SYS_setrlimit, RLIMIT_AS, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY}))                  \
    TRY(prlimit, syscall(SYS_prlimit64, 0, RLIMIT_CPU, NULL, byte))                                                    \
    TRY(prlimit_host, syscall(SYS_prlimit64, host, RLIMIT_NOFILE, NULL, byte))                                         \
    TRY(prctl_dumpable, syscall(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0))                                               \
    TRY(prctl_pdeathsig, syscall(SYS_prctl, PR_SET_PDEATHSIG, 0, 0, 0, 0))                                             \
    TRY(prctl_name, syscall(SYS_prctl, PR_SET_NAME, "x", 0, 0, 0))                                                     \
    TRY(seccomp, syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, byte))                                              \
    TRY(personality, syscall(SYS_personality, 0xffffffff))                                                             \
    TRY(setuid, syscall(SYS_setuid, 0))                                                                                \
    TRY(capset, syscall(SYS_capset, byte, byte + 64))                                                                  \
    /* the kernel's wide doors */                                                                                      \
    TRY(io_uring_setup, syscall(SYS_io_uring_setup, 1, byte))                                                          \
    TRY(io_uring_enter, syscall(SYS_io_uring_enter, socket_fd, 0, 0, 0, NULL, 0))                                      \
    TRY(bpf, syscall(SYS_bpf, 0, byte, 64))                                                                            \
    TRY(perf_event_open, syscall(SYS_perf_event_open, byte, 0, -1, -1, 0))                                             \
    TRY(add_key, syscall(SYS_add_key, "user", "x", "x", 1, -2))                                                        \
    TRY(keyctl, syscall(SYS_keyctl, 0, -2, 0))                                                                         \
    TRY(request_key, syscall(SYS_request_key, "user", "x", NULL, 0))                                                   \
    TRY(init_module, syscall(SYS_init_module, byte, 1, ""))                                                            \
    TRY(getrandom, syscall(SYS_getrandom, byte, 1, 0))                                                                 \
    TRY(clock_settime, syscall(SYS_clock_settime, CLOCK_REALTIME, &no_time))                                           \
    TRY(clock_of_device, syscall(SYS_clock_gettime, -29 /* that of descriptor 3 */, &no_time))                         \
    TRY(uname, syscall(SYS_uname, byte))                                                                               \
    TRY(sysinfo, syscall(SYS_sysinfo, byte))                                                                           \
    TRY(getrusage, syscall(SYS_getrusage, 0, byte))                                                                    \
    TRY(getcpu, syscall(SYS_getcpu, byte, NULL, NULL))                                                                 \
    TRY(membarrier, syscall(SYS_membarrier, 0, 0, 0))                                                                  \
    TRY(reboot, syscall(SYS_reboot, 0, 0, 0, NULL))                                                                    \
    TRY(arch_prctl, syscall(RB_ARCH_PRCTL, 0x1003 /* ARCH_GET_FS */, byte))                                            \
    TRY(unknown_number, syscall(5000))                                                                                 \
    TRY(minus_one, syscall(-1))                                                                                        \
    TRY(x32_getpid, syscall(0x40000000 | SYS_getpid))                                                                  \
    TRY(x32_read, syscall(0x40000000 | SYS_read, socket_fd, byte, 0))

/* Numbers that older headers lack, and one that is x86_64's alone. */
#define RB_MEMFD_SECRET 447
#define RB_PROCESS_MADVISE 440
#ifdef SYS_arch_prctl
#define RB_ARCH_PRCTL SYS_arch_prctl
#else
#define RB_ARCH_PRCTL 5001
#endif
#define WNOHANG_ 1
#define IPC_PRIVATE_ 0

static long map(int protection, int flags, int descriptor) {
    return syscall(SYS_mmap, flags & MAP_FIXED ? byte : NULL, 4096, protection, flags, descriptor, 0);
}

/* Hands the socket itself to the host. */
static long pass_descriptor(void) {
    int descriptor = socket_fd;
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof descriptor)];
    } control = {.header = {.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof descriptor)}};
    memcpy(CMSG_DATA(&control.header), &descriptor, sizeof descriptor);
    struct iovec vector = one_byte();
    struct msghdr header = message(&vector);
    header.msg_control = &control;
    header.msg_controllen = sizeof control.room;
    return syscall(SYS_sendmsg, socket_fd, &header, 0);
}

static int finish(long result) { return result < 0 ? 1 : 0; }

static bool try_forbidden(const char *what, int *status) {
    static char *const arguments[] = {"true", NULL};
    struct timespec no_time = {0, 0};
    struct sockaddr_un other = address();
    struct iovec vector;
    struct msghdr header;
    char *page = malloc(16384); /* on no page's edge: those that take it for one shall fail by the filter before */
#define TRY(name, expression)                                                                                          \
    if (strcmp(what, #name) == 0) {                                                                                    \
        *status = finish((long)(expression));                                                                          \
        return true;                                                                                                   \
    }
    FORBIDDEN(TRY)
#undef TRY
    (void)vector;
    (void)header;
    free(page);
    return false;
}

/* What a script needs must go on working: status 0 is right for these. */
static int compute(void) {
    size_t counts[] = {24, 100, 1000, 5000, 200000, 3 * RB_MEBIBYTE};
    for (size_t round = 0; round < 50; round++) {
        void *blocks[6];
        for (size_t index = 0; index < 6; index++) {
            blocks[index] = calloc(1, counts[index]);
            if (blocks[index] == NULL) return 1;
        }
        for (size_t index = 0; index < 6; index++) {
            void *larger = realloc(blocks[index], counts[index] * 2);
            if (larger == NULL) return 1;
            blocks[index] = larger;
        }
        for (size_t index = 0; index < 6; index++) free(blocks[index]);
    }
    struct timespec now;
    struct timeval time_of_day;
    char text[64];
    clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID};
    for (size_t index = 0; index < 4; index++) {
        if (syscall(SYS_clock_gettime, clocks[index], &now) != 0) return 1;
    }
    if (gettimeofday(&time_of_day, NULL) != 0 || time(NULL) < 0 || clock() < 0) return 1;
    time_t instant = 86400;
    struct tm local, universal;
    if (localtime_r(&instant, &local) == NULL || gmtime_r(&instant, &universal) == NULL) return 1;
    if (strftime(text, sizeof text, "%c %Z", &local) == 0 || mktime(&universal) != instant) return 1;
    if (snprintf(text, sizeof text, "%.14g", 0.1) != 3 || strtod("1e3", NULL) != 1000) return 1;
    return 0;
}

/* Every kind of read and write on the socket; the host sends back what it gets. */
static int talk(void) {
    struct iovec vector = one_byte();
    for (int round = 0; round < 3; round++) {
        byte[0] = (char)('a' + round);
        ssize_t sent = round == 0 ? write(socket_fd, byte, 1)
            : round == 1         ? send(socket_fd, byte, 1, MSG_NOSIGNAL)
                                 : writev(socket_fd, &vector, 1);
        if (sent != 1) return 1;
        byte[0] = 0;
        ssize_t received = round == 0 ? read(socket_fd, byte, 1)
            : round == 1              ? recv(socket_fd, byte, 1, 0)
                                      : readv(socket_fd, &vector, 1);
        if (received != 1 || byte[0] != 'a' + round) return 1;
    }
    return 0;
}

/* Takes all memory there is: in large blocks that are mapped, and in small ones that come from the heap. */
static int exhaust_memory(void) {
    size_t taken = 0;
    void *volatile block; /* or the compiler, which knows malloc, leaves it out */
    while ((block = malloc(8 * RB_MEBIBYTE)) != NULL && taken < 2 * RB_ADDRESS_SPACE) taken += 8 * RB_MEBIBYTE;
    while ((block = malloc(1000)) != NULL && taken < 2 * RB_ADDRESS_SPACE) taken += 1000;
    /* Still able to say so, which is what matters to the host. */
    return taken < RB_ADDRESS_SPACE && write(socket_fd, "full", 4) == 4 ? 0 : 1;
}

/* A pointer written over: the C library finds out, says so on standard error and aborts. */
static int corrupt_heap(void) {
    char *volatile block = malloc(5000);
    free(block);
    free(block);
    return 0;
}

/* A 32-bit call from 64-bit code: numbers of another architecture. */
static int call_as_32_bit(void) {
#if defined(__x86_64__)
    long result = 20; /* getpid */
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
    return finish(result);
#else
    raise(SIGSYS);
    return 1;
#endif
}

static int burn(void) {
    for (volatile unsigned long round = 0;; round++) {}
}

static void on_signal(int number) {
    (void)number;
    signalled = 1;
}

/* Tells the host that it is there and runs until the host's signal stops it. */
static int await_signal(void) {
    if (write(socket_fd, "?", 1) != 1) return 1;
    while (!signalled) {}
    return 0;
}

/* Holds still for the host to look at from outside, until the host hangs up. */
static int report(const rb_confinement *confinement) {
    char text[1024];
    size_t length = rb_confinement_json(confinement, text, sizeof text);
    if (length >= sizeof text || write(socket_fd, text, length) != (ssize_t)length) return 1;
    return read(socket_fd, text, 1) == 0 ? 0 : 1;
}

/* Waits for the host's word that the first thread is confined, which needs no call that is forbidden by then. */
static void *try_beside(void *what) {
    int status = 3;
    char word;
    if (read(socket_fd, &word, 1) == 1) try_forbidden(what, &status);
    _exit(status);
}

int main(int count, char **arguments) {
    static const char beside[] = "thread:";
    if (count != 3) return 3;
    char *what = arguments[2];
    bool is_beside = strncmp(what, beside, sizeof beside - 1) == 0;
    pthread_t thread;
    if (is_beside && pthread_create(&thread, NULL, try_beside, what + sizeof beside - 1) != 0) return 3;
    if (strcmp(what, "list") == 0) {
#define TRY(name, expression) dprintf(socket_fd, "%s\n", #name);
        FORBIDDEN(TRY)
#undef TRY
        return 0;
    }
    host = (pid_t)atoi(arguments[1]);
    self = getpid();
    struct sigaction interrupt = {.sa_handler = on_signal};
    sigaction(SIGUSR1, &interrupt, NULL);
    rb_confinement confinement;
    const char *error = rb_confine(socket_fd, host, RB_ADDRESS_SPACE, RB_CPU_SECONDS, &confinement);
    if (error != NULL) {
        /* Confined in part: the socket is still there, and says why. */
        return write(socket_fd, error, strlen(error)) > 0 ? 2 : 4;
    }
    int status = 3;
    if (is_beside) {
        if (write(socket_fd, "?", 1) != 1) return 4;
        syscall(SYS_exit, 0); /* this thread alone */
    }
    if (try_forbidden(what, &status)) return status;
    if (strcmp(what, "report") == 0) return report(&confinement);
    if (strcmp(what, "compute") == 0) return compute();
    if (strcmp(what, "talk") == 0) return talk();
    if (strcmp(what, "exhaust_memory") == 0) return exhaust_memory();
    if (strcmp(what, "corrupt_heap") == 0) return corrupt_heap();
    if (strcmp(what, "await_signal") == 0) return await_signal();
    if (strcmp(what, "call_as_32_bit") == 0) return call_as_32_bit();
    if (strcmp(what, "burn") == 0) return burn();
    if (strcmp(what, "abort") == 0) abort();
    if (strcmp(what, "segfault") == 0) *(volatile char *)(uintptr_t)status = 0;
    if (strcmp(what, "write_stderr") == 0) return finish(write(STDERR_FILENO, "x", 1));
    if (strcmp(what, "hung_up") == 0) {
        /* The host is gone from the other end: an errno, not SIGPIPE. */
        while (read(socket_fd, byte, 1) > 0) {}
        return write(socket_fd, "x", 1) < 0 && errno == EPIPE ? 1 : 0;
    }
    return status;
}
