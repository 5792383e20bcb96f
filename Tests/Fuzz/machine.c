/*
 * A script, whatever it does: the machine ends it and keeps its promises to the host.
 *
 * The first byte chooses the limits, the order of replies and whether it is a session; then comes the script, and behind a NUL the host's
 * replies, one in each line: a character for how it is to be read (from '@' on, six bits), and its text. When they are
 * used up the pretended host finds its own.
 *
 * The script runs with a hook that preempts it and without one.
 */
#include <stdlib.h>
#include <string.h>

#include "check_json.h"
#include "fake_host.h"

static char *names, *prelude;
static size_t names_length, prelude_length;

/* scripts/fuzz and scripts/sanitize tell where these are. */
static void read_surroundings(void) {
    const char *names_path = getenv("RUNBOOK_FUZZ_NAMES"), *prelude_path = getenv("RUNBOOK_FUZZ_PRELUDE");
    if (!names_path || !prelude_path) finding("RUNBOOK_FUZZ_NAMES and RUNBOOK_FUZZ_PRELUDE are not set: use scripts/fuzz");
    names = fake_read_names(names_path, &names_length);
    prelude = fake_read_file(prelude_path, &prelude_length);
    if (!prelude) finding("%s cannot be read", prelude_path);
}

typedef struct replies {
    const char *at, *end;
} replies;

static void next_reply(void *context, const fake_call *call, fake_reply *reply) {
    replies *left = context;
    if (left->at >= left->end) {
        fake_answer(NULL, call, reply);
        return;
    }
    const char *line = left->at, *end = memchr(line, '\n', (size_t)(left->end - line));
    if (!end) end = left->end;
    left->at = end + 1;
    unsigned bits = end > line ? (unsigned)(*line - '@') & 63 : 0;
    reply->flags = (bits & 15) | (bits & 16 ? RB_REPLY_ERROR : 0) | (bits & 32 ? RB_REPLY_NOTHING : 0);
    reply->json = end > line ? line + 1 : line;
    reply->length = (size_t)(end - reply->json);
}

/* The compiler that checks scripts, and the one that runs them, agree. */
static void check_compiler(const fake_run *run, fake_end end) {
    size_t length;
    char *error;
    uint8_t *bytecode = rb_compile(run->name, run->source, run->source_length, &length, &error);
    if (!bytecode && !error) finding("not compiled, and no reason why");
    if (bytecode && end == FAKE_REFUSED) finding("compiled, but not started");
    if (!bytecode && end != FAKE_REFUSED && end != FAKE_LIMITED) finding("not compiled, but started: %s", error);
    rb_free(bytecode);
    rb_free(error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!names) read_surroundings();
    if (size == 0) return 0;
    unsigned choice = *data;
    const char *text = (const char *)data + 1, *end = (const char *)data + size;
    const char *source_end = memchr(text, 0, size - 1);
    if (!source_end) source_end = end;
    /* Exactly as long as it is: reading beyond it is seen. */
    size_t source_length = (size_t)(source_end - text);
    char *source = malloc(source_length ? source_length : 1);
    if (!source) abort();
    memcpy(source, text, source_length);
    for (int mode = 0; mode < 2; mode++) {
        replies left = {source_end < end ? source_end + 1 : end, end};
        fake_run run = {.names = names, .names_length = names_length, .prelude = prelude, .prelude_length = prelude_length};
        run.name = "fuzz.lua";
        run.source = source;
        run.source_length = source_length;
        run.limits = (rb_limits){.memory = choice & 1 ? 4 << 20 : 1 << 20, .source = 16 << 10, .log = 32 << 10};
        run.limits.result = choice & 2 ? 1 << 20 : 4 << 10;
        run.limits.tasks = choice & 4 ? 100 : 4;
        run.limits.slice = mode == 0 ? 2 : 0;
        run.steps = 10;
        run.milliseconds = 5;
        run.backwards = choice & 8;
        run.statements = choice & 16 ? 4 : 0;
        run.answer = next_reply;
        run.context = &left;
        fake_end outcome = fake_host_run(&run);
        if (source_length <= run.limits.source && run.statements == 0 && outcome != FAKE_STUCK) check_compiler(&run, outcome);
        rb_buffer_free(&run.transcript);
    }
    free(source);
    return 0;
}
