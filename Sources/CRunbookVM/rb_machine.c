#include "rb_internal.h"

#include <stdlib.h>
#include <string.h>

/* --- memory ------------------------------------------------------------------------------------------------------ */

/* Lua's allocator: refuses what would pass the limit. Lua then collects and asks once more before it raises. */
static void *allocate(void *context, void *block, size_t old_size, size_t new_size) {
    rb_machine *machine = context;
    uint64_t before = block ? old_size : 0; /* without a block the old size is a type tag */
    if (new_size == 0) {
        free(block);
        machine->memory -= before;
        return NULL;
    }
    if (new_size > before) {
        uint64_t limit = machine->limits.memory + (machine->reserve_open ? RB_MEMORY_RESERVE : 0);
        uint64_t wanted = machine->memory + (new_size - before);
        if (wanted > limit || wanted < machine->memory) return NULL;
    }
    void *moved = realloc(block, new_size);
    if (!moved) return NULL;
    machine->memory = machine->memory - before + new_size;
    if (machine->memory > machine->memory_peak) machine->memory_peak = machine->memory;
    return moved;
}

void rb_machine_set_memory(rb_machine *machine, uint64_t bytes) { machine->limits.memory = bytes; }

uint64_t rb_machine_memory(const rb_machine *machine, uint64_t *peak) {
    if (peak) *peak = machine->memory_peak;
    return machine->memory;
}

/* --- dying ------------------------------------------------------------------------------------------------------- */

bool rb_can_yield(lua_State *L) { return rb_of(L)->blocked == 0 && lua_isyieldable(L); }

int rb_die_again_may_raise(lua_State *L) {
    rb_machine *machine = rb_of(L);
    if (rb_can_yield(L)) {
        machine->surface = RB_SURFACE_KILL;
        return lua_yield(L, 0);
    }
    /* No way up by yield from here: an error goes as far as the next handler, and ours all come back to this line. */
    lua_sethook(L, rb_hook_may_raise, LUA_MASKCOUNT, 1);
    lua_pushliteral(L, "the run has been stopped");
    return lua_error(L);
}

int rb_kill_may_raise(lua_State *L, rb_death death) {
    rb_machine *machine = rb_of(L);
    if (machine->death == RB_ALIVE) {
        machine->death = death;
        rb_report_limit(machine, L); /* now: after a yield from a hook Lua 5.4.4 tells the wrong line */
    }
    return rb_die_again_may_raise(L);
}

static rb_death death_by(int interrupt) {
    return interrupt == RB_INTERRUPT_TIME ? RB_DEAD_TIME : interrupt == RB_INTERRUPT_CANCEL ? RB_DEAD_CANCELLED : RB_ALIVE;
}

void rb_hook_may_raise(lua_State *L, lua_Debug *record) {
    (void)record;
    rb_machine *machine = rb_of(L);
    if (machine->death != RB_ALIVE) {
        rb_die_again_may_raise(L);
        return;
    }
    rb_death death = death_by(atomic_load_explicit(&machine->interrupt, memory_order_relaxed));
    if (death != RB_ALIVE) {
        rb_kill_may_raise(L, death);
        return;
    }
    if (machine->limits.slice && ++machine->hooks >= machine->limits.slice && rb_can_yield(L)) {
        machine->surface = RB_SURFACE_PREEMPT;
        lua_yield(L, 0);
    }
}

void rb_machine_interrupt(rb_machine *machine, rb_interrupt why) {
    atomic_store(&machine->interrupt, (int)why);
    /* Without a hook that is always armed the signal handler arms one where the script runs; Lua's own interpreter does so too. */
    if (machine->limits.slice == 0) {
        lua_State *running = machine->running;
        if (running) lua_sethook(running, rb_hook_may_raise, LUA_MASKCOUNT, 1);
    }
}

/* --- tasks ------------------------------------------------------------------------------------------------------- */

void rb_task_make_ready(rb_machine *machine, rb_task *task) {
    task->state = RB_TASK_READY;
    task->queue = NULL;
    if (machine->ready_last) machine->ready_last->queue = task;
    else machine->ready = task;
    machine->ready_last = task;
}

static rb_task *take_ready(rb_machine *machine) {
    rb_task *task = machine->ready;
    machine->ready = task->queue;
    if (!machine->ready) machine->ready_last = NULL;
    return task;
}

rb_task *rb_task_find(rb_machine *machine, uint32_t number) {
    for (rb_task *task = machine->tasks; task; task = task->next)
        if (task->number == number) return task;
    return NULL;
}

