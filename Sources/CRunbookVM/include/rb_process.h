/* Starting a worker process: what Swift cannot call itself (variadic system calls, spawn attributes). */
#ifndef RB_PROCESS_H
#define RB_PROCESS_H

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

#ifdef __cplusplus
}
#endif
#endif
