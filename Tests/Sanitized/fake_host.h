/*
 * A pretended host: it runs a script on a machine, answers its calls out of its own head, and holds what the machine
 * puts out against what a machine must.
 */
#ifndef FAKE_HOST_H
#define FAKE_HOST_H

#include "rb.h"
#include "rb_buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fake_call {
    uint32_t id;
    const char *name;
    size_t name_length;
    const char *arguments;
    size_t arguments_length;
} fake_call;

typedef struct fake_reply {
    unsigned flags;
    const char *json; /* stays valid until the next call */
    size_t length;
} fake_reply;

typedef enum fake_end {
    FAKE_REFUSED,  /* the script was not started: a syntax error */
    FAKE_FINISHED, /* the script returned */
    FAKE_FAILED,   /* the script raised */
    FAKE_LIMITED,  /* a limit ended it */
    FAKE_STUCK     /* it stood in a C function of Lua's library and was left there */
} fake_end;

typedef struct fake_run {
    const char *names; /* to bind, as rb_machine_bind takes them */
    size_t names_length;
    const char *prelude;
    size_t prelude_length;
    const char *name, *source;
    size_t source_length;
    rb_limits limits;
    uint64_t room;         /* bytes of memory above what the prelude takes, in place of the limit; 0: the limit stays */
    unsigned steps;        /* it is interrupted after so many that were preempted; 0: never */
    unsigned milliseconds; /* of processor time before it is interrupted */
    bool backwards;        /* of the calls that wait the last is answered first */
    unsigned statements;   /* it is run so often, as statements of one session; 0: it is a script */
    void (*answer)(void *context, const fake_call *call, fake_reply *reply); /* NULL: fake_answer */
    void *context;

    bool interrupted;     /* out: whether it was */
    rb_buffer transcript; /* out: all that the machine put out, and its last words; to be freed */
} fake_run;

/* Runs the script to its end. What no machine may do is a finding. */
fake_end fake_host_run(fake_run *run);

/* What a console might say: users for whoever asks for users, now and then an error. */
void fake_answer(void *context, const fake_call *call, fake_reply *reply);

/* Checks the records that a machine has put out; `last_call` is the highest id so far. Each call, not the notes, is handed to `each`. */
void fake_check_records(const uint8_t *bytes, size_t length, uint32_t *last_call,
                        void (*each)(void *context, const fake_call *call), void *context);

/* Checks the last words of a machine. */
void fake_check_outcome(rb_event event, const char *payload, size_t length);

/* The whole of a file with a NUL behind it, to be freed; NULL if it cannot be read. */
char *fake_read_file(const char *path, size_t *length);

/* The names to bind, one in each line of a file, as rb_machine_bind takes them; ends the program without them. */
char *fake_read_names(const char *path, size_t *length);

#ifdef __cplusplus
}
#endif
#endif