/* Makes a task of the function and `arguments` values on top of the stack, and pops them. */
rb_task *rb_task_spawn_may_raise(lua_State *L, int arguments) {
    rb_machine *machine = rb_of(L);
    if (machine->task_count >= machine->limits.tasks) rb_kill_may_raise(L, RB_DEAD_TASKS);
    lua_State *thread = lua_newthread(L);
    int anchor = luaL_ref(L, LUA_REGISTRYINDEX);
    if (!lua_checkstack(thread, arguments + 8)) luaL_error(L, "not enough memory for a task");
    rb_task *task = calloc(1, sizeof *task);
    if (!task) luaL_error(L, "not enough memory for a task");
    lua_xmove(L, thread, arguments + 1);
    *rb_thread_bits(thread) = RB_THREAD_TASK | RB_THREAD_BUSY;
    if (machine->limits.slice) lua_sethook(thread, rb_hook_may_raise, LUA_MASKCOUNT, RB_HOOK_COUNT);
    task->L = thread;
    task->anchor = anchor;
    task->arguments = arguments;
    task->number = machine->next_task++;
    task->next = machine->tasks;
    machine->tasks = task;
    machine->task_count++;
    rb_task_make_ready(machine, task);
    return task;
}

static void remove_task(rb_machine *machine, rb_task *task, bool unanchor) {
    for (rb_task **link = &machine->tasks; *link; link = &(*link)->next)
        if (*link == task) {
            *link = task->next;
            break;
        }
    machine->task_count--;
    if (unanchor) luaL_unref(machine->L, LUA_REGISTRYINDEX, task->anchor); /* sets existing slots: cannot raise */
    free(task->reply);
    free(task);
}

static void remove_all_tasks(rb_machine *machine) {
    while (machine->tasks) remove_task(machine, machine->tasks, true);
    machine->ready = machine->ready_last = NULL;
    machine->waiting = 0;
}

/* --- making and ending ------------------------------------------------------------------------------------------- */

static int panic(lua_State *L) {
    (void)L;
    abort(); /* an error outside a protected call: a fault of this shim, never to be carried on from */
}

static int open_may_raise(lua_State *L) {
    rb_json_open_may_raise(L);
    rb_error_open_may_raise(L);
    rb_base_open_may_raise(L);
    rb_coroutine_open_may_raise(L);
    rb_protect_open_may_raise(L);
    return 0;
}

rb_machine *rb_machine_new(rb_limits limits, uint64_t seed) {
    rb_machine *machine = calloc(1, sizeof *machine);
    if (!machine) return NULL;
    machine->limits = limits;
    machine->seed = seed;
    machine->next_task = machine->next_call = 1;
    if (limits.output) {
        size_t limit = (size_t)limits.output + 64 * 1024; /* room for the record that passes the limit */
        machine->output.limit = machine->payload.limit = machine->scratch.limit = limit;
    }
    machine->codec = rb_json_new();
    if (machine->codec) machine->L = lua_newstate(allocate, machine);
    if (!machine->L) {
        rb_machine_free(machine);
        return NULL;
    }
    lua_atpanic(machine->L, panic);
    /* A script that gets hold of the main thread can neither resume nor close it. */
    *rb_thread_bits(machine->L) = RB_THREAD_BUSY | RB_THREAD_TASK;
    if (limits.slice) lua_sethook(machine->L, rb_hook_may_raise, LUA_MASKCOUNT, RB_HOOK_COUNT);
    lua_pushcfunction(machine->L, open_may_raise);
    if (lua_pcall(machine->L, 0, 0, 0) != LUA_OK) {
        rb_machine_free(machine);
        return NULL;
    }
    return machine;
}

void rb_machine_free(rb_machine *machine) {
    if (!machine) return;
    while (machine->tasks) remove_task(machine, machine->tasks, false);
    if (machine->L) lua_close(machine->L);
    rb_json_free(machine->codec);
    rb_buffer_free(&machine->output);
    rb_buffer_free(&machine->taken);
    rb_buffer_free(&machine->payload);
    rb_buffer_free(&machine->scratch);
    free(machine);
}

typedef struct chunk {
    const char *name, *source;
    size_t length;
} chunk;

static int bind_may_raise(lua_State *L) {
    const chunk *names = lua_touserdata(L, 1);
    rb_call_bind_may_raise(L, names->source, names->length);
    return 0;
}

bool rb_machine_bind(rb_machine *machine, const char *names, size_t length) {
    chunk argument = {NULL, names, length};
    lua_pushcfunction(machine->L, bind_may_raise);
    lua_pushlightuserdata(machine->L, &argument);
    if (lua_pcall(machine->L, 1, 0, 0) == LUA_OK) return true;
    rb_report_failure(machine, machine->L);
    return false;
}

