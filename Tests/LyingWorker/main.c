/*
 * Stands where runbook-vm should and says what no worker says: what a hostile script could make of a worker it has taken
 * over. It is not confined, so it can do more than such a worker could.
 *
 * The script's text names the lie: what follows the last `!` of the first frame.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { worker_socket = 3, header_size = 5, frame_room = 1 << 20 };

static uint8_t out[frame_room];
static size_t used;

static void write_all(const void *bytes, size_t length) {
    const uint8_t *at = bytes;
    while (length > 0) {
        ssize_t written = write(worker_socket, at, length);
        if (written <= 0) _exit(0); /* the host has had enough */
        at += written;
        length -= (size_t)written;
    }
}

static void add(const void *bytes, size_t length) {
    if (length > sizeof out - used) _exit(2);
    memcpy(out + used, bytes, length);
    used += length;
}

static void add_number(uint64_t value, int bytes) {
    for (int byte = 0; byte < bytes; byte++) {
        uint8_t part = (uint8_t)(value >> (8 * byte));
        add(&part, 1);
    }
}

static void add_frame(char type, const void *payload, size_t length) {
    add_number(length, 4);
    add(&type, 1);
    add(payload, length);
}

static void send_out(void) {
    write_all(out, used);
    used = 0;
}

static void add_record(uint32_t id, uint32_t task, const char *name, const char *arguments) {
    size_t name_length = strlen(name), length = strlen(arguments);
    add_number(20 + name_length + length, 4);
    add("C", 1);
    add_number(id, 4);
    add_number(task, 4);
    add_number(1, 4);
    add_number(name_length, 4);
    add_number(length, 4);
    add(name, name_length);
    add(arguments, length);
}

static void add_outcome(char type, uint64_t peak, const char *json) {
    size_t length = strlen(json);
    add_number(8 + length, 4);
    add(&type, 1);
    add_number(peak, 8);
    add(json, length);
}

static void greet(void) {
    add_frame('H', "{}", 2);
    send_out();
}

static void call(uint32_t id) {
    add_record(id, id, "users.get", "[]");
    send_out();
}

/* Waits until the host hangs up, and reads nothing else. */
static void live_on(void) {
    for (;;) pause();
}

static void rest(long milliseconds) {
    struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/* Reads one whole frame; ends when the host hangs up. */
static size_t read_frame(uint8_t *into, size_t room) {
    size_t have = 0, wanted = header_size;
    while (have < wanted) {
        ssize_t count = read(worker_socket, into + have, wanted - have);
        if (count <= 0) _exit(0);
        have += (size_t)count;
        if (have == header_size && wanted == header_size) {
            wanted += (size_t)into[0] | (size_t)into[1] << 8 | (size_t)into[2] << 16 | (size_t)into[3] << 24;
            if (wanted > room) _exit(2);
        }
    }
    return have;
}

static void add_divergence(uint32_t call) {
    add_number(12, 4);
    add("D", 1);
    add_number(1000, 8);
    add_number(call, 4);
}

/* Reads frames up to the first one of that type. */
static void wait_for_frame(char type, uint8_t *frame) {
    do read_frame(frame, frame_room);
    while (frame[4] != (uint8_t)type);
}

/* The host asks for a word once every task waits. */
static void lie_of_waiting(const char *what, uint8_t *frame) {
    wait_for_frame('S', frame);
    if (strcmp(what, "waits-for-nothing") != 0) add_record(1, 1, "users.get", "[]");
    add_frame('W', "x", strcmp(what, "waits-with-content") == 0 ? 1 : 0);
    /* In one write, so that no answer comes between. */
    if (strcmp(what, "waits-twice") == 0) add_frame('W', "", 0);
    if (strcmp(what, "waits-and-calls") == 0) add_record(2, 2, "users.get", "[]");
    if (strcmp(what, "waits-and-ends") == 0) add_outcome('F', 1000, "1");
    send_out();
    if (strcmp(what, "waits") != 0) return;
    wait_for_frame('R', frame);
    add_outcome('F', 1000, "1");
    send_out();
    _exit(0);
}

static void block_signals(void) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
}

static void add_ready(void) { add_frame('Y', "", 0); }

/* Takes a statement, with a call and its answer. */
static void take_statement(uint32_t call, uint8_t *frame) {
    wait_for_frame('V', frame);
    add_record(call, 1, "users.get", "[]");
    send_out();
    wait_for_frame('R', frame);
}

/* What a session's worker says is told by its letters, in one write: Y ready, C a call, F a result, E a failure, L a limit that
   was asked for, M one that was not, W and D as ever, h half a frame. Between writes it waits for a statement (v), or for one
   with a call of its own (c). From b on it is deaf to signals. x is the end, z a sleep without one. */
