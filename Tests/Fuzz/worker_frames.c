/*
 * What a worker makes of the frames it reads, and what it sends: its whole program, but for its confinement, with a
 * pretended socket.
 *
 * The input is a row of chunks, each a byte for its kind, two for its length and its bytes:
 *   0  the first frame, with small limits; the bytes are the script
 *   1  a reply: a byte of the call's id, a byte for how it is to be read, its text
 *   2  a frame with other limits; each byte stands for 4 KB of memory
 *   3  bytes as they are
 *   4  a frame whose type is the first of the bytes
 *   5  a signal: time is up        6  a signal: the run is cancelled
 *   7  a header whose length is in the first four bytes, a lie, then the rest
 *   8  the first frame of a session
 *   9  a statement: a byte for its kind, one for its number, its source
 * The first of a signal's bytes is the number of the statement that is meant.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "check_json.h"
#include "fake_host.h"
#include "watch.h"

static ssize_t pretended_read(int descriptor, void *bytes, size_t length);
static ssize_t pretended_write(int descriptor, const void *bytes, size_t length);
static void pretended_exit(int status) __attribute__((noreturn));

/* The host is trusted to set limits; the fuzzer is not. */
static rb_limits small(rb_limits limits) {
    if (limits.memory > 2 << 20) limits.memory = 2 << 20;
    if (limits.source > 16 << 10 || limits.source == 0) limits.source = 16 << 10;
    if (limits.log > 64 << 10 || limits.log == 0) limits.log = 64 << 10;
    if (limits.result > 64 << 10 || limits.result == 0) limits.result = 64 << 10;
    return limits;
}
static rb_machine *small_machine(rb_limits limits, uint64_t seed) { return rb_machine_new(small(limits), seed); }
static void narrow_small(rb_machine *machine, rb_limits limits) { rb_machine_narrow(machine, small(limits)); }
static void begin_watch(void);
/* Each statement has its time. */
static bool evaluate_small(rb_machine *machine, rb_limits limits, rb_statement_kind kind, const char *name, const char *source, size_t length) {
    begin_watch();
    return rb_machine_evaluate(machine, small(limits), kind, name, source, length);
}

/* The worker's own memory, which its exit does not free here. */
static void *held;
static void *held_malloc(size_t size) {
    if (held) finding("the worker holds two blocks of memory: this target frees one");
    return held = malloc(size);
}
static void held_free(void *block) {
    if (block == held) held = NULL;
    free(block);
}

#define main worker_main
#define malloc held_malloc
#define free held_free
#define rb_machine_new small_machine
#define rb_machine_narrow narrow_small
#define rb_machine_evaluate evaluate_small
#define read pretended_read
#define write pretended_write
#define _exit pretended_exit
#include "main.c"
#undef main
#undef malloc
#undef free
#undef rb_machine_new
#undef rb_machine_narrow
#undef rb_machine_evaluate
#undef read
#undef write
#undef _exit

/* Not called: the worker runs unconfined. */
const char *rb_confine(int socket, pid_t parent, uint64_t address_space, uint32_t cpu_seconds, rb_confinement *report) {
    (void)socket, (void)parent, (void)address_space, (void)cpu_seconds, (void)report;
    abort();
}
size_t rb_confinement_json(const rb_confinement *report, char *text, size_t capacity) {
    (void)report, (void)text, (void)capacity;
    abort();
}

enum { CHUNK_HEADER = 3, LONGEST_READ = 4096 };

/* MARK: What the host sends */

static struct {
    const uint8_t *at, *end;
    rb_buffer bytes; /* of the chunk that is being read */
    size_t taken;
} input;

static void append_u64(rb_buffer *out, uint64_t value) {
    rb_buffer_append_u32(out, (uint32_t)value);
    rb_buffer_append_u32(out, (uint32_t)(value >> 32));
}

static void append_text(rb_buffer *out, const void *text, size_t length) {
    rb_buffer_append_u32(out, (uint32_t)length);
    rb_buffer_append(out, text, length);
}

static void append_limits(rb_buffer *out, uint64_t memory) {
    append_u64(out, memory);
    append_u64(out, 16 << 10);
    append_u64(out, 64 << 10);
    append_u64(out, 64 << 10);
    rb_buffer_append_u32(out, 8);
    rb_buffer_append_u32(out, 0);
}