static int prelude_may_raise(lua_State *L) {
    const chunk *prelude = lua_touserdata(L, 1);
    if (luaL_loadbufferx(L, prelude->source, prelude->length, RB_PRELUDE_SOURCE, "t") != LUA_OK) return lua_error(L);
    rb_call_open_may_raise(L);
    lua_call(L, 1, 0);
    return 0;
}

bool rb_machine_prelude(rb_machine *machine, const char *name, const char *source, size_t length) {
    chunk argument = {name, source, length};
    lua_pushcfunction(machine->L, prelude_may_raise);
    lua_pushlightuserdata(machine->L, &argument);
    if (lua_pcall(machine->L, 1, 0, 0) == LUA_OK) return true;
    rb_report_failure(machine, machine->L);
    return false;
}

static int start_may_raise(lua_State *L) {
    const chunk *script = lua_touserdata(L, 1);
    lua_pushfstring(L, "@%s", script->name);
    if (luaL_loadbufferx(L, script->source, script->length, lua_tostring(L, -1), "t") != LUA_OK) return lua_error(L);
    rb_task *task = rb_task_spawn_may_raise(L, 0);
    task->number = 1;
    return 0;
}

/* Whether a source begins as precompiled Lua does; the loader would say so too, in words that help nobody. */
static bool is_bytecode(const char *source, size_t length) { return length > 0 && source[0] == LUA_SIGNATURE[0]; }

static void payload_text(rb_machine *machine, const char *kind, const char *message) {
    rb_buffer *out = &machine->payload;
    rb_buffer_clear(out);
    rb_buffer_append_text(out, "{\"kind\":\"");
    rb_buffer_append_text(out, kind);
    rb_buffer_append_text(out, "\",\"message\":\"");
    rb_buffer_append_text(out, message); /* our own words: nothing in them needs an escape */
    rb_buffer_append_text(out, "\"}");
}

bool rb_machine_start(rb_machine *machine, const char *name, const char *source, size_t length) {
    remove_all_tasks(machine);
    machine->main_done = false;
    machine->next_task = 1;
    if (machine->limits.source && length > machine->limits.source) {
        payload_text(machine, "syntax", "the source is longer than the limit on source size");
        return false;
    }
    if (is_bytecode(source, length)) {
        payload_text(machine, "syntax", "this is precompiled Lua; only source text is run");
        return false;
    }
    chunk argument = {name, source, length};
    lua_pushcfunction(machine->L, start_may_raise);
    lua_pushlightuserdata(machine->L, &argument);
    int status = lua_pcall(machine->L, 1, 0, 0);
    machine->next_task = 2;
    if (status == LUA_OK) return true;
    if (status == LUA_ERRMEM) {
        lua_settop(machine->L, 0);
        machine->death = RB_DEAD_MEMORY;
        rb_report_limit(machine, machine->L);
        return true; /* the next step tells */
    }
    size_t text_length = 0;
    const char *text = lua_type(machine->L, -1) == LUA_TSTRING ? lua_tolstring(machine->L, -1, &text_length) : NULL;
    rb_buffer_clear(&machine->payload);
    rb_buffer_append_text(&machine->payload, "{\"kind\":\"syntax\",\"message\":");
    rb_append_json_string(&machine->payload, text ? text : "", text_length);
    rb_buffer_append_text(&machine->payload, "}");
    lua_settop(machine->L, 0);
    return false;
}

/* --- stepping ---------------------------------------------------------------------------------------------------- */

static int result_may_raise(lua_State *L) {
    rb_machine *machine = rb_of(L);
    char error[RB_JSON_ERROR_MAX];
    rb_buffer_clear(&machine->payload);
    bool written = rb_json_encode_may_raise(L, machine->codec, 1, "result", RB_JSON_SECRETS, &machine->payload, error);
    if (machine->payload.failed) return rb_kill_may_raise(L, RB_DEAD_OUTPUT);
    if (!written) return luaL_error(L, "the runbook's result cannot be given out: %s", error);
    return 0;
}

static rb_event limit_event(rb_machine *machine, rb_death death, lua_State *L) {
    if (machine->death == RB_ALIVE) {
        machine->death = death;
        rb_report_limit(machine, L);
    }
    return RB_EVENT_LIMIT;
}

/* Making the text of an error may run the script once more, and so reach a limit. */
static rb_event failure_event(rb_machine *machine, lua_State *failed) {
    machine->running = machine->L;
    rb_report_failure(machine, failed);
    machine->running = NULL;
    return machine->death == RB_ALIVE ? RB_EVENT_FAILED : RB_EVENT_LIMIT;
}

