/*
 * A time limit on a machine that runs in this process, for scripts that never end.
 *
 * In a worker the kernel has the last word: a C function of Lua's library that never returns reaches no hook, and the
 * host kills the process. Here nobody does, so the watch leaves such a machine where it stands. A script that stands
 * anywhere else when its time is up, and does not end, is a finding.
 */
#ifndef WATCH_H
#define WATCH_H

#include <setjmp.h>
#include <stdbool.h>

#include "rb.h"

typedef struct watch {
    rb_machine *volatile machine;
    void (*interrupt)(void); /* asks the machine to stop; NULL: rb_machine_interrupt is called */
    volatile bool interrupted;
    sigjmp_buf stuck; /* taken, with 1, when the machine stands in Lua's library for good: it must not be touched again */
} watch;

/* Processor time that a machine has to end once it is interrupted: little where nobody could stop it, and else as much as
   sanitizers need to free all its memory one by one. */
#define WATCH_STUCK_MS 400
#define WATCH_PATIENCE_MS 5000

/* Arms the watch: `milliseconds` of processor time. One at a time; call `sigsetjmp(watch->stuck, 1)` first. */
void watch_begin(watch *watched, unsigned milliseconds);
void watch_end(void);

#endif
