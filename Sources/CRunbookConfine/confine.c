/* See confine.h for the threat model and the contract. */
#define _GNU_SOURCE
#include "confine.h"
#include "filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static char failure[256];

/* The line that says what could not be had: `RLIMIT_AS: Invalid argument`. */
static const char *cannot(const char *measure, int error) {
    snprintf(failure, sizeof failure, "%s: %s", measure, strerror(error));
    return failure;
}

/* The same where the kernel said yes and then shows something else. */
static const char *does_not_hold(const char *measure) {
    snprintf(failure, sizeof failure, "%s: the kernel accepted it, but it does not hold", measure);
    return failure;
}

static const char *check_socket(int descriptor) {
    int domain = 0;
    socklen_t size = sizeof domain;
    if (descriptor <= STDERR_FILENO) return cannot("the socket to the host must not be a standard stream", EINVAL);
    if (getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &size) != 0) {
        return cannot("the socket to the host", errno);
    }
    if (domain != AF_UNIX) return cannot("the socket to the host must be of AF_UNIX", EINVAL);
    return NULL;
}

static const char *leave_surroundings(rb_confinement *report) {
    /* A host that spawned with POSIX_SPAWN_SETSID has done this already. */
    if (getsid(0) != getpid() && setsid() < 0) return cannot("a session of its own (setsid)", errno);
    report->own_session = getsid(0) == getpid();
    if (!report->own_session) return does_not_hold("a session of its own (setsid)");

    char directory[8] = "";
    if (chdir("/") != 0) return cannot("chdir(\"/\")", errno);
    report->root_directory = getcwd(directory, sizeof directory) != NULL && strcmp(directory, "/") == 0;
    if (!report->root_directory) return does_not_hold("chdir(\"/\")");

    umask(077);
    report->private_umask = umask(077) == 077;
    if (!report->private_umask) return does_not_hold("umask(077)");

    /* With this flag, which old binaries inherit, every readable mapping is executable, and no filter sees it. */
    int current = personality(0xffffffff);
    if (current < 0) return cannot("personality", errno);
    if ((current & READ_IMPLIES_EXEC) != 0) personality((unsigned long)current & ~(unsigned long)READ_IMPLIES_EXEC);
    current = personality(0xffffffff);
    report->no_exec_by_read = current >= 0 && (current & READ_IMPLIES_EXEC) == 0;
    if (!report->no_exec_by_read) return does_not_hold("personality without READ_IMPLIES_EXEC");
    return NULL;
}

/* A hundred scripts that compute must not keep the host from its own work. */
static const char *yield_to_host(rb_confinement *report) {
    enum { steps = 5, nicest = 19 };
    errno = 0;
    int current = getpriority(PRIO_PROCESS, 0);
    if (current == -1 && errno != 0) return cannot("getpriority", errno);
    int wanted = current + steps > nicest ? nicest : current + steps;
    if (setpriority(PRIO_PROCESS, 0, wanted) != 0) return cannot("setpriority", errno);
    report->low_priority = getpriority(PRIO_PROCESS, 0) == wanted;
    if (!report->low_priority) return does_not_hold("setpriority");
    /* Where the kernel shares out time by sessions, and this is one of its own, the session has the say. It is no measure:
       most kernels of servers do not. */
    int group = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);
    if (group >= 0) {
        dprintf(group, "%d", wanted);
        close(group);
    }
    return NULL;
}

/* Handlers installed by the program stay. What a careless parent ignored or blocked would make the worker deaf to
   SIGXCPU or to the signal that interrupts a script; and a handler that a language's runtime installed for crashes
   (Swift's, which the package manager links in, starts a debugger) would turn every crash into a forbidden call. */
static const char *reset_signals(rb_confinement *report) {
    static const int crashes[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGSYS, SIGTRAP, SIGXCPU};
    struct sigaction ignore = {.sa_handler = SIG_IGN}, standard = {.sa_handler = SIG_DFL}, current;
    for (int number = 1; number <= SIGRTMAX; number++) {
        if (sigaction(number, NULL, &current) != 0) continue;
        if ((current.sa_flags & SA_SIGINFO) == 0 && current.sa_handler == SIG_IGN) sigaction(number, &standard, NULL);
    }
    for (size_t index = 0; index < sizeof crashes / sizeof *crashes; index++) {
        if (sigaction(crashes[index], &standard, NULL) != 0) return cannot("the signals of crashes", errno);
    }
    if (sigaction(SIGPIPE, &ignore, NULL) != 0) return cannot("ignoring SIGPIPE", errno);
    sigset_t blocked;
    sigemptyset(&blocked);
    if (sigprocmask(SIG_SETMASK, &blocked, NULL) != 0) return cannot("unblocking signals", errno);

    bool holds = sigaction(SIGPIPE, NULL, &current) == 0 && current.sa_handler == SIG_IGN
        && sigprocmask(SIG_SETMASK, NULL, &blocked) == 0 && sigisemptyset(&blocked) == 1;
    for (size_t index = 0; index < sizeof crashes / sizeof *crashes; index++) {
        holds = holds && sigaction(crashes[index], NULL, &current) == 0 && current.sa_handler == SIG_DFL;
    }
    report->signals = holds;
    return holds ? NULL : does_not_hold("the signals' dispositions");
}