static void append_first_frame(rb_buffer *out, bool opens_session, const uint8_t *source, size_t length) {
    static const char names[] = "users.get\0users.page";
    /* The primitives that a real prelude keeps to itself; the names of calls are never the script's. */
    static const char opened[] = "local all = ... rb = {} for name, f in pairs(all) do rb[name] = f end "
                                 "rb.note = function(...) all.note('log', ...) end rb.call = function(...) return all.call('c', ...) end "
                                 "if rb.on_statement then rb.on_statement(function(chunk) return { rb.run(chunk) } end) end";
    append_limits(out, 1 << 20);
    append_u64(out, 7);
    rb_buffer_append_u32(out, opens_session);
    rb_buffer_append_u32(out, 0);
    append_text(out, names, sizeof names);
    append_text(out, opened, sizeof opened - 1);
    append_text(out, "frames.lua", strlen("frames.lua"));
    append_text(out, source, length);
}

/* Makes the bytes of a chunk; returns false if it is a signal. */
static bool make_bytes(unsigned kind, const uint8_t *bytes, size_t length) {
    rb_buffer *out = &input.bytes;
    rb_buffer_clear(out);
    input.taken = 0;
    if (kind == 5 || kind == 6) return false;
    if (kind == 3) {
        rb_buffer_append(out, bytes, length);
        return true;
    }
    char type = kind == 0 || kind == 8 ? RB_FRAME_INIT : kind == 9 ? RB_FRAME_STATEMENT : kind == 1 ? RB_FRAME_REPLY : kind == 2 ? RB_FRAME_NARROW : length ? (char)*bytes : 0;
    rb_buffer_append_u32(out, 0);
    rb_buffer_append_byte(out, (uint8_t)type);
    if (kind == 0 || kind == 8) {
        append_first_frame(out, kind == 8, bytes, length);
    } else if (kind == 9) {
        append_limits(out, 1 << 20);
        rb_buffer_append_u32(out, length > 1 ? bytes[1] : 1);
        rb_buffer_append_u32(out, length > 0 ? bytes[0] : 0);
        append_text(out, "repl", strlen("repl"));
        append_text(out, bytes + 2, length > 2 ? length - 2 : 0);
    } else if (kind == 1) {
        rb_buffer_append_u32(out, length > 0 ? bytes[0] : 1);
        rb_buffer_append_u32(out, length > 1 ? bytes[1] : 0);
        append_u64(out, 1700000000000);
        append_u64(out, 1);
        if (length > 2) rb_buffer_append(out, bytes + 2, length - 2);
    } else if (kind == 2) {
        append_limits(out, (uint64_t)length << 12);
    } else if (length > 0) {
        rb_buffer_append(out, bytes + 1, length - 1);
    }
    put_u32(out->bytes, (uint32_t)(out->length - RB_FRAME_HEADER));
    if (kind == 7 && length >= 4) memcpy(out->bytes, bytes, 4);
    return true;
}

static ssize_t pretended_read(int descriptor, void *bytes, size_t length) {
    if (descriptor != RB_WORKER_SOCKET) finding("the worker reads from descriptor %d", descriptor);
    while (input.taken == input.bytes.length) {
        size_t left = (size_t)(input.end - input.at);
        if (left < CHUNK_HEADER) return 0;
        unsigned kind = input.at[0] & 15;
        if (kind > 9) kind &= 7;
        size_t size = input.at[1] | (size_t)input.at[2] << 8;
        if (size > left - CHUNK_HEADER) size = left - CHUNK_HEADER;
        const uint8_t *content = input.at + CHUNK_HEADER;
        input.at = content + size;
        if (!make_bytes(kind, content, size)) {
            siginfo_t about = {.si_code = size > 0 ? SI_QUEUE : SI_USER};
            about.si_value.sival_int = size > 0 ? *content : 0;
            on_signal(kind == 5 ? SIGUSR1 : SIGUSR2, &about, NULL);
            errno = EINTR;
            return -1;
        }
    }
    size_t count = input.bytes.length - input.taken;
    if (count > length) count = length;
    if (count > LONGEST_READ) count = LONGEST_READ;
    memcpy(bytes, input.bytes.bytes + input.taken, count);
    input.taken += count;
    return (ssize_t)count;
}

