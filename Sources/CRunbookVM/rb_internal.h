/*
 * What the files of the machine share.
 *
 * Threat model: the script is hostile. It may call anything it can reach in any order, in its own coroutines, under
 * its own error handlers and metamethods. It must not reach memory or files outside the Lua state, keep running once
 * the machine is dead, or see what differs between two runs with the same replies.
 */
#ifndef RB_INTERNAL_H
#define RB_INTERNAL_H

#include <lua5.4/lauxlib.h>
#include <lua5.4/lua.h>
#include <lua5.4/lualib.h>
#include <stdatomic.h>

#include "include/rb.h"
#include "rb_buffer.h"
#include "rb_heap.h"
#include "rb_json.h"
#include "rb_record.h"

#define RB_HOOK_COUNT 10000           /* instructions between two looks at the flags, in process */
#define RB_RESUME_COST 1000           /* instructions that a resume counts for: a short coroutine never meets a hook */
#define RB_MEMORY_RESERVE (256 * 1024) /* what error reports may use once the limit is reached */
#define RB_FLUSH_AT (64 * 1024)         /* output that is worth handing over before the step ends */
#define RB_RECORD_MAX (16 * 1024 * 1024) /* of one call's arguments or one log line */
#define RB_BUFFER_KEPT (1024 * 1024)    /* larger buffers are given back after use */
#define RB_REPORT_MAX (32 * 1024)       /* of the report of a limit: a traceback of 24 lines */
#define RB_MESSAGE_MAX (64 * 1024)      /* of an error's text, in a report */
#define RB_VALUE_MAX (256 * 1024)       /* of an error's value as JSON; longer ones are left out */
#define RB_CLOSE_DEPTH 100             /* closes within closes */
#define RB_PRELUDE_SOURCE "=[runbook]"

/* Why the machine will not run again; a session's next statement may. */
typedef enum rb_death {
    RB_ALIVE = 0,
    RB_DEAD_TIME,
    RB_DEAD_CANCELLED,
    RB_DEAD_MEMORY,
    RB_DEAD_LOG,
    RB_DEAD_RESULT,
    RB_DEAD_SOURCE,
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
    rb_account memory;  /* Lua's, and the codec's and the buffers' beside it */
    rb_heap heap;       /* Lua's */
    size_t refused;     /* the last request that was refused, in bytes, until it is granted; else 0 */
    rb_json *codec;

    rb_task *tasks;
    rb_task *ready, *ready_last;
    rb_task *current;
    rb_task *answered; /* whose reply is being put in */
    uint32_t task_count, next_task, next_call, waiting;
    bool main_done;

    lua_State *volatile running; /* where a hook must be armed; read by the signal handler */
    unsigned blocked;            /* resumes below us that stand where Lua cannot yield */
    unsigned closing;            /* coroutines being closed by one another */
    rb_surface surface;
    rb_death death;
    _Atomic int interrupt;
    uint32_t hooks;  /* since the step began */
    uint32_t resume_cost; /* towards the next one of them */

    rb_buffer output, taken; /* records put out, and those the host is reading */
    volatile bool is_writing; /* a record is being put out: the buffer is not to be looked at by a signal handler */
    size_t committed;        /* whole records in `output`: an error may leave a part of one behind them */
    rb_buffer scratch;       /* what json.encode makes, and keys while they are sorted */
    uint64_t log_total;      /* bytes of the notes' arguments */
    void (*flush)(void *context);
    void *flush_context;
    rb_buffer payload, report; /* what the last event tells; the second of a limit, and then for good */
    int64_t unix_milliseconds, run_milliseconds;

    bool knows_tables; /* see rb_table.h */
    rb_shapes shapes;

    /* Of a session; see rb_session.c. */
    bool is_session;
    bool is_abandoned;   /* the script may stand anywhere */
    bool must_put_back;  /* the statement before has not ended well */
    int handler, kept;   /* what runs statements, and the globals as they were before the last one */
    uintptr_t statement; /* the number of the one that runs */
};

/* The bits in a thread's extra space; above them is the number of the statement in which it became busy. */
enum { RB_THREAD_BUSY = 1, RB_THREAD_TASK = 2, RB_THREAD_BITS = 2 };

static inline rb_machine *rb_of(lua_State *L) {
    void *machine;
    lua_getallocf(L, &machine);
    return machine;
}

static inline uintptr_t *rb_thread_bits(lua_State *L) { return lua_getextraspace(L); }

static inline void rb_thread_set_busy(rb_machine *machine, lua_State *L, bool is_busy) {
    uintptr_t task = *rb_thread_bits(L) & RB_THREAD_TASK;
    *rb_thread_bits(L) = is_busy ? task | RB_THREAD_BUSY | machine->statement << RB_THREAD_BITS : task;
}

static inline bool rb_thread_is_busy(lua_State *L) { return (*rb_thread_bits(L) & RB_THREAD_BUSY) != 0; }

