/*
 * The Lua machine: one run of one runbook, or one session of many statements.
 *
 * A host drives it: `rb_machine_start`, or `rb_machine_evaluate` for each statement, then `rb_machine_step` until it has
 * finished; between steps it answers the calls that the machine has put out. No function here raises a Lua error: whatever may is run under a protected call
 * inside. A machine belongs to one thread at a time; only `rb_machine_interrupt` may be called from elsewhere.
 */
#ifndef RB_H
#define RB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rb_machine rb_machine;

typedef struct rb_limits {
    uint64_t memory; /* bytes that the script holds, replies and arguments included; more is refused */
    uint64_t source; /* bytes of one source text */
    uint64_t log;    /* bytes of all notes' arguments */
    uint64_t result; /* bytes of the result as JSON */
    uint32_t tasks;  /* tasks alive at once */
    uint32_t slice;  /* count hooks (of 10,000 instructions) in one step before it is preempted; 0: no hook is armed */
} rb_limits;

/* What a step ended with. */
typedef enum rb_event {
    RB_EVENT_WAITING = 0,   /* every task waits for a reply */
    RB_EVENT_PREEMPTED = 1, /* the slice is used up; step again */
    RB_EVENT_FINISHED = 2,  /* the main task returned; the payload is its result as JSON */
    RB_EVENT_FAILED = 3,    /* the main task raised; the payload is {"kind","message","traceback",…} as JSON */
    RB_EVENT_LIMIT = 4      /* a limit ended the run for good; the payload is {"limit","message","where","traceback"} as JSON */
} rb_event;

/* How a reply is to be read: the codec's flags, and whether it is an error that the call raises. */
enum rb_reply_flags {
    RB_REPLY_DROP_LINKS = 1,
    RB_REPLY_RESOURCES = 2,
    RB_REPLY_PAGE = 4,
    RB_REPLY_SECRETS = 8,
    RB_REPLY_ERROR = 32,  /* the JSON is an error table, raised where the call was made */
    RB_REPLY_NOTHING = 64 /* there is no JSON: the call returns nothing */
};

/* What a session does with a statement; the prelude's function for statements is told. */
typedef enum rb_statement_kind {
    RB_STATEMENT = 0,       /* if it fails or is stopped the globals are put back before the next one */
    RB_STATEMENT_WHOLE = 1, /* its value is given out whole */
    RB_STATEMENT_NAMES = 2  /* it returns the path of a table, of which the names are given out */
} rb_statement_kind;

/* Why a run is interrupted from outside. */
typedef enum rb_interrupt {
    RB_INTERRUPT_NONE = 0,
    RB_INTERRUPT_TIME = 1,
    RB_INTERRUPT_CANCEL = 2
} rb_interrupt;

/* What the script does follows from its source, the seed, and the replies in their order. */
rb_machine *rb_machine_new(rb_limits limits, uint64_t seed);
void rb_machine_free(rb_machine *machine);

/* Declares the functions a script may call: `names` holds `count` NUL-ended names `table.function` one after the other.
   Each becomes a Lua function that puts out a call of that name. */
bool rb_machine_bind(rb_machine *machine, const char *names, size_t length);

/* Runs the trusted chunk that defines what is written in Lua, before the script. Its functions see the primitives
   (`rb.call`, `rb.spawn`, …) that the script does not. It may have three parts with a page break (a form feed) between two of
   them: the second is for sessions alone, and the third is handed to the chunk as its second argument, as text, to be
   compiled by `rb.compile` once it is wanted. On failure the error is the payload. */
bool rb_machine_prelude(rb_machine *machine, const char *name, const char *source, size_t length);

/* Compiles the script as the main task; `name` is what errors call the file. On a syntax error returns false and the
   payload is {"kind":"syntax","message",…}. Not in a session. */
bool rb_machine_start(rb_machine *machine, const char *name, const char *source, size_t length);

/* Makes a new machine one of a session; before the prelude, which then has to set what runs statements (`rb.on_statement`). */
void rb_machine_open_session(rb_machine *machine);

