#include "fake_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_json.h"
#include "watch.h"

/* MARK: What the machine puts out */

static uint32_t get_u32(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

void fake_check_records(const uint8_t *bytes, size_t length, uint32_t *last_call,
                        void (*each)(void *context, const fake_call *call), void *context) {
    const size_t header = 20;
    for (size_t at = 0; at < length;) {
        if (length - at < header) finding("a record is cut short");
        fake_call call = {.id = get_u32(bytes + at), .name_length = get_u32(bytes + at + 12), .arguments_length = get_u32(bytes + at + 16)};
        at += header;
        if (call.name_length == 0 || call.name_length > length - at) finding("a record's name is cut short");
        call.name = (const char *)bytes + at;
        at += call.name_length;
        if (call.arguments_length > length - at) finding("a record's arguments are cut short");
        call.arguments = (const char *)bytes + at;
        at += call.arguments_length;
        const char *problem = json_problem(call.arguments, call.arguments_length);
        if (problem || call.arguments[0] != '[') {
            finding("the arguments of %.*s are not a JSON array (%s): %.*s", (int)call.name_length, call.name,
                    problem ? problem : "something else", (int)call.arguments_length, call.arguments);
        }
        if (call.id == 0) continue;
        if (call.id <= *last_call) finding("call %u comes after call %u", call.id, *last_call);
        *last_call = call.id;
        if (each) each(context, &call);
    }
}

void fake_check_outcome(rb_event event, const char *payload, size_t length) {
    const char *problem = json_problem(payload, length);
    if (problem && event == RB_EVENT_FINISHED) finding("the result is not JSON: %s", problem);
    bool is_report = event == RB_EVENT_FINISHED || json_has_string(payload, length, "kind");
    if (event == RB_EVENT_LIMIT) is_report = is_report && json_has_string(payload, length, "limit");
    if (!is_report) finding("event %d says nothing of its cause: %.*s", event, (int)length, payload);
}

/* MARK: Running */

typedef struct waiting_call {
    uint32_t id;
    fake_reply reply;
} waiting_call;

typedef struct host {
    fake_run *run;
    rb_limits limits;
    rb_machine *machine;
    uint32_t last_call;
    waiting_call *waiting; /* those that are not answered yet */
    size_t count, capacity;
    watch watch;
} host;

static void note_call(void *context, const fake_call *call) {
    host *h = context;
    if (h->count == h->capacity) {
        h->capacity = h->capacity ? h->capacity * 2 : 16;
        h->waiting = realloc(h->waiting, h->capacity * sizeof *h->waiting);
        if (!h->waiting) abort();
    }
    waiting_call *entry = &h->waiting[h->count++];
    fake_reply reply = {0};
    (h->run->answer ? h->run->answer : fake_answer)(h->run->context, call, &reply);
    entry->id = call->id;
    entry->reply = reply;
    char *copy = malloc(reply.length);
    if (!copy && reply.length) abort();
    if (reply.length) memcpy(copy, reply.json, reply.length);
    entry->reply.json = copy;
}

static void take_output(void *context) {
    host *h = context;
    size_t length;
    const uint8_t *records = rb_machine_take_output(h->machine, &length);
    rb_buffer_append(&h->run->transcript, records, length);
    fake_check_records(records, length, &h->last_call, note_call, h);
}

static void drop_calls(host *h) {
    for (size_t i = 0; i < h->count; i++) free((char *)h->waiting[i].reply.json);
    h->count = 0;
}

/* Answers all calls that wait, and no other. */
static void answer_calls(host *h) {
    if (rb_machine_reply(h->machine, h->last_call + 1, 0, "1", 1)) finding("a call that was not made was answered");
    for (size_t i = 0; i < h->count; i++) {
        const waiting_call *entry = &h->waiting[h->run->backwards ? h->count - 1 - i : i];
        rb_machine_set_clock(h->machine, 1700000000000 + entry->id, entry->id);
        if (!rb_machine_reply(h->machine, entry->id, entry->reply.flags, entry->reply.json, entry->reply.length))
            finding("call %u could not be answered", entry->id);
        if (rb_machine_reply(h->machine, entry->id, 0, "1", 1)) finding("call %u was answered twice", entry->id);
    }
    drop_calls(h);
}

static rb_event step_to_end(host *h) {
    unsigned preempted = 0;
    for (;;) {
        rb_event event = rb_machine_step(h->machine);
        take_output(h);
        uint64_t peak, used = rb_machine_memory(h->machine, &peak);
        if (used > peak || peak > h->run->limits.memory + (1 << 20)) finding("%zu bytes are more than the limit", (size_t)peak);
        if (event == RB_EVENT_PREEMPTED) {
            if (++preempted != h->run->steps) continue;
            h->run->interrupted = true;
            rb_machine_interrupt(h->machine, RB_INTERRUPT_CANCEL);
        } else if (event == RB_EVENT_WAITING) {
            if (h->count == 0) finding("the machine waits for a call that it has not made");
            answer_calls(h);
        } else {
            return event;
        }
    }
}

static void append_words(host *h, rb_event event) {
    size_t length;
    const char *payload = rb_machine_payload(h->machine, &length);
    fake_check_outcome(event, payload, length);
    rb_buffer_append_byte(&h->run->transcript, (uint8_t)('0' + event));
    rb_buffer_append(&h->run->transcript, payload, length);
}

/* Runs to its end what was begun, if it was. */
static fake_end finish(host *h, bool is_begun) {
    if (!is_begun) {
        append_words(h, RB_EVENT_FAILED);
        return FAKE_REFUSED;
    }
    rb_event event = step_to_end(h);
    append_words(h, event);
    drop_calls(h);
    if (event == RB_EVENT_LIMIT) {
        if (rb_machine_step(h->machine) != RB_EVENT_LIMIT) finding("a run that a limit has ended goes on");
        append_words(h, event);
        return FAKE_LIMITED;
    }
    return event == RB_EVENT_FINISHED ? FAKE_FINISHED : FAKE_FAILED;
}

static fake_end run_script(host *h) {
    fake_run *run = h->run;
    watch_begin(&h->watch, run->milliseconds);
    fake_end end = finish(h, rb_machine_start(h->machine, run->name, run->source, run->source_length));
    watch_end();
    return end;
}

/* The machine must be as good as new after each statement: this one has a known result. */
static void check_session(host *h) {
    static const char source[] = "return 6 * 7";
    size_t length;
    if (!rb_machine_evaluate(h->machine, h->limits, RB_STATEMENT, "check", source, sizeof source - 1)) finding("a statement is refused");
    rb_event event = step_to_end(h);
    const char *payload = rb_machine_payload(h->machine, &length);
    bool is_starved = event == RB_EVENT_LIMIT && !rb_machine_is_ready(h->machine);
    if (is_starved && h->run->room) return;
    if (event != RB_EVENT_FINISHED || length != 4 || memcmp(payload, "[42]", 4) != 0)
        finding("after the script a statement ends with event %d: %.*s", event, (int)length, payload);
}

/* Runs the script as statements of all kinds. */
static fake_end run_session(host *h) {
    fake_run *run = h->run;
    fake_end end = FAKE_REFUSED;
    bool was_interrupted = false;
    for (unsigned i = 0; i < run->statements && rb_machine_is_ready(h->machine); i++) {
        watch_begin(&h->watch, run->milliseconds);
        end = finish(h, rb_machine_evaluate(h->machine, h->limits, (rb_statement_kind)(i % 3), run->name, run->source, run->source_length));
        watch_end();
        was_interrupted = was_interrupted || h->watch.interrupted;
        if (end == FAKE_LIMITED && !rb_machine_is_ready(h->machine)) {
            size_t length;
            const char *payload = rb_machine_payload(h->machine, &length);
            if (!strstr(payload, "\"limit\":\"memory\"")) finding("a session is lost by %.*s", (int)length, payload);
            break;
        }
        /* Of signals that came when it had ended already nothing is left. */
        rb_machine_interrupt(h->machine, RB_INTERRUPT_CANCEL);
        check_session(h);
    }
    h->watch.interrupted = was_interrupted;
    return end;
}

/* Machines that stand in Lua's library for good: kept, so that what they hold is no leak. */
static struct abandoned {
    rb_machine *machine;
    struct abandoned *next;
} *abandoned;

fake_end fake_host_run(fake_run *run) {
    /* On the heap: a local that is changed after sigsetjmp has no certain value when it returns again. */
    host *h = calloc(1, sizeof *h);
    if (!h) abort();
    h->run = run;
    run->interrupted = false;
    rb_buffer_clear(&run->transcript);
    h->machine = rb_machine_new(run->limits, 7);
    if (!h->machine) finding("a machine could not be made: the memory limit is too low for one");
    h->watch.machine = h->machine;
    rb_machine_on_output(h->machine, take_output, h);
    if (run->statements > 0) rb_machine_open_session(h->machine);
    if (!rb_machine_bind(h->machine, run->names, run->names_length)) finding("the names could not be bound");
    if (!rb_machine_prelude(h->machine, "prelude", run->prelude, run->prelude_length)) {
        size_t length;
        const char *payload = rb_machine_payload(h->machine, &length);
        finding("the prelude failed: %.*s", (int)length, payload);
    }
    if (run->statements > 0 && !rb_machine_is_ready(h->machine)) finding("the prelude runs no statements");
    h->limits = run->limits;
    if (run->room) {
        h->limits.memory = rb_machine_memory(h->machine, NULL) + run->room;
        rb_machine_narrow(h->machine, h->limits);
    }
    fake_end end;
    if (sigsetjmp(h->watch.stuck, 1) == 0) {
        end = run->statements > 0 ? run_session(h) : run_script(h);
        rb_machine_free(h->machine);
    } else {
        end = FAKE_STUCK;
        struct abandoned *entry = calloc(1, sizeof *entry);
        if (!entry) abort();
        *entry = (struct abandoned){h->machine, abandoned};
        abandoned = entry;
        drop_calls(h);
    }
    run->interrupted = run->interrupted || h->watch.interrupted;
    free(h->waiting);
    free(h);
    return end;
}

/* MARK: Answers */

static bool ends_in(const fake_call *call, const char *text) {
    size_t length = strlen(text);
    return call->name_length >= length && memcmp(call->name + call->name_length - length, text, length) == 0;
}

static bool is(const fake_call *call, const char *text) { return call->name_length == strlen(text) && ends_in(call, text); }

void fake_answer(void *context, const fake_call *call, fake_reply *reply) {
    (void)context;
    static const char user[] =
        "{\"id\":7,\"login\":\"ana\",\"name\":\"Ana Ñ\",\"email\":\"ana@example.org\",\"locked\":true,\"enabled\":true,"
        "\"authentication\":{\"type\":\"normal\"},\"role\":{\"id\":\"user\",\"allSites\":false},"
        "\"links\":[{\"rel\":\"self\",\"href\":\"x\"}],\"locale\":null}";
    static const char page[] =
        "{\"resources\":[{\"id\":7,\"login\":\"ana\",\"email\":\"ana@example.org\",\"locked\":true,\"enabled\":true,"
        "\"role\":{\"id\":\"user\"}},{\"id\":8,\"login\":\"bo\",\"email\":\"bo@example.org\",\"locked\":false,"
        "\"enabled\":true,\"role\":{\"id\":\"admin\"}},{\"id\":9,\"login\":\"cy\"}],"
        "\"page\":{\"number\":0,\"size\":500,\"totalPages\":1,\"totalResources\":3},\"links\":[]}";
    const char *json = "";
    reply->flags = RB_REPLY_NOTHING;
    if (is(call, "runbook")) {
        reply->flags = 0;
        json = "{\"role\":\"user\",\"email\":\"ana@example.org\",\"least_role\":\"user\",\"xpanse\":true,\"count\":3,\"token\":\"t\"}";
    } else if (is(call, "clock")) {
        reply->flags = 0;
        json = "{\"unix\":1700000000000,\"run\":5}";
    } else if (is(call, "confirm")) {
        reply->flags = 0;
        json = "true";
    } else if (is(call, "secrets.generate")) {
        reply->flags = RB_REPLY_SECRETS;
        json = "{\"$secret\":1}";
    } else if (is(call, "secrets.reveal")) {
        reply->flags = 0;
        json = "\"s\\u00e9cret\"";
    } else if (call->id % 11 == 10) {
        reply->flags = RB_REPLY_ERROR;
        json = "{\"kind\":\"not_found\",\"message\":\"no such thing\",\"operation\":\"a.b\",\"status\":404}";
    } else if (ends_in(call, ".page")) {
        reply->flags = RB_REPLY_RESOURCES | RB_REPLY_PAGE | RB_REPLY_DROP_LINKS;
        json = page;
    } else if (ends_in(call, ".get")) {
        reply->flags = RB_REPLY_DROP_LINKS;
        json = user;
    } else if (ends_in(call, ".list") || ends_in(call, ".users") || ends_in(call, "s")) {
        reply->flags = RB_REPLY_RESOURCES | RB_REPLY_DROP_LINKS;
        json = page;
    }
    reply->json = json;
    reply->length = strlen(json);
}

/* MARK: Files */

char *fake_read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    rb_buffer content = {0};
    uint8_t chunk[4096];
    size_t count;
    while ((count = fread(chunk, 1, sizeof chunk, file)) > 0) rb_buffer_append(&content, chunk, count);
    bool failed = ferror(file) || content.failed;
    fclose(file);
    *length = content.length;
    rb_buffer_append_byte(&content, 0);
    if (failed) {
        rb_buffer_free(&content);
        return NULL;
    }
    return (char *)content.bytes;
}

char *fake_read_names(const char *path, size_t *length) {
    char *names = fake_read_file(path, length);
    if (!names || *length == 0) {
        fprintf(stderr, "%s: there is no list of names to bind\n", path);
        exit(2);
    }
    for (char *at = names; at < names + *length; at++)
        if (*at == '\n') *at = 0;
    return names;
}