/* Whether it was busy when its statement ended: it will never go on. */
static inline bool rb_thread_is_dropped(rb_machine *machine, lua_State *L) {
    return rb_thread_is_busy(L) && *rb_thread_bits(L) >> RB_THREAD_BITS != machine->statement && L != machine->L;
}

/* rb_machine.c */
/* Ends the run for good, from wherever the script stands: never returns to the script, whatever handlers it has. */
int rb_kill_may_raise(lua_State *L, rb_death death);
/* Called by whatever catches errors: goes on dying if the machine is dead. */
int rb_die_again_may_raise(lua_State *L);
/* Called by whatever catches errors: whether the error means that the run is at its end. */
bool rb_is_dying(rb_machine *machine, lua_State *L);
/* Whether the script has had its share of the thread for now, and can be paused where it stands. */
bool rb_must_pause(lua_State *L);
bool rb_can_yield(lua_State *L);
/* When the object at `index` (a table, a Lua function or a coroutine) was made: a number that grows from each to the
   next and is the same in every run with the same replies. 0 for what has none. */
uint64_t rb_serial_of(lua_State *L, int index);
void rb_hook_may_raise(lua_State *L, lua_Debug *record);
/* Makes a thread's hook what it is when all is well. */
void rb_restore_hook(lua_State *L);
/* For whoever is long at work without a hook: ends the run if that was asked for. */
void rb_look_may_raise(lua_State *L);
/* Calls `start_may_raise` with `argument`, which compiles the source and spawns the main task. As rb_machine_start. */
bool rb_start_main(rb_machine *machine, const char *source, size_t length, lua_CFunction start_may_raise, void *argument);
rb_task *rb_task_spawn_may_raise(lua_State *L, int arguments);
/* Called once `running` has changed: a signal that came just before has armed the hook on the thread before. */
void rb_rearm(rb_machine *machine);
void rb_open_reserve(rb_machine *machine);
void rb_close_reserve(rb_machine *machine);
void rb_task_make_ready(rb_machine *machine, rb_task *task);
void rb_task_drop_reply(rb_machine *machine, rb_task *task);
rb_task *rb_task_find(rb_machine *machine, uint32_t number);

/* rb_call.c */
void rb_call_open_may_raise(lua_State *L); /* pushes the table of primitives */
void rb_call_bind_may_raise(lua_State *L, const char *names, size_t length);
bool rb_position(lua_State *L, lua_Debug *record);

/* rb_coroutine.c, rb_protect.c, rb_load.c, rb_base.c, rb_order.c, rb_sort.c, rb_time.c */
void rb_coroutine_open_may_raise(lua_State *L);
void rb_protect_open_may_raise(lua_State *L);
void rb_load_open_may_raise(lua_State *L);
void rb_base_open_may_raise(lua_State *L);
void rb_order_open_may_raise(lua_State *L);
void rb_sort_open_may_raise(lua_State *L);
void rb_time_open_may_raise(lua_State *L);
/* Sets the fields of the table on top to nil; `names` ends with NULL. */
void rb_remove_fields_may_raise(lua_State *L, const char *const *names);
/* Replaces field `name` of the table on top by `function` with the old value as upvalue. */
void rb_wrap_library_may_raise(lua_State *L, const char *name, lua_CFunction function);
/* Goes on as the library's function in that upvalue, with the same arguments and in the same frame. */
int rb_call_library_may_raise(lua_State *L, int upvalue);
/* Pushes the keys of the table at `index`, in order, without a sequence from 1 on. */
void rb_push_sorted_keys_may_raise(lua_State *L, int index);
/* How many entries the table at `index` has, and whether its keys are 1 to that many. */
lua_Integer rb_count_entries_may_raise(lua_State *L, int index, bool *is_list);
/* Pushes an array of the first `most` keys, in order, of the table at `index`, which has `count`; or of those that are strings. */
void rb_push_first_keys_may_raise(lua_State *L, int index, lua_Integer count, lua_Integer most, bool only_strings);

/* rb_session.c */
void rb_session_open_may_raise(lua_State *L); /* adds to the table of primitives */

/* rb_string.c */
void rb_string_open_may_raise(lua_State *L);
const char *rb_tostring_may_raise(lua_State *L, int index, size_t *length); /* pushes the text */

/* rb_names.c */
void rb_names_open_may_raise(lua_State *L);
/* The place of a library function among them all, in the order of their names; 0 for any other. */
lua_Integer rb_library_number(lua_State *L, int index);

/* rb_weak.c */
void rb_weak_open_may_raise(lua_State *L); /* before anything else that may be weak */
void rb_push_weak_keys_may_raise(lua_State *L); /* pushes a metatable for tables of the machine with weak keys */

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
/* Writes the report of a limit, with the position of the script in `L`. Takes none of Lua's memory. */
void rb_report_limit(rb_machine *machine, lua_State *L, rb_death death);

#endif
