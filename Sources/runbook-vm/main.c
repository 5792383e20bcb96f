/*
 * The confined worker: gives up everything but its socket, then runs one machine for the host at the other end.
 *
 * The script in it is hostile; so is, from the host's view, this process. It holds no secret, can open nothing, and may
 * be killed at any moment.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "confine.h"
#include "rb.h"
#include "rb_frame.h"

#define NO_STATEMENT (-1)

static rb_machine *volatile machine;
static volatile sig_atomic_t asked; /* what the last signal was, and for which statement; it may come before that begins */
static volatile sig_atomic_t asked_for = NO_STATEMENT;
static volatile sig_atomic_t statement; /* the one that runs: 0 for a run */
static volatile sig_atomic_t is_reading, is_writing;
static bool is_session;

static void run_until_waiting(void);
static void tell_from_within(void);

static void on_signal(int number, siginfo_t *about, void *context) {
    (void)context;
    rb_interrupt why = number == SIGUSR1 ? RB_INTERRUPT_TIME : RB_INTERRUPT_CANCEL;
    int meant = about->si_code == SI_QUEUE ? about->si_value.sival_int : statement;
    if (meant == NO_STATEMENT) return;
    bool is_again = asked_for == meant;
    asked = why;
    asked_for = meant;
    if (!machine || meant != statement) return;
    rb_machine_interrupt(machine, why);
    if (is_again && !is_reading) {
        tell_from_within();
        return;
    }
    /* No script runs while the worker reads, so the end is told from here: a signal that comes just before the read would not
       cut that short. */
    if (is_reading) run_until_waiting();
}

/* Tells the machine of a signal that came before it was there, or before the statement was. */
static void pass_on_signal(void) {
    if (asked_for == statement) rb_machine_interrupt(machine, (rb_interrupt)asked);
}

static void write_all(const void *bytes, size_t length) {
    const char *at = bytes;
    while (length > 0) {
        ssize_t written = write(RB_WORKER_SOCKET, at, length);
        if (written < 0) {
            if (errno == EINTR) continue;
            _exit(1); /* the host is gone */
        }
        at += written;
        length -= (size_t)written;
    }
}