/* The strings lie in the process's memory as long as it lives, so taking them off the list is not enough.
   The one variable it gets instead is its own: with TZ set, and set to what it was when it was last looked at, mktime
   and strftime open no file for the time zone, which the filter would not let them. */
static const char *wipe_environment(rb_confinement *report) {
    static char zone[] = "TZ=UTC0";
    static char *own[] = {zone, NULL};
    bool wiped = true;
    for (char **variable = environ; variable != NULL && *variable != NULL; variable++) {
        size_t length = strlen(*variable);
        explicit_bzero(*variable, length);
        for (size_t index = 0; index < length; index++) wiped = wiped && ((volatile char *)*variable)[index] == 0;
        *variable = NULL;
    }
    environ = own;
    tzset();
    report->wiped_environment = wiped && environ[0] == zone && environ[1] == NULL;
    return report->wiped_environment ? NULL : does_not_hold("the wiped environment");
}

static const char *close_descriptors(int socket_fd, rb_confinement *report) {
    enum { looked_at = 1024 };
    unsigned keep = (unsigned)socket_fd;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return cannot("RLIMIT_NOFILE", errno);
    bool closed = syscall(SYS_close_range, 0, keep - 1, 0) == 0 && syscall(SYS_close_range, keep + 1, ~0U, 0) == 0;
    if (!closed && errno != ENOSYS) return cannot("close_range", errno);
    if (!closed) {
        /* A kernel before 5.9. A limit without end would take minutes; systems of that age had 1,048,576 at most. */
        rlim_t end = limit.rlim_max < (1U << 20) ? limit.rlim_max : (1U << 20);
        for (rlim_t descriptor = 0; descriptor < end; descriptor++) {
            if (descriptor != (rlim_t)socket_fd) close((int)descriptor);
        }
    }
    /* poll tells of each one whether it is open, all in one system call. */
    struct pollfd descriptors[looked_at];
    nfds_t count = limit.rlim_cur < looked_at ? (nfds_t)limit.rlim_cur : looked_at;
    for (nfds_t index = 0; index < count; index++) descriptors[index] = (struct pollfd){.fd = (int)index};
    if (poll(descriptors, count, 0) < 0) return cannot("poll for open descriptors", errno);
    bool holds = true;
    for (nfds_t index = 0; index < count; index++) {
        bool open = (descriptors[index].revents & POLLNVAL) == 0;
        holds = holds && open == (index == (nfds_t)socket_fd);
    }
    report->closed_descriptors = holds;
    return holds ? NULL : does_not_hold("nothing open but the socket");
}

/* Sets a limit for good, or a lower one if the process may not have as much, and reads it back. */
static const char *limit(__rlimit_resource_t resource, const char *name, rlim_t soft, rlim_t hard, bool *holds) {
    struct rlimit current;
    if (getrlimit(resource, &current) != 0) return cannot(name, errno);
    if (hard > current.rlim_max) hard = current.rlim_max;
    if (soft > hard) soft = hard;
    struct rlimit wanted = {.rlim_cur = soft, .rlim_max = hard};
    if (setrlimit(resource, &wanted) != 0) return cannot(name, errno);
    *holds = getrlimit(resource, &current) == 0 && current.rlim_cur == soft && current.rlim_max == hard;
    return *holds ? NULL : does_not_hold(name);
}

static const char *set_limits(uint64_t address_space, uint32_t cpu_seconds, rb_confinement *report) {
    const char *error;
    rlim_t seconds = cpu_seconds > 0 ? cpu_seconds : 1;
    if ((error = limit(RLIMIT_NOFILE, "RLIMIT_NOFILE", 0, 0, &report->no_descriptors)) != NULL) return error;
    if ((error = limit(RLIMIT_FSIZE, "RLIMIT_FSIZE", 0, 0, &report->no_file_growth)) != NULL) return error;
    if ((error = limit(RLIMIT_NPROC, "RLIMIT_NPROC", 0, 0, &report->no_processes)) != NULL) return error;
    if ((error = limit(RLIMIT_CORE, "RLIMIT_CORE", 0, 0, &report->no_core)) != NULL) return error;
    if ((error = limit(RLIMIT_AS, "RLIMIT_AS", address_space, address_space, &report->address_space)) != NULL) {
        return error;
    }
    /* SIGXCPU at the soft limit lets the host tell this end from others. */
    return limit(RLIMIT_CPU, "RLIMIT_CPU", seconds, seconds + 1, &report->cpu_time);
}

