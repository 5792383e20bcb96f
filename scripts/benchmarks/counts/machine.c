/*
 * Gives the machine one kind of work, COUNT times over, for scripts/counts to count what it takes:
 *
 *   machine WORK COUNT NAMES PRELUDE REPLIES
 *
 * NAMES and PRELUDE are what the host binds and runs first. REPLIES is a folder: `user.json` answers `users.get`, and
 * `page.json` answers `users.page`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"

#define HEAD "runbook { needs = { 'users:read' } } local count = params.count "

static const struct work {
    const char *name, *script; /* which does it `count` times */
} works[] = {
    {"start", HEAD},
    {"call", HEAD "local get = users.get for _ = 1, count do get(7) end"},
    {"task-call", HEAD "local ids = {} for i = 1, count do ids[i] = i end parallel(ids, 16, users.get)"},
    {"decode-page", HEAD "local page = users.page for _ = 1, count do page { page = 0, size = 500 } end"},
    {"encode-page", HEAD "local users, encode = users.page { page = 0, size = 500 }, json.encode "
                         "for _ = 1, count do encode(users) end"},
    {"fib", HEAD "local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end "
                 "for _ = 1, count do fib(20) end"},
    {"pairs-record", HEAD "local record, sum = {}, 0 for i = 1, 10 do record['field' .. i] = i end "
                          "for _ = 1, count do for _, value in pairs(record) do sum = sum + value end end"},
    {"pairs-list", HEAD "local list, sum = {}, 0 for i = 1, 1000 do list[i] = i end "
                        "for _ = 1, count do for _, value in pairs(list) do sum = sum + value end end"},
    {"sort", HEAD "local unsorted, state = {}, 7 "
                  "for i = 1, 1000 do state = state * 1103515245 + 12345 & 0x7fffffff unsorted[i] = state end "
                  "local move, sort = table.move, table.sort "
                  "for _ = 1, count do sort(move(unsorted, 1, 1000, 1, {})) end"},
    {"log", HEAD "local fields, info = { login = 'ada' }, log.info for _ = 1, count do info('unlocked', fields) end"},
};

typedef struct text {
    char *bytes;
    size_t length;
} text;

typedef struct replies {
    text parameters, user, page;
} replies;

static void fail(const char *what, const char *detail, size_t length) {
    fprintf(stderr, "machine: %s: %.*s\n", what, (int)length, detail);
    exit(1);
}

static text read_text(const char *path) {
    text read;
    read.bytes = fake_read_file(path, &read.length);
    if (!read.bytes) fail("this file cannot be read", path, strlen(path));
    return read;
}

static void require(rb_machine *machine, bool holds, const char *what) {
    if (holds) return;
    size_t length;
    const char *payload = rb_machine_payload(machine, &length);
    fail(what, payload, length);
}

static bool is(const char *name, size_t length, const char *wanted) {
    return length == strlen(wanted) && memcmp(name, wanted, length) == 0;
}

static uint32_t get_u32(const uint8_t *at) {
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

/* Answers the calls that the machine has put out, and drops its notes. */
static void answer(rb_machine *machine, const replies *given) {
    size_t length;
    const uint8_t *at = rb_machine_take_output(machine, &length), *end = at + length;
    while (at < end) {
        uint32_t id = get_u32(at), name_length = get_u32(at + 12), arguments_length = get_u32(at + 16);
        const char *name = (const char *)at + 20;
        at += 20 + name_length + arguments_length;
        if (id == 0) continue;
        const text *reply = &given->user;
        unsigned flags = RB_REPLY_DROP_LINKS;
        if (is(name, name_length, "runbook")) {
            reply = &given->parameters;
        } else if (is(name, name_length, "users.page")) {
            reply = &given->page;
            flags |= RB_REPLY_RESOURCES | RB_REPLY_PAGE;
        } else if (!is(name, name_length, "users.get")) {
            fail("nothing answers this call", name, name_length);
        }
        require(machine, rb_machine_reply(machine, id, flags, reply->bytes, reply->length), "a reply was refused");
    }
}

static void run(const text *names, const text *prelude, const replies *given, const char *script) {
    rb_limits limits = {.memory = 1 << 28, .source = 1 << 20, .log = 1 << 28, .result = 1 << 20, .tasks = 10000};
    rb_machine *machine = rb_machine_new(limits, 7);
    if (!machine) fail("there is no memory for a machine", "", 0);
    require(machine, rb_machine_bind(machine, names->bytes, names->length), "the names could not be bound");
    require(machine, rb_machine_prelude(machine, "prelude", prelude->bytes, prelude->length), "the prelude failed");
    require(machine, rb_machine_start(machine, "work.lua", script, strlen(script)), "the script is wrong");
    rb_event event;
    while ((event = rb_machine_step(machine)) == RB_EVENT_WAITING) answer(machine, given);
    require(machine, event == RB_EVENT_FINISHED, "the script failed");
    answer(machine, given);
    rb_machine_free(machine);
}

int main(int count, char **arguments) {
    if (count != 6) {
        fprintf(stderr, "usage: machine WORK COUNT NAMES PRELUDE REPLIES\n");
        return 64;
    }
    char path[4096], parameters[64];
    text names;
    names.bytes = fake_read_names(arguments[3], &names.length);
    text prelude = read_text(arguments[4]);
    replies given = {.parameters = {parameters, (size_t)snprintf(parameters, sizeof parameters, "{\"count\":%s}", arguments[2])}};
    snprintf(path, sizeof path, "%s/user.json", arguments[5]);
    given.user = read_text(path);
    snprintf(path, sizeof path, "%s/page.json", arguments[5]);
    given.page = read_text(path);

    const struct work *work = works, *last = works + sizeof works / sizeof *works;
    while (work < last && strcmp(work->name, arguments[1]) != 0) work++;
    if (work == last) fail("there is no such work", arguments[1], strlen(arguments[1]));
    unsigned long runs = work == works ? strtoul(arguments[2], NULL, 10) : 1; /* `start` is done by starting */
    for (unsigned long i = 0; i < runs; i++) run(&names, &prelude, &given, work->script);
    free(names.bytes);
    free(prelude.bytes);
    free(given.user.bytes);
    free(given.page.bytes);
    return 0;
}