static void put_u32(uint8_t *at, uint32_t value) {
    for (int i = 0; i < 4; i++) at[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t get_u32(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint64_t get_u64(const uint8_t *at) { return get_u32(at) | (uint64_t)get_u32(at + 4) << 32; }

/* Header and payload in one write while they are small: each write wakes the host. */
static void send_frame(char type, const void *prefix, size_t prefix_length, const void *payload, size_t length) {
    uint8_t small[4096];
    is_writing = 1;
    if (prefix_length + length > RB_FRAME_MAX) _exit(1);
    put_u32(small, (uint32_t)(prefix_length + length));
    small[4] = (uint8_t)type;
    size_t used = RB_FRAME_HEADER;
    if (prefix_length) memcpy(small + used, prefix, prefix_length);
    used += prefix_length;
    if (length <= sizeof small - used) {
        if (length) memcpy(small + used, payload, length);
        write_all(small, used + length);
    } else {
        write_all(small, used);
        write_all(payload, length);
    }
    is_writing = 0;
}

static void broken(const char *why) {
    send_frame(RB_FRAME_BROKEN, NULL, 0, why, strlen(why));
    _exit(1);
}

static void send_output(void *context) {
    (void)context;
    size_t length;
    const uint8_t *records = rb_machine_take_output(machine, &length);
    if (length > 0) send_frame(RB_FRAME_CALLS, NULL, 0, records, length);
}

static void put_peak(uint8_t *at) {
    uint64_t peak;
    rb_machine_memory(machine, &peak);
    put_u32(at, (uint32_t)peak);
    put_u32(at + 4, (uint32_t)(peak >> 32));
}

static void send_outcome(char type) {
    uint8_t prefix[8];
    size_t length;
    put_peak(prefix);
    const char *payload = rb_machine_payload(machine, &length);
    send_frame(type, prefix, sizeof prefix, payload, length);
}

static void send_ready(void) { send_frame(RB_FRAME_READY, NULL, 0, NULL, 0); }

/* The run is over; a session's machine may take the next statement. From a signal handler too: what the machine holds of
   the statement stays until then, for the frame that is being read may go to it. */
static void end_statement(void) {
    if (!is_session || !rb_machine_is_ready(machine)) _exit(0);
    send_ready();
}

static bool has_frame_ahead(void);

static void run_until_waiting(void) {
    rb_event event;
    do event = rb_machine_step(machine);
    while (event == RB_EVENT_PREEMPTED);
    /* The host has sent several answers in one go: what they lead to goes back in one go. */
    if (event == RB_EVENT_WAITING && has_frame_ahead()) return;
    if (event != RB_EVENT_WAITING && is_session) statement = NO_STATEMENT;
    send_output(NULL);
    switch (event) {
    case RB_EVENT_FINISHED: send_outcome(RB_FRAME_FINISHED); break;
    case RB_EVENT_FAILED: send_outcome(RB_FRAME_FAILED); break;
    case RB_EVENT_LIMIT: send_outcome(RB_FRAME_LIMIT); break;
    default: return;
    }
    end_statement();
}

/* The second signal: the script did not come to a hook after the first one. What it stands in may be anything, so this takes
   no memory and looks at no more than it must; the kill is near anyhow. */
static void tell_from_within(void) {
    if (is_writing || !rb_machine_abandon(machine)) return;
    size_t length;
    const uint8_t *records = rb_machine_abandoned_output(machine, &length);
    if (length > 0) send_frame(RB_FRAME_CALLS, NULL, 0, records, length);
    send_outcome(RB_FRAME_LIMIT);
    _exit(0);
}

/* What was read ahead: a frame that fits comes with one system call. */
static uint8_t ahead[64 * 1024];
static size_t ahead_start, ahead_end;

/* Whether the next frame has been read ahead as a whole. */
static bool has_frame_ahead(void) {
    size_t count = ahead_end - ahead_start;
    return count >= RB_FRAME_HEADER && count - RB_FRAME_HEADER >= get_u32(ahead + ahead_start);
}

static bool must_end(void) { return machine && statement != NO_STATEMENT && asked_for == statement; }

/* Reads some bytes into `at`. */
static size_t read_some(void *at, size_t length) {
    for (;;) {
        is_reading = 1;
        if (must_end()) { /* the signal came since the script was last looked at */
            is_reading = 0;
            if (must_end()) run_until_waiting();
            continue;
        }
        ssize_t count = read(RB_WORKER_SOCKET, at, length);
        is_reading = 0;
        if (count > 0) return (size_t)count;
        if (count == 0) _exit(0); /* the host has closed the machine */
        if (errno != EINTR) _exit(1);
    }
}

/* Reads exactly `length` bytes. */
static void read_all(void *bytes, size_t length) {
    uint8_t *at = bytes;
    while (length > 0) {
        size_t count = ahead_end - ahead_start;
        if (count > 0) {
            if (count > length) count = length;
            memcpy(at, ahead + ahead_start, count);
            ahead_start += count;
        } else if (length >= sizeof ahead) {
            count = read_some(at, length);
        } else {
            ahead_start = 0;
            ahead_end = read_some(ahead, sizeof ahead);
            continue;
        }
        at += count;
        length -= count;
    }
}

static char read_header(size_t *length) {
    uint8_t header[RB_FRAME_HEADER];
    read_all(header, sizeof header);
    *length = get_u32(header);
    if (*length > RB_FRAME_MAX) broken("a frame from the host is too long");
    return (char)header[4];
}

/* One text of a frame; moves `at` past it. */
static const char *take_text(const uint8_t *payload, size_t *at, size_t end, size_t *length) {
    if (*at + 4 > end) broken("a frame from the host is too short");
    *length = get_u32(payload + *at);
    *at += 4;
    if (*length > end - *at) broken("a frame from the host is too short");
    const char *text = (const char *)payload + *at;
    *at += *length;
    return text;
}

enum { NAME_ROOM = 1024 };

/* The same for a name, with a zero at its end; longer ones are cut. */
static void take_name(const uint8_t *payload, size_t *at, size_t end, char name[NAME_ROOM]) {
    size_t length;
    const char *text = take_text(payload, at, end, &length);
    if (length >= NAME_ROOM) length = NAME_ROOM - 1;
    memcpy(name, text, length);
    name[length] = 0;
}

/* The rest of a frame, at least `least` bytes; to be freed. */
static uint8_t *read_payload(size_t length, size_t least) {
    if (length < least) broken("a frame from the host is too short");
    uint8_t *payload = malloc(length);
    if (!payload) broken("not enough memory for the script");
    read_all(payload, length);
    return payload;
}

enum { LIMITS_SIZE = 40 };

static rb_limits get_limits(const uint8_t *at) {
    return (rb_limits){.memory = get_u64(at),
                       .source = get_u64(at + 8),
                       .log = get_u64(at + 16),
                       .result = get_u64(at + 24),
                       .tasks = get_u32(at + 32)};
}

static void start_machine(size_t length) {
    const size_t fixed = LIMITS_SIZE + 16;
    uint8_t *payload = read_payload(length, fixed);
    rb_limits limits = get_limits(payload);
    uint64_t seed = get_u64(payload + LIMITS_SIZE);
    is_session = get_u32(payload + LIMITS_SIZE + 8) != 0;
    if (is_session) statement = NO_STATEMENT;
    size_t at = fixed, names_length, prelude_length, source_length;
    char script_name[NAME_ROOM];
    const char *names = take_text(payload, &at, length, &names_length);
    const char *prelude = take_text(payload, &at, length, &prelude_length);
    take_name(payload, &at, length, script_name);
    const char *source = take_text(payload, &at, length, &source_length);
    machine = rb_machine_new(limits, seed);
    if (!machine) broken("not enough memory for a machine: raise the memory limit");
    if (is_session) rb_machine_open_session(machine);
    else pass_on_signal();
    rb_machine_on_output(machine, send_output, NULL);
    bool is_begun = rb_machine_bind(machine, names, names_length) &&
                    rb_machine_prelude(machine, "prelude", prelude, prelude_length);
    if (is_begun && is_session && !rb_machine_is_ready(machine)) broken("the prelude does not say what runs statements");
    if (!is_begun || (!is_session && !rb_machine_start(machine, script_name, source, source_length))) {
        send_outcome(RB_FRAME_FAILED);
        _exit(0);
    }
    free(payload);
    if (is_session) send_ready();
    else run_until_waiting();
}

/* The next statement of a session. */
static void take_statement(size_t length) {
    const size_t fixed = LIMITS_SIZE + 8;
    if (!is_session || statement != NO_STATEMENT) broken("a statement from the host where none may come");
    uint8_t *payload = read_payload(length, fixed);
    size_t at = fixed, source_length;
    char name[NAME_ROOM];
    take_name(payload, &at, length, name);
    const char *source = take_text(payload, &at, length, &source_length);
    statement = (int)(get_u32(payload + LIMITS_SIZE) & INT32_MAX);
    bool is_begun = rb_machine_evaluate(machine, get_limits(payload), (rb_statement_kind)get_u32(payload + LIMITS_SIZE + 4),
                                        name, source, source_length);
    free(payload);
    if (is_begun) {
        pass_on_signal();
        run_until_waiting();
    } else {
        statement = NO_STATEMENT;
        send_outcome(RB_FRAME_FAILED);
        end_statement();
    }
}

/* No task waits for the call that the host has answered ahead. What the script did instead goes before: it shows where the
   script differs. */
static void diverge(uint32_t call) {
    uint8_t prefix[12];
    put_peak(prefix);
    put_u32(prefix + 8, call);
    send_output(NULL);
    send_frame(RB_FRAME_DIVERGED, prefix, sizeof prefix, NULL, 0);
    _exit(0);
}

/* What was sent for a statement that has ended. */
static void drop_frame(size_t length) {
    uint8_t bytes[4096];
    while (length > 0) {
        size_t count = length < sizeof bytes ? length : sizeof bytes;
        read_all(bytes, count);
        length -= count;
    }
}

/* An answer's JSON is read to where the machine wants it, and so counts as its memory alone. */
static void take_reply(size_t length, bool is_ahead) {
    uint8_t head[24];
    if (length < sizeof head) broken("a reply from the host is too short");
    read_all(head, sizeof head);
    length -= sizeof head;
    if (statement == NO_STATEMENT) return drop_frame(length); /* it was stopped just now */
    char *room;
    rb_machine_set_clock(machine, (int64_t)get_u64(head + 8), (int64_t)get_u64(head + 16));
    if (!rb_machine_begin_reply(machine, get_u32(head), get_u32(head + 4), length, &room)) {
        if (is_ahead) diverge(get_u32(head));
        broken("the host answered a call that does not wait");
    }
    if (room) read_all(room, length);
    rb_machine_end_reply(machine);
    if (statement != NO_STATEMENT) run_until_waiting(); /* else it was stopped while its answer was read */
}

/* The program's own memory, and what is reserved and not used. */
static const uint64_t beside = 1 << 30;

int main(int count, char **arguments) {
    /* runbook-vm PARENT MEMORY CPU-SECONDS confined|unconfined: for the host alone. */
    if (count != 5) {
        static const char usage[] = "runbook-vm is started by runbook, not by hand.\n";
        return write(STDERR_FILENO, usage, sizeof usage - 1) < 0 ? 1 : 64;
    }
    /* The C library reads the time zone's file once, here; it looks again when TZ changes, and then it must not. */
    setenv("TZ", "UTC0", 1);
    tzset();
    pid_t parent = (pid_t)strtol(arguments[1], NULL, 10);
    uint64_t memory = strtoull(arguments[2], NULL, 10);
    uint32_t cpu_seconds = (uint32_t)strtoul(arguments[3], NULL, 10);
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_RESTART | SA_SIGINFO};
    sigfillset(&action.sa_mask); /* one at a time: the first may end the process */
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
    char report_text[1024] = "{\"unconfined\":true}";
    size_t report_length = strlen(report_text);
    if (strcmp(arguments[4], "confined") == 0) {
        rb_confinement report;
        const char *problem = rb_confine(RB_WORKER_SOCKET, parent, memory > UINT64_MAX - beside ? UINT64_MAX : memory + beside, cpu_seconds, &report);
        if (problem) broken(problem);
        report_length = rb_confinement_json(&report, report_text, sizeof report_text);
    }
    setenv("TZ", "UTC0", 1);
    send_frame(RB_FRAME_HELLO, NULL, 0, report_text, report_length);
    size_t length;
    if (read_header(&length) != RB_FRAME_INIT) broken("the first frame from the host is not the one expected");
    start_machine(length);
    for (;;) {
        char type = read_header(&length);
        if (type == RB_FRAME_STATEMENT) {
            take_statement(length);
        } else if (statement == NO_STATEMENT) {
            drop_frame(length);
        } else if (type == RB_FRAME_REPLY || type == RB_FRAME_AHEAD) {
            take_reply(length, type == RB_FRAME_AHEAD);
        } else if (type == RB_FRAME_SYNCHRONIZE && length == 0) {
            send_output(NULL);
            send_frame(RB_FRAME_WAITING, NULL, 0, NULL, 0);
        } else if (type == RB_FRAME_NARROW && length == LIMITS_SIZE) {
            uint8_t limits[LIMITS_SIZE];
            read_all(limits, sizeof limits);
            rb_machine_narrow(machine, get_limits(limits));
            if (!has_frame_ahead()) send_output(NULL); /* what waited for this frame to be taken */
        } else {
            broken("a frame from the host is not the one expected");
        }
    }
}
