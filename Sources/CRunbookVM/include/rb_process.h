/* Starting a worker process: what Swift cannot call itself (variadic system calls, spawn attributes), and
   the clock, which it has from Foundation only. */
#ifndef RB_PROCESS_H
#define RB_PROCESS_H

#include <stdint.h>
#include <sys/epoll.h> /* for Swift, whose C library module leaves these two out */
#include <sys/eventfd.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Starts `path` with an empty environment, its standard streams on /dev/null and one end of a new socket pair as
   RB_WORKER_SOCKET. On success returns 0 and sets the host's end (non-blocking, closed on exec), the process and a
   descriptor that becomes readable when it has ended; else returns errno. `arguments` ends with NULL. */
int rb_process_spawn(const char *path, char *const arguments[], int *socket, pid_t *process, int *ended);

/* How a process stands; `detail` is the signal or the exit status. */
typedef enum rb_process_state {
    RB_PROCESS_RUNS = 0,
    RB_PROCESS_STOPPED = 1, /* by a signal such as SIGSTOP; it may be continued */
    RB_PROCESS_EXITED = 2,
    RB_PROCESS_KILLED = 3, /* by a signal */
    RB_PROCESS_LOST = 4    /* it has ended, and something else in this program has taken the news of how */
} rb_process_state;

/* Looks at the process behind `ended`, and leaves it as it is. Never waits. */
rb_process_state rb_process_look(int ended, int *detail);

/* The same for a process that has ended, which is gone afterwards. */
rb_process_state rb_process_reap(int ended, int *detail);

/* Sends a signal to the process behind `ended` and to no other one, whoever has its number by now. */
void rb_process_signal(int ended, int number);

/* The same with a value, which the process's handler is told (SI_QUEUE). */
void rb_process_signal_with_value(int ended, int number, int value);

/* Keeps what this process has in memory from being written down when it crashes, and from other processes of its user:
   no core file (RLIMIT_CORE, which a core_pattern that is a program ignores), not dumpable (which also closes
   /proc/PID/mem and environ), and no backtrace with registers and memory unless SWIFT_BACKTRACE asks for one.
   Returns 0 or errno. */
int rb_process_keep_memory_private(void);

/* Milliseconds since 1970, UTC, by the system's clock. */
int64_t rb_unix_milliseconds(void);

/* Microseconds of CLOCK_MONOTONIC, which stands still while the machine is suspended. */
int64_t rb_monotonic_microseconds(void);

#ifdef __cplusplus
}
#endif
#endif
