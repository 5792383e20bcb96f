/*
 * Runs scripts on a machine that is built with sanitizers: drive NAMES PRELUDE SCRIPT…
 *
 * Each script runs with a count hook that preempts it, as in process, and without one, as in a worker. Both must end in
 * the same way, with the same calls, unless time has ended one of them. Then it runs in both ways as statements of a session,
 * which goes on whatever ends them. A script whose first line says `little memory` is run with ever more of it, so that it runs
 * out at every place; one that says `confined only` is not run at all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"

#define MEMORY ((uint64_t)16 << 20)
#define MILLISECONDS 150

static const char *const ends[] = {"was refused", "finished", "failed", "was stopped by a limit", "stood still in a C function of Lua's"};

/* Whether the first line of a script holds a mark. */
static bool is_marked(const char *source, const char *mark) {
    const char *end = strchr(source, '\n'), *at = strstr(source, mark);
    return at && (!end || at < end);
}

/* Runs a script in both ways; returns whether all is well. */
static bool run_both_ways(fake_run *model, const char *path) {
    fake_run runs[2];
    fake_end outcomes[2];
    bool is_well = true;
    for (int mode = 0; mode < 2; mode++) {
        runs[mode] = *model;
        runs[mode].limits.slice = mode == 0 ? 0 : 2;
        outcomes[mode] = fake_host_run(&runs[mode]);
        if (outcomes[mode] != FAKE_STUCK) continue;
        printf("%s: %s (%s). Mark it `confined only` in its first line.\n", path, ends[FAKE_STUCK], mode == 0 ? "no hook" : "preempted");
        is_well = false;
    }
    const rb_buffer *left = &runs[0].transcript, *right = &runs[1].transcript;
    bool is_comparable = is_well && !runs[0].interrupted && !runs[1].interrupted;
    bool is_same = outcomes[0] == outcomes[1] &&
                   (outcomes[0] == FAKE_LIMITED || (left->length == right->length && memcmp(left->bytes, right->bytes, left->length) == 0));
    if (is_comparable && !is_same) {
        printf("%s: without a hook it %s, preempted it %s, or what it put out differs.\n", path, ends[outcomes[0]], ends[outcomes[1]]);
        for (int mode = 0; mode < 2; mode++) {
            const rb_buffer *transcript = &runs[mode].transcript;
            size_t shown = transcript->length < 300 ? transcript->length : 300;
            const char *tail = (const char *)transcript->bytes + transcript->length - shown;
            printf("  %s: %.*s\n", mode == 0 ? "without a hook" : "preempted", (int)shown, tail);
        }
        is_well = false;
    }
    rb_buffer_free(&runs[0].transcript);
    rb_buffer_free(&runs[1].transcript);
    return is_well;
}

/* Runs a script as statements, some of which are interrupted. */
static bool run_in_session(fake_run *model, const char *path) {
    for (int mode = 0; mode < 2; mode++) {
        fake_run run = *model;
        run.limits.slice = mode == 0 ? 0 : 2;
        run.statements = 4;
        run.milliseconds = MILLISECONDS / 8;
        run.steps = mode == 0 ? 0 : 3;
        fake_end outcome = fake_host_run(&run);
        rb_buffer_free(&run.transcript);
        if (outcome != FAKE_STUCK) continue;
        printf("%s: %s (in a session). Mark it `confined only` in its first line.\n", path, ends[FAKE_STUCK]);
        return false;
    }
    return true;
}

/* Runs a script with so little memory that it ends at ever later places, until it ends well. */
static bool run_with_little_memory(fake_run *model, const char *path) {
    for (int mode = 0; mode < 2; mode++) {
        fake_run run = *model;
        run.limits.slice = mode == 0 ? 0 : 2;
        for (run.room = 1; run.room < MEMORY / 4; run.room += run.room / 100 + 700) {
            run.statements = run.statements ? 0 : 2;
            fake_end outcome = fake_host_run(&run);
            rb_buffer_free(&run.transcript);
            if (outcome != FAKE_LIMITED) break;
        }
        if (run.room >= MEMORY / 4) {
            printf("%s: it never had enough memory.\n", path);
            return false;
        }
    }
    return true;
}

int main(int count, char **arguments) {
    if (count < 4) {
        fprintf(stderr, "usage: drive NAMES PRELUDE SCRIPT…\n");
        return 64;
    }
    size_t names_length, prelude_length;
    char *names = fake_read_names(arguments[1], &names_length);
    char *prelude = fake_read_file(arguments[2], &prelude_length);
    if (!prelude) {
        perror(arguments[2]);
        _Exit(2); /* without a word on what is not freed */
    }
    bool is_well = true;
    for (int i = 3; i < count; i++) {
        const char *path = arguments[i], *slash = strrchr(path, '/');
        fake_run run = {.names = names, .names_length = names_length, .prelude = prelude, .prelude_length = prelude_length};
        char *source = fake_read_file(path, &run.source_length);
        if (!source) {
            perror(path);
            _Exit(2);
        }
        run.source = source;
        run.name = slash ? slash + 1 : path;
        run.limits = (rb_limits){.memory = MEMORY, .source = 1 << 20, .log = 4 << 20, .result = 1 << 20, .tasks = 2000};
        run.milliseconds = MILLISECONDS;
        run.backwards = true;
        fprintf(stderr, "%s\n", path); /* a finding names no script */
        if (!is_marked(source, "confined only")) {
            if (!run_both_ways(&run, path)) is_well = false;
            if (!run_in_session(&run, path)) is_well = false;
            if (is_marked(source, "little memory") && !run_with_little_memory(&run, path)) is_well = false;
        }
        free(source);
    }
    free(names);
    free(prelude);
    return is_well ? 0 : 1;
}
