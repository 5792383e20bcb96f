#define _GNU_SOURCE
#include "include/rb_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "include/rb_frame.h"

int rb_process_spawn(const char *path, char *const arguments[], int *socket, pid_t *process, int *ended) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return errno;
    if (pair[1] == RB_WORKER_SOCKET) { /* dup2 onto itself would keep close-on-exec */
        int moved = fcntl(pair[1], F_DUPFD_CLOEXEC, RB_WORKER_SOCKET + 1);
        int error = errno;
        close(pair[1]);
        if (moved < 0) {
            close(pair[0]);
            return error;
        }
        pair[1] = moved;
    }
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, pair[1], RB_WORKER_SOCKET);
    posix_spawn_file_actions_addclosefrom_np(&actions, RB_WORKER_SOCKET + 1);
    /* A host may ignore or block signals; the worker starts with none of that. */
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    char *const environment[] = {NULL};
    int error = posix_spawn(process, path, &actions, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(pair[1]);
    if (error != 0) {
        close(pair[0]);
        return error;
    }
    *ended = (int)syscall(SYS_pidfd_open, *process, 0);
    if (*ended < 0 || fcntl(pair[0], F_SETFL, O_NONBLOCK) != 0) {
        error = errno;
        kill(*process, SIGKILL);
        waitpid(*process, NULL, 0);
        close(pair[0]);
        if (*ended >= 0) close(*ended);
        return error;
    }
    int size = 1024 * 1024; /* a page of 500 users in one write */
    setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    *socket = pair[0];
    return 0;
}

static rb_process_state look(int ended, int *detail, int what) {
    siginfo_t about = {0};
    *detail = 0;
    if (waitid(P_PIDFD, (id_t)ended, &about, what | WNOHANG) != 0) return errno == ECHILD ? RB_PROCESS_LOST : RB_PROCESS_RUNS;
    if (about.si_pid == 0) return RB_PROCESS_RUNS;
    *detail = about.si_status;
    switch (about.si_code) {
    case CLD_EXITED: return RB_PROCESS_EXITED;
    case CLD_STOPPED:
    case CLD_TRAPPED: return RB_PROCESS_STOPPED;
    default: return RB_PROCESS_KILLED;
    }
}

rb_process_state rb_process_look(int ended, int *detail) { return look(ended, detail, WEXITED | WSTOPPED | WNOWAIT); }

rb_process_state rb_process_reap(int ended, int *detail) { return look(ended, detail, WEXITED); }

void rb_process_signal(int ended, int number) { syscall(SYS_pidfd_send_signal, ended, number, NULL, 0); }

void rb_process_signal_with_value(int ended, int number, int value) {
    siginfo_t about = {.si_signo = number, .si_code = SI_QUEUE};
    about.si_pid = getpid();
    about.si_uid = getuid();
    about.si_value.sival_int = value;
    syscall(SYS_pidfd_send_signal, ended, number, &about, 0);
}

int rb_process_keep_memory_private(void) {
    struct rlimit core;
    if (getrlimit(RLIMIT_CORE, &core) != 0) return errno;
    core.rlim_cur = 0;
    if (setrlimit(RLIMIT_CORE, &core) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return errno;
    if (getenv("SWIFT_BACKTRACE") != NULL) return 0;
    /* The Swift runtime has set its handlers before `main`. */
    static const int crashes[] = {SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP};
    for (size_t index = 0; index < sizeof crashes / sizeof *crashes; index++) {
        struct sigaction action;
        if (sigaction(crashes[index], NULL, &action) != 0) return errno;
        if (action.sa_handler != SIG_IGN && action.sa_handler != SIG_DFL) signal(crashes[index], SIG_DFL);
    }
    return 0;
}

int64_t rb_unix_milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t rb_monotonic_microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}