/* Whether a session's machine takes a statement, when none runs. Not if the one before has used up the memory or was
   abandoned. */
bool rb_machine_is_ready(const rb_machine *machine);

/* Begins the next statement of a session that is ready, with these limits; the slice stays. Whatever the one before had not
   ended is dropped, also its interrupt: one that came for this statement has to be told again afterwards. On a syntax error
   returns false, with the payload as rb_machine_start has it. */
bool rb_machine_evaluate(rb_machine *machine, rb_limits limits, rb_statement_kind kind, const char *name,
                         const char *source, size_t length);

/* Runs until every task waits, the slice is used up, or the main task ends. */
rb_event rb_machine_step(rb_machine *machine);

/* The JSON that the last event or failure carries; valid until the next call of the machine. */
const char *rb_machine_payload(rb_machine *machine, size_t *length);

/* What the machine has put out since last taken: records, each little-endian
     u32 id      0 for a note, which wants no reply
     u32 task    the task, 1 for the main one
     u32 line    the script's line, 0 if unknown
     u32 name    bytes of the name      u32 arguments   bytes of the arguments
     name, arguments (a JSON array)
   Valid until the next step; taking empties it. */
const uint8_t *rb_machine_take_output(rb_machine *machine, size_t *length);

/* Called in the middle of a step when much has been put out, so that log lines do not wait for its end; it takes the
   output. Without it all is kept until the step returns. */
void rb_machine_on_output(rb_machine *machine, void (*flush)(void *context), void *context);

/* Answers call `id` and makes its task runnable. False if no such call waits: the host is out of step. The bytes are
   copied. */
bool rb_machine_reply(rb_machine *machine, uint32_t id, unsigned flags, const char *json, size_t length);

/* The same in two parts, for bytes that are still to come: `*room` is where they are to be put before the second, or NULL if
   the run has no memory for them; the next step then tells. */
bool rb_machine_begin_reply(rb_machine *machine, uint32_t id, unsigned flags, size_t length, char **room);
void rb_machine_end_reply(rb_machine *machine);

/* Sets the clock that `os.time` reads where it cannot ask: milliseconds since 1970, and since the run began. */
void rb_machine_set_clock(rb_machine *machine, int64_t unix_milliseconds, int64_t run_milliseconds);

/* Changes the limits: a manifest may ask for others than the run began with. The slice stays. */
void rb_machine_narrow(rb_machine *machine, rb_limits limits);

/* Asks the machine to stop as soon as it can; safe from another thread and from a signal handler on the machine's own. The next
   event is RB_EVENT_LIMIT. */
void rb_machine_interrupt(rb_machine *machine, rb_interrupt why);

/* For a signal handler on the machine's thread, when the script has not come to an end after rb_machine_interrupt: it is in
   a C function that no hook reaches. Makes the report of the limit the payload, from where the script stands; the machine
   is good for nothing else afterwards. False if the report is being made already, or no script runs. */
bool rb_machine_abandon(rb_machine *machine);

/* Beside it: the notes that were put out and not taken, none if the script stands in the midst of one. */
const uint8_t *rb_machine_abandoned_output(rb_machine *machine, size_t *length);

/* Bytes of Lua memory in use now, and at most since the run, or the statement, began. */
uint64_t rb_machine_memory(const rb_machine *machine, uint64_t *peak);

/* Checks a source without running it. Returns NULL and sets `*error` to what is wrong (`name:line: …`, to be freed with rb_free), or returns
   the script's bytecode with debug information, to be freed with rb_free, for an analysis of the globals it names. */
uint8_t *rb_compile(const char *name, const char *source, size_t source_length, size_t *length, char **error);
void rb_free(void *pointer);

/* Decodes a JSON text into Lua values and encodes them again: what a test holds against another parser. Returns the
   text, to be freed with rb_free, or NULL with `*error` set, to be freed too. */
char *rb_json_roundtrip(const char *json, size_t json_length, unsigned flags, size_t *length, char **error);

#ifdef __cplusplus
}
#endif
#endif