/* The main task has returned `results` values on its stack. */
static rb_event finish(rb_machine *machine, lua_State *thread, int results) {
    lua_State *L = machine->L;
    machine->main_done = true;
    lua_pushcfunction(L, result_may_raise);
    if (results > 0) {
        lua_settop(thread, lua_gettop(thread) - results + 1);
        lua_xmove(thread, L, 1);
    } else {
        lua_pushnil(L);
    }
    int status = lua_pcall(L, 1, 0, 0);
    if (status == LUA_OK) {
        machine->output_total += machine->payload.length;
        if (machine->limits.output && machine->output_total > machine->limits.output) {
            return limit_event(machine, RB_DEAD_OUTPUT, thread);
        }
        return RB_EVENT_FINISHED;
    }
    if (status == LUA_ERRMEM) {
        lua_settop(L, 0);
        return limit_event(machine, RB_DEAD_MEMORY, thread);
    }
    if (machine->death != RB_ALIVE) {
        lua_settop(L, 0);
        return RB_EVENT_LIMIT;
    }
    return failure_event(machine, L);
}

rb_event rb_machine_step(rb_machine *machine) {
    if (machine->death != RB_ALIVE) return RB_EVENT_LIMIT;
    rb_death asked = death_by(atomic_load(&machine->interrupt));
    if (asked != RB_ALIVE) return limit_event(machine, asked, machine->current ? machine->current->L : machine->L);
    machine->hooks = 0;
    while (machine->ready) {
        rb_task *task = machine->ready;
        lua_State *L = task->L;
        int results = 0, arguments = task->arguments;
        task->arguments = 0;
        machine->current = task;
        machine->surface = RB_SURFACE_NONE;
        machine->running = L;
        /* A signal between the check and here finds no hook on this thread yet armed; it arms it now. */
        if (atomic_load(&machine->interrupt) && !machine->limits.slice) rb_machine_interrupt(machine, atomic_load(&machine->interrupt));
        int status = lua_resume(L, machine->L, arguments, &results);
        machine->running = NULL;
        if (machine->death != RB_ALIVE) return RB_EVENT_LIMIT;
        if (status == LUA_YIELD) {
            lua_pop(L, results);
            if (machine->surface == RB_SURFACE_PREEMPT) return RB_EVENT_PREEMPTED; /* and stays first in the queue */
            take_ready(machine); /* the call or the park has set its state */
            if (task->state == RB_TASK_READY) rb_task_make_ready(machine, task); /* woken before it parked */
            continue;
        }
        take_ready(machine);
        task->state = RB_TASK_DONE;
        bool is_main = task->number == 1;
        if (status == LUA_OK) {
            if (is_main) return finish(machine, L, results);
            remove_task(machine, task, true);
            machine->current = NULL;
            continue;
        }
        if (status == LUA_ERRMEM) return limit_event(machine, RB_DEAD_MEMORY, L);
        machine->main_done = true;
        return failure_event(machine, L);
    }
    if (machine->waiting == 0 && !machine->main_done) {
        payload_text(machine, "deadlock", "every task waits for another one and none for a reply");
        machine->main_done = true;
        return RB_EVENT_FAILED;
    }
    return RB_EVENT_WAITING;
}

const char *rb_machine_payload(rb_machine *machine, size_t *length) {
    *length = machine->payload.failed ? 0 : machine->payload.length;
    return (const char *)machine->payload.bytes;
}

const uint8_t *rb_machine_take_output(rb_machine *machine, size_t *length) {
    rb_buffer swap = machine->taken;
    machine->taken = machine->output;
    machine->taken.length = machine->committed;
    machine->output = swap;
    machine->output.limit = machine->taken.limit;
    machine->committed = 0;
    rb_buffer_clear(&machine->output);
    *length = machine->taken.length;
    return machine->taken.bytes;
}

void rb_machine_on_output(rb_machine *machine, void (*flush)(void *context), void *context) {
    machine->flush = flush;
    machine->flush_context = context;
}

bool rb_machine_reply(rb_machine *machine, uint32_t id, unsigned flags, const char *json, size_t length) {
    rb_task *task = machine->tasks;
    while (task && !(task->state == RB_TASK_WAITING && task->call == id)) task = task->next;
    if (!task) return false;
    uint8_t *copy = malloc(length + 1);
    if (!copy) return false;
    memcpy(copy, json ? json : "", length);
    copy[length] = 0;
    free(task->reply);
    task->reply = copy;
    task->reply_length = length;
    task->reply_flags = flags;
    machine->waiting--;
    rb_task_make_ready(machine, task);
    return true;
}

void rb_machine_set_clock(rb_machine *machine, int64_t unix_milliseconds, int64_t run_milliseconds) {
    machine->unix_milliseconds = unix_milliseconds;
    machine->run_milliseconds = run_milliseconds;
}