static const char *drop_capabilities(rb_confinement *report) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3], left[_LINUX_CAPABILITY_U32S_3];
    memset(none, 0, sizeof none);
    memset(left, 0xff, sizeof left);
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) return cannot("PR_CAP_AMBIENT", errno);
    if (syscall(SYS_capset, &header, none) != 0) return cannot("capset", errno);
    report->no_capabilities = syscall(SYS_capget, &header, left) == 0 && memcmp(none, left, sizeof none) == 0;
    return report->no_capabilities ? NULL : does_not_hold("capset");
}

static const char *bind_to_host(int host_pid, rb_confinement *report) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return cannot("PR_SET_NO_NEW_PRIVS", errno);
    report->no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
    if (!report->no_new_privs) return does_not_hold("PR_SET_NO_NEW_PRIVS");

    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return cannot("PR_SET_DUMPABLE", errno);
    report->not_dumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
    if (!report->not_dumpable) return does_not_hold("PR_SET_DUMPABLE");

    /* After the capabilities: a change of credentials takes the signal back. */
    int signal_number = 0;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return cannot("PR_SET_PDEATHSIG", errno);
    /* A host that died before the line above sends nothing, but then it is the parent no more. */
    if (getppid() != host_pid) return cannot("PR_SET_PDEATHSIG: the parent is not the host any more", ESRCH);
    report->dies_with_host = prctl(PR_GET_PDEATHSIG, &signal_number, 0, 0, 0) == 0 && signal_number == SIGKILL;
    return report->dies_with_host ? NULL : does_not_hold("PR_SET_PDEATHSIG");
}

/* malloc asks for random bytes and for the number of processors when it is first used and when it makes a second
   arena; the filter lets neither through, so the first happens now and the second never. */
static void settle_malloc(void) {
    mallopt(M_ARENA_MAX, 1);
    /* Set by hand they stay: left alone glibc raises both when a large block is freed, up to 64 MB, and then keeps as much
       of what is freed, which is the process's memory but nobody's count. */
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
    mallopt(M_TRIM_THRESHOLD, 128 * 1024);
    void *volatile block = malloc(64);
    free(block);
}

const char *rb_confine(
    int socket_fd, int host_pid, uint64_t address_space_bytes, uint32_t cpu_seconds, rb_confinement *report) {
    const char *error;
    memset(report, 0, sizeof *report);
    settle_malloc();
    if ((error = check_socket(socket_fd)) != NULL) return error;
    if ((error = leave_surroundings(report)) != NULL) return error;
    if ((error = yield_to_host(report)) != NULL) return error;
    if ((error = reset_signals(report)) != NULL) return error;
    if ((error = wipe_environment(report)) != NULL) return error;
    if ((error = close_descriptors(socket_fd, report)) != NULL) return error;
    if ((error = set_limits(address_space_bytes, cpu_seconds, report)) != NULL) return error;
    if ((error = drop_capabilities(report)) != NULL) return error;
    if ((error = bind_to_host(host_pid, report)) != NULL) return error;
    int code = rb_filter_install(socket_fd);
    if (code != 0) return cannot("the seccomp filter", code);
    /* The one thing of prctl that the filter lets through. */
    report->seccomp = prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == SECCOMP_MODE_FILTER;
    return report->seccomp ? NULL : does_not_hold("the seccomp filter");
}

size_t rb_confinement_json(const rb_confinement *report, char *out, size_t capacity) {
    const struct {
        const char *name;
        bool holds;
    } measures[] = {
#define RB_CONFINEMENT_ENTRY(name) {#name, report->name},
        RB_CONFINEMENT_MEASURES(RB_CONFINEMENT_ENTRY)
#undef RB_CONFINEMENT_ENTRY
    };
    size_t length = 0;
    for (size_t index = 0; index < sizeof measures / sizeof *measures; index++) {
        int written = snprintf(
            length < capacity ? out + length : NULL, length < capacity ? capacity - length : 0, "%s\"%s\":%s",
            index == 0 ? "{" : ",", measures[index].name, measures[index].holds ? "true" : "false");
        length += written > 0 ? (size_t)written : 0;
    }
    length += (size_t)snprintf(length < capacity ? out + length : NULL, length < capacity ? capacity - length : 0, "}");
    return length;
}