static void lie_in_session(const char *what, uint8_t *frame) {
    uint32_t last_call = 0;
    for (; *what; what++) {
        switch (*what) {
        case 'Y': add_ready(); break;
        case 'C': add_record(++last_call, 1, "users.get", "[]"); break;
        case 'U': add_record(last_call, 1, "users.get", "[]"); break;
        case 'F': add_outcome('F', 1000, "1"); break;
        case 'E': add_outcome('E', 1000, "{\"kind\":\"error\"}"); break;
        case 'L': add_outcome('L', 1000, "{\"kind\":\"limit\",\"limit\":\"cancelled\"}"); break;
        case 'M': add_outcome('L', 1000, "{\"kind\":\"limit\",\"limit\":\"memory\"}"); break;
        case 'W': add_frame('W', "", 0); break;
        case 'D': add_divergence(1); break;
        case 'H': add_frame('H', "{}", 2); break;
        case 'h': add("\x10", 1); break;
        case 'b': block_signals(); break;
        case 'v':
            send_out();
            wait_for_frame('V', frame);
            break;
        case 'c':
            send_out();
            take_statement(++last_call, frame);
            break;
        case 'x': send_out(); _exit(0);
        case 'z': send_out(); live_on(); break;
        default: _exit(2);
        }
    }
    send_out();
}

static void pass_descriptors(void) {
    int descriptors[8];
    for (size_t index = 0; index < 8; index++) descriptors[index] = memfd_create("runbook-lying-worker", 0);
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof descriptors)];
    } control;
    memset(&control, 0, sizeof control);
    struct iovec vector = {.iov_base = out, .iov_len = used};
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.room};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof descriptors);
    memcpy(CMSG_DATA(header), descriptors, sizeof descriptors);
    if (sendmsg(worker_socket, &message, 0) != (ssize_t)used) _exit(2);
    used = 0;
}

/* A child that keeps the socket open when its parent is gone. */
static void leave_a_child(void) {
    uint8_t byte;
    if (fork() != 0) _exit(0);
    while (read(worker_socket, &byte, 1) > 0) {}
    _exit(0);
}

static bool lie_before_greeting(const char *what) {
    char large[5000];
    memset(large, ' ', sizeof large);
    if (strcmp(what, "no-greeting") == 0) call(1);
    else if (strcmp(what, "silence") == 0) live_on();
    else if (strcmp(what, "huge-greeting") == 0) {
        memcpy(large, "{}", 2);
        add_frame('H', large, sizeof large);
        send_out();
    } else if (strcmp(what, "greeting-without-json") == 0) {
        add_frame('H', "hello", 5);
        send_out();
    } else if (strcmp(what, "stopped-before-greeting") == 0) raise(SIGSTOP);
    else return false;
    return true;
}

