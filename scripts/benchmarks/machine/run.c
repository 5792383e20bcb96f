/*
 * Runs Lua files on the product's machine, as the confined worker does, without a host: run [--hooks] FILE…
 *
 * With --hooks the machine counts instructions, as it does in the host's own process. The script has no host to
 * call; its result is not shown.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rb.h"

static char *read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    size_t capacity = 1 << 20;
    char *text = malloc(capacity);
    *length = text ? fread(text, 1, capacity, file) : 0;
    fclose(file);
    return text;
}

static void fail(rb_machine *machine, const char *path) {
    size_t length;
    const char *payload = rb_machine_payload(machine, &length);
    fprintf(stderr, "%s: %.*s\n", path, (int)length, payload);
    exit(1);
}

static void run(const char *path, uint32_t slice) {
    size_t length;
    char *source = read_file(path, &length);
    if (!source) {
        perror(path);
        exit(1);
    }
    rb_limits limits = {
        .memory = (uint64_t)1 << 30, .source = 1 << 20, .log = 1 << 20, .result = 1 << 20, .tasks = 10, .slice = slice};
    rb_machine *machine = rb_machine_new(limits, 42);
    if (!machine) {
        fprintf(stderr, "there is not enough memory for a machine\n");
        exit(1);
    }
    if (!rb_machine_start(machine, path, source, length)) fail(machine, path);
    rb_event event;
    do event = rb_machine_step(machine);
    while (event == RB_EVENT_PREEMPTED);
    if (event != RB_EVENT_FINISHED) fail(machine, path);
    rb_machine_free(machine);
    free(source);
}

int main(int count, char **arguments) {
    int first = 1;
    uint32_t slice = 0;
    if (count > 1 && strcmp(arguments[1], "--hooks") == 0) {
        slice = 2;
        first = 2;
    }
    if (first >= count) {
        fprintf(stderr, "usage: run [--hooks] FILE…\n");
        return 64;
    }
    for (int i = first; i < count; i++) run(arguments[i], slice);
    return 0;
}
