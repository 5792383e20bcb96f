/*
 * What the files of the machine share.
 *
 * Threat model: the script is hostile. It may call anything it can reach in any order, in its own coroutines, under
 * its own error handlers and metamethods. It must not reach memory or files outside the Lua state, keep running once
 * the machine is dead, or see what differs between two runs with the same replies.
 */
#ifndef RB_INTERNAL_H
#define RB_INTERNAL_H

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdatomic.h>

#include "include/rb.h"
#include "rb_buffer.h"
#include "rb_json.h"

#define RB_HOOK_COUNT 10000           /* instructions between two looks at the flags, in process */
#define RB_MEMORY_RESERVE (256 * 1024) /* what error reports may use once the limit is reached */
#define RB_FLUSH_AT (64 * 1024)         /* output that is worth handing over before the step ends */
#define RB_MESSAGE_MAX (64 * 1024)      /* of an error's text, in a report */
#define RB_VALUE_MAX (256 * 1024)       /* of an error's value as JSON; longer ones are left out */
#define RB_CLOSE_DEPTH 100             /* closes within closes */
#define RB_PRELUDE_SOURCE "=[runbook]"

/* Why the machine will never run again. */
typedef enum rb_death {
    RB_ALIVE = 0,
    RB_DEAD_TIME,
    RB_DEAD_CANCELLED,
    RB_DEAD_MEMORY,
    RB_DEAD_OUTPUT,
    RB_DEAD_TASKS
} rb_death;

/* What a yield that is not the script's own travels up for. */
typedef enum rb_surface { RB_SURFACE_NONE = 0, RB_SURFACE_WAIT, RB_SURFACE_PREEMPT, RB_SURFACE_KILL } rb_surface;

typedef enum rb_task_state { RB_TASK_READY, RB_TASK_WAITING, RB_TASK_PARKED, RB_TASK_DONE } rb_task_state;

typedef struct rb_task {
    uint32_t number; /* 1 is the main task */
    rb_task_state state;
    lua_State *L;
    int anchor;     /* keeps the thread from the collector */
    int arguments;  /* values on its stack for the first resume */
    uint32_t call;  /* the call it waits for */
    bool woken;     /* a wake came before the park */
    unsigned reply_flags;
    uint8_t *reply;
    size_t reply_length;
    struct rb_task *next;  /* all tasks alive */
    struct rb_task *queue; /* the ready ones */
} rb_task;

struct rb_machine {
    lua_State *L;
    rb_limits limits;
    uint64_t seed;
    uint64_t memory, memory_peak;
    bool reserve_open;
    rb_json *codec;

    rb_task *tasks;
    rb_task *ready, *ready_last;
    rb_task *current;
    uint32_t task_count, next_task, next_call, waiting;
    bool main_done;

    lua_State *volatile running; /* where a hook must be armed; read by the signal handler */
    unsigned blocked;            /* resumes below us that stand where Lua cannot yield */
    unsigned closing;            /* coroutines being closed by one another */
    rb_surface surface;
    rb_death death;
    _Atomic int interrupt;
    uint32_t hooks;

    rb_buffer output, taken; /* records put out, and those the host is reading */
    size_t committed;        /* whole records in `output`: an error may leave a part of one behind them */
    rb_buffer scratch;       /* what json.encode makes */
    uint64_t output_total;
    void (*flush)(void *context);
    void *flush_context;
    rb_buffer payload;
    int64_t unix_milliseconds, run_milliseconds;
};

/* The bits in a thread's extra space. */
enum { RB_THREAD_BUSY = 1, RB_THREAD_TASK = 2 };

static inline rb_machine *rb_of(lua_State *L) {
    void *machine;
    lua_getallocf(L, &machine);
    return machine;
}

static inline uintptr_t *rb_thread_bits(lua_State *L) { return lua_getextraspace(L); }

/* rb_machine.c */
/* Ends the run for good, from wherever the script stands: never returns to the script, whatever handlers it has. */
int rb_kill_may_raise(lua_State *L, rb_death death);
/* Called by whatever catches errors: goes on dying if the machine is dead. */
int rb_die_again_may_raise(lua_State *L);
bool rb_can_yield(lua_State *L);
void rb_hook_may_raise(lua_State *L, lua_Debug *record);
rb_task *rb_task_spawn_may_raise(lua_State *L, int arguments);
void rb_task_make_ready(rb_machine *machine, rb_task *task);
rb_task *rb_task_find(rb_machine *machine, uint32_t number);

/* rb_call.c */
void rb_call_open_may_raise(lua_State *L); /* pushes the table of primitives */
void rb_call_bind_may_raise(lua_State *L, const char *names, size_t length);
bool rb_position(lua_State *L, lua_Debug *record);

/* rb_coroutine.c, rb_protect.c, rb_base.c */
void rb_coroutine_open_may_raise(lua_State *L);
void rb_protect_open_may_raise(lua_State *L);
void rb_base_open_may_raise(lua_State *L);
const char *rb_tostring_may_raise(lua_State *L, int index, size_t *length); /* pushes the text */

/* rb_error.c */
#define RB_ERROR_METATABLE "rb.error"
void rb_error_open_may_raise(lua_State *L);
/* Raises an error table of that kind about that operation. */
int rb_raise_may_raise(lua_State *L, const char *kind, const char *operation, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* A JSON string of any bytes, what is not UTF-8 replaced; takes none of Lua's memory. */
void rb_append_json_string(rb_buffer *out, const char *text, size_t length);
/* Writes the payload of a failure from the error value on top of `failed`'s stack, and pops it. */
void rb_report_failure(rb_machine *machine, lua_State *failed);
/* Writes the payload of a limit, with the position of the script in `L`. */
void rb_report_limit(rb_machine *machine, lua_State *L);

#endif