/* MARK: What the worker sends */

static rb_buffer sent;

static ssize_t pretended_write(int descriptor, const void *bytes, size_t length) {
    if (descriptor != RB_WORKER_SOCKET) finding("the worker writes to descriptor %d", descriptor);
    rb_buffer_append(&sent, bytes, length);
    return (ssize_t)length;
}

/* A greeting, then calls, and at most one outcome, which is the last; the last frame may be cut short by the end. In a session
   each statement has an outcome, and unless the machine is lost then comes the word that it is ready. */
static void check_sent(bool is_whole) {
    uint32_t last_call = 0;
    bool is_over = false;
    size_t count = 0;
    for (size_t at = 0; at < sent.length; count++) {
        if (is_over && !is_session) finding("the worker sends more after its last words");
        if (sent.length - at < RB_FRAME_HEADER) {
            if (is_whole) finding("the worker's last frame is cut short");
            return;
        }
        size_t length = get_u32(sent.bytes + at);
        char type = (char)sent.bytes[at + 4];
        at += RB_FRAME_HEADER;
        if (length > sent.length - at) {
            if (is_whole) finding("the worker's last frame is cut short");
            return;
        }
        const uint8_t *frame = sent.bytes + at;
        at += length;
        if ((count == 0) != (type == RB_FRAME_HELLO)) finding("frame %zu is of type %c", count, type);
        if (type == RB_FRAME_CALLS) fake_check_records(frame, length, &last_call, NULL, NULL);
        bool is_ready = type == RB_FRAME_READY;
        if (is_ready && (!is_session || (!is_over && count != 1))) finding("the worker is ready in the midst of a statement");
        if (is_over && !is_ready && type != RB_FRAME_BROKEN) finding("the worker sends a frame of type %c where no statement runs", type);
        is_over = type == RB_FRAME_FINISHED || type == RB_FRAME_FAILED || type == RB_FRAME_LIMIT || type == RB_FRAME_BROKEN;
        if (is_over && type != RB_FRAME_BROKEN) {
            if (length < 8) finding("an outcome is cut short");
            fake_check_outcome(type == RB_FRAME_FINISHED ? RB_EVENT_FINISHED : type == RB_FRAME_FAILED ? RB_EVENT_FAILED : RB_EVENT_LIMIT,
                               (const char *)frame + 8, length - 8);
        }
    }
}

/* MARK: The worker's life */

static sigjmp_buf ended;
static watch watched;

/* Machines that stand in Lua's library for good: kept, so that what they hold is no leak. */
static struct abandoned {
    rb_machine *machine;
    struct abandoned *next;
} *abandoned;

static void pretended_exit(int status) {
    if (status != 0 && status != 1) finding("the worker exits with status %d", status);
    siglongjmp(ended, 1);
}

static void interrupt_worker(void) {
    siginfo_t about = {.si_code = SI_USER};
    watched.machine = machine;
    asked_for = NO_STATEMENT; /* a second signal would end the worker wherever it stands */
    on_signal(SIGUSR1, &about, NULL);
    if (!machine || statement == NO_STATEMENT) watched.interrupted = false; /* there was nothing to interrupt */
}

static void begin_watch(void) { watch_begin(&watched, 5); }

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input.at = data;
    input.end = data + size;
    input.taken = 0;
    rb_buffer_clear(&input.bytes);
    rb_buffer_clear(&sent);
    ahead_start = ahead_end = 0;
    asked = 0;
    asked_for = NO_STATEMENT;
    statement = 0;
    is_session = false;
    machine = NULL;
    is_reading = 0;
    watched.interrupt = interrupt_worker;
    bool is_stuck = sigsetjmp(watched.stuck, 1) != 0;
    if (!is_stuck && sigsetjmp(ended, 1) == 0) {
        char *arguments[] = {"runbook-vm", "1", "0", "0", "unconfined", NULL};
        begin_watch();
        worker_main(5, arguments);
    }
    watch_end();
    free(held);
    held = NULL;
    check_sent(!is_stuck);
    if (is_stuck) {
        struct abandoned *entry = calloc(1, sizeof *entry);
        if (!entry) abort();
        *entry = (struct abandoned){machine, abandoned};
        abandoned = entry;
    } else {
        rb_machine_free(machine);
    }
    return 0;
}
