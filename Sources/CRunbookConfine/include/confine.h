/*
 * The sandbox of the worker process: the kernel's side of what a script cannot do.
 *
 * Threat model. The script is hostile and has found a way to run machine code in the worker: Lua has had such bugs.
 * What is left to it then is to compute, to use up its own memory and CPU seconds, and to talk to the host over the one
 * socket that it talks to the host over anyway. It can reach no file, no network, no other process, no terminal, no
 * secret of the environment, and it does not outlive its host.
 */
#ifndef RB_CONFINE_H
#define RB_CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The measures, in the order in which they are taken. Each becomes a member of `rb_confinement` and of its JSON. */
#define RB_CONFINEMENT_MEASURES(MEASURE)                                                                               \
    MEASURE(own_session)        /* a session of its own, so no controlling terminal and no terminal's signals */       \
    MEASURE(root_directory)     /* works in "/", keeps no other directory busy */                                      \
    MEASURE(private_umask)      /* 077 */                                                                              \
    MEASURE(no_exec_by_read)    /* readable memory is not executable: READ_IMPLIES_EXEC is off */                      \
    MEASURE(low_priority)       /* five steps nicer than the host, so that the host is served first */                 \
    MEASURE(signals)            /* SIGPIPE ignored, no other one; none blocked; crashes have no handler */             \
    MEASURE(wiped_environment)  /* TZ=UTC0 alone, and the bytes of the former variables overwritten */                 \
    MEASURE(closed_descriptors) /* nothing open but the socket */                                                      \
    MEASURE(no_descriptors)     /* RLIMIT_NOFILE 0: none can be opened */                                              \
    MEASURE(no_file_growth)     /* RLIMIT_FSIZE 0 */                                                                   \
    MEASURE(no_processes)       /* RLIMIT_NPROC 0 */                                                                   \
    MEASURE(no_core)            /* RLIMIT_CORE 0: no memory image with a script's data is left on a disk */            \
    MEASURE(address_space)      /* RLIMIT_AS */                                                                        \
    MEASURE(cpu_time)           /* RLIMIT_CPU: SIGXCPU, and SIGKILL a second later */                                  \
    MEASURE(no_capabilities)    /* none permitted, effective, inheritable or ambient, also when started by root */     \
    MEASURE(no_new_privs)       /* PR_SET_NO_NEW_PRIVS */                                                              \
    MEASURE(not_dumpable)       /* PR_SET_DUMPABLE 0: processes of the same user cannot trace it or read its memory */ \
    MEASURE(dies_with_host)     /* PR_SET_PDEATHSIG SIGKILL, set while the host was still the parent */                \
    MEASURE(seccomp)            /* the allow-list of system calls; anything else kills the process with SIGSYS */

/* What holds: each member is read back from the kernel after the measure was taken, never assumed. */
typedef struct rb_confinement {
#define RB_CONFINEMENT_MEMBER(name) bool name;
    RB_CONFINEMENT_MEASURES(RB_CONFINEMENT_MEMBER)
#undef RB_CONFINEMENT_MEMBER
} rb_confinement;

/* Confines this process for good; there is no way back and no second call.
 *
 *   socket_fd            a connected AF_UNIX socket to the host, 3 or higher; it stays open and is all that stays open
 *   host_pid             the host's process id, which must be this process's parent
 *   address_space_bytes  RLIMIT_AS: everything mapped, the program and its libraries included
 *   cpu_seconds          RLIMIT_CPU, at least 1
 *   report               what holds, also when a measure could not be had
 *
 * Returns NULL if everything holds, or one line that says which measure could not be had and why; the process is then
 * confined in part and must exit. The line stays valid.
 *
 * Call it from the process's only thread, after the handlers of signals are installed (none can be afterwards; those
 * installed are kept, but for those of crashes) and before the first untrusted byte is read. Afterwards these work:
 * read, readv, recvfrom, write, writev, sendto without an address (all on `socket_fd` only), anonymous memory without
 * execution, the clocks, the blocking of signals, the return from their handlers, abort, and the end. The calendar
 * functions work, in UTC; anything else that opens a file ends the process.
 *
 * PR_SET_PDEATHSIG follows the *thread* that spawned the process: the host must spawn from a thread that lives as long
 * as the workers shall.
 */
const char *rb_confine(
    int socket_fd, int host_pid, uint64_t address_space_bytes, uint32_t cpu_seconds, rb_confinement *report);

/* The report as one JSON object of booleans, `{"own_session":true,…}`. Writes at most `capacity` bytes, the ending
 * NUL included, and returns the length of the whole text without it, as snprintf does: 1,024 bytes are plenty. */
size_t rb_confinement_json(const rb_confinement *report, char *out, size_t capacity);

#ifdef __cplusplus
}
#endif
#endif