static void lie(const char *what) {
    uint8_t *reply = malloc(frame_room);
    if (!reply) _exit(2);
    if (strncmp(what, "session-", 8) == 0) lie_in_session(what + 8, reply);
    else if (strcmp(what, "honest") == 0) {
        call(1);
        read_frame(reply, frame_room);
        add_outcome('F', 1000, "\"done\"");
        send_out();
        _exit(0);
    } else if (strcmp(what, "second-greeting") == 0) greet();
    else if (strcmp(what, "empty-frame") == 0) add_frame('C', "", 0);
    else if (strcmp(what, "unknown-type") == 0) add_frame('Z', "x", 1);
    else if (strcmp(what, "huge-length") == 0) add("\xff\xff\xff\xff" "C", 5);
    else if (strcmp(what, "half-a-header") == 0) add("\x10", 1);
    else if (strcmp(what, "half-a-frame") == 0) add("\x00\x10\x00\x00" "C123", 8);
    else if (strcmp(what, "cut-record") == 0) add_frame('C', "123", 3);
    else if (strcmp(what, "broken-arguments") == 0) add_record(1, 1, "users.delete", "[1");
    else if (strcmp(what, "name-of-controls") == 0) add_record(1, 1, "users\x1b[2J", "[]");
    else if (strcmp(what, "name-of-bytes") == 0) add_record(1, 1, "users\xff", "[]");
    else if (strcmp(what, "used-number") == 0) {
        call(7);
        read_frame(reply, frame_room);
        call(7);
    } else if (strcmp(what, "falling-numbers") == 0) {
        call(7);
        add_record(6, 1, "users.get", "[]");
    } else if (strcmp(what, "busy-task") == 0) {
        add_record(1, 1, "users.get", "[]"); /* in one write, so that no answer comes between */
        add_record(2, 1, "users.get", "[]");
    } else if (strcmp(what, "no-task") == 0) add_record(1, 0, "users.get", "[]");
    else if (strcmp(what, "flood-of-calls") == 0) {
        for (uint32_t id = 1;; id++) call(id);
    } else if (strcmp(what, "flood-of-notes") == 0 || strcmp(what, "flood-and-close") == 0) {
        for (int left = 50000; left > 0 || strcmp(what, "flood-of-notes") == 0; left--) {
            add_record(0, 1, "log", "[\"info\",\"a line of a hundred bytes, or about as many as that, which nobody will ever read\"]");
            send_out();
        }
        _exit(0);
    } else if (strcmp(what, "more-after-the-end") == 0) {
        add_outcome('F', 1000, "1");
        add_record(1, 1, "users.delete", "[7]");
    } else if (strcmp(what, "two-ends") == 0) {
        add_outcome('F', 1000, "1");
        add_outcome('F', 1000, "2");
    } else if (strcmp(what, "result-without-json") == 0) add_outcome('F', 1000, "{\"a\":}");
    else if (strcmp(what, "report-without-kind") == 0) add_outcome('E', 1000, "{\"message\":\"x\"}");
    else if (strcmp(what, "invented-time-limit") == 0) add_outcome('L', 1000, "{\"kind\":\"limit\",\"limit\":\"time\"}");
    else if (strcmp(what, "absurd-memory") == 0) add_outcome('F', UINT64_MAX, "1");
    else if (strcmp(what, "waits-unasked") == 0) {
        add_record(1, 1, "users.get", "[]");
        add_frame('W', "", 0);
    } else if (strcmp(what, "diverges-unasked") == 0) add_divergence(1);
    else if (strncmp(what, "waits", 5) == 0) lie_of_waiting(what, reply);
    else if (strncmp(what, "diverges", 8) == 0) {
        add_record(1, 1, "users.get", "[]"); /* answered ahead, as calls 2 and 3 are */
        if (strcmp(what, "diverges") == 0) add_divergence(2);
        else if (strcmp(what, "diverges-where-it-does-not") == 0) add_divergence(1);
        else add_frame('D', "12345678", 8);
        wait_for_frame('A', reply);
    } else if (strcmp(what, "skips-an-answer") == 0) {
        wait_for_frame('A', reply);
        add_record(1, 1, "users.get", "[]");
        add_record(3, 1, "users.get", "[]"); /* its answer comes after that to call 2, which is not made */
        add_record(4, 1, "users.get", "[]");
    } else if (strcmp(what, "close-and-live") == 0) close(worker_socket);
    else if (strcmp(what, "shut-and-live") == 0) shutdown(worker_socket, SHUT_WR);
    else if (strcmp(what, "exit") == 0) _exit(0);
    else if (strcmp(what, "exit-with-status") == 0) _exit(3);
    else if (strcmp(what, "leave-a-child") == 0) leave_a_child();
    else if (strcmp(what, "crash") == 0) raise(SIGSEGV);
    else if (strcmp(what, "stop") == 0) raise(SIGSTOP);
    else if (strcmp(what, "deaf") == 0) {
        block_signals();
        call(1);
        for (volatile unsigned long round = 0;; round++) {}
    } else if (strcmp(what, "drip") == 0) {
        /* Never done, never still. */
        add_number(100000, 4);
        add("C", 1);
        send_out();
        for (;;) {
            write_all("x", 1);
            rest(10);
        }
    } else if (strcmp(what, "never-read") == 0) {
        for (uint32_t id = 1; id <= 8; id++) call(id);
    } else if (strcmp(what, "pass-descriptors") == 0) {
        add_record(0, 1, "log", "[]");
        pass_descriptors();
        add_outcome('F', 1000, "1");
        send_out();
        _exit(0);
    } else _exit(2);
    send_out();
}

int main(void) {
    uint8_t *first = calloc(1, frame_room + 1);
    if (!first) return 2;
    /* A liar must not outlive a test that was cut short, nor leave an image; and a language's runtime that the package
       manager links in must not catch its crash. */
    struct rlimit none = {0, 0};
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    setrlimit(RLIMIT_CORE, &none);
    signal(SIGSEGV, SIG_DFL);
    read_frame(first, frame_room);
    char *what = NULL;
    for (size_t at = 0; at < frame_room; at++) {
        if (first[at] == '!') what = (char *)first + at + 1;
    }
    if (!what) return 2;
    if (!lie_before_greeting(what)) {
        greet();
        lie(what);
    }
    live_on();
}
