#include "rb_internal.h"
#include "rb_seed.h"

#include <stdlib.h>
#include <string.h>

/* --- memory ------------------------------------------------------------------------------------------------------ */

/* Lua collects garbage after a refusal and asks once more; refused again it raises. Some of its functions make an
   ordinary error of that, which a script could catch, so the run is over here and now. Where the script stands is noted
   at the first refusal, which nothing has unwound yet. */
static void *refuse(rb_machine *machine, size_t wanted) {
    if (machine->death != RB_ALIVE || !machine->running) return NULL;
    if (machine->refused) {
        machine->death = RB_DEAD_MEMORY;
        lua_sethook(machine->running, rb_hook_may_raise, LUA_MASKCOUNT, 1); /* for where Lua can do without */
    } else {
        rb_report_limit(machine, machine->running, RB_DEAD_MEMORY);
    }
    machine->refused = wanted;
    return NULL;
}

static bool give_up_pages(void *heap) { return rb_heap_give_back(heap); }

/* What is kept for the next use only is given up before anything is refused. */
static bool give_back(rb_machine *machine) {
    bool codec = rb_json_give_back(machine->codec);
    return rb_heap_give_back(&machine->heap) || codec;
}

static bool is_object(size_t tag) { return tag == LUA_TTABLE || tag == LUA_TFUNCTION || tag == LUA_TTHREAD; }

/* Lua's allocator. Without a block the old size tells of what type the new one is. */
static void *allocate(void *context, void *block, size_t old_size, size_t new_size) {
    rb_machine *machine = context;
    rb_heap *heap = &machine->heap;
    if (new_size == 0) {
        if (block) rb_heap_free(heap, block, old_size);
        return NULL;
    }
    rb_block kind = !block && is_object(old_size) ? RB_BLOCK_OBJECT : RB_BLOCK_PLAIN;
    for (int attempt = 0; attempt < 2; attempt++) {
        void *moved = block ? rb_heap_resize(heap, block, old_size, new_size) : rb_heap_allocate(heap, new_size, kind);
        if (moved) {
            if (machine->refused && (!block || new_size > old_size) && new_size >= machine->refused) machine->refused = 0;
            return moved;
        }
        if (!give_back(machine)) break;
    }
    return refuse(machine, new_size);
}

uint64_t rb_serial_of(lua_State *L, int index) {
    const void *object = lua_topointer(L, index);
    switch (lua_type(L, index)) {
    case LUA_TTABLE: break;
    case LUA_TTHREAD: object = (const char *)object - LUA_EXTRASPACE; break;
    case LUA_TFUNCTION:
        if (!lua_iscfunction(L, index)) break;
        if (!lua_getupvalue(L, index, 1)) return 0; /* only an address */
        lua_pop(L, 1);
        break;
    default: return 0;
    }
    return rb_heap_serial(object);
}

/* Room for what is told of an error when all else is used up. */
void rb_open_reserve(rb_machine *machine) { machine->memory.limit += RB_MEMORY_RESERVE; }
void rb_close_reserve(rb_machine *machine) { machine->memory.limit -= RB_MEMORY_RESERVE; }

/* Counts memory beside Lua's, after a collection if need be. */
static bool take_memory(rb_machine *machine, uint64_t bytes) {
    if (rb_account_take_any(&machine->memory, bytes)) return true;
    rb_json_give_back(machine->codec);
    lua_gc(machine->L, LUA_GCCOLLECT);
    return rb_account_take_any(&machine->memory, bytes);
}

uint64_t rb_machine_memory(const rb_machine *machine, uint64_t *peak) {
    if (peak) *peak = machine->memory.peak;
    return machine->memory.used;
}

void rb_machine_narrow(rb_machine *machine, rb_limits limits) {
    limits.slice = machine->limits.slice;
    machine->limits = limits;
    machine->memory.limit = limits.memory;
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

/* `L` is where the script stands. */
static void die(rb_machine *machine, rb_death death, lua_State *L) {
    if (machine->death != RB_ALIVE) return;
    machine->death = death;
    /* Of refused memory the allocator has told already. */
    if (death != RB_DEAD_MEMORY || !machine->refused) rb_report_limit(machine, L, death);
}

int rb_kill_may_raise(lua_State *L, rb_death death) {
    die(rb_of(L), death, L); /* now: after a yield from a hook Lua 5.4.4 tells the wrong line */
    return rb_die_again_may_raise(L);
}

bool rb_is_dying(rb_machine *machine, lua_State *L) {
    /* Lua's own status does not tell: it takes a script's error of the same words for want of memory too. */
    if (machine->refused) die(machine, RB_DEAD_MEMORY, L);
    return machine->death != RB_ALIVE;
}

void rb_restore_hook(lua_State *L) {
    if (rb_of(L)->limits.slice) lua_sethook(L, rb_hook_may_raise, LUA_MASKCOUNT, RB_HOOK_COUNT);
    else lua_sethook(L, NULL, 0, 0);
}

static rb_death death_by(int interrupt) {
    return interrupt == RB_INTERRUPT_TIME ? RB_DEAD_TIME : interrupt == RB_INTERRUPT_CANCEL ? RB_DEAD_CANCELLED : RB_ALIVE;
}

void rb_look_may_raise(lua_State *L) {
    rb_death death = death_by(atomic_load_explicit(&rb_of(L)->interrupt, memory_order_relaxed));
    if (death != RB_ALIVE) rb_kill_may_raise(L, death);
}

/* A hook may still be armed by the end of an earlier statement. */
static void disarm(rb_machine *machine, lua_State *L) {
    if (machine->limits.slice && lua_gethookcount(L) == RB_HOOK_COUNT) return;
    rb_restore_hook(L);
    /* The signal handler may have armed it just now. */
    if (atomic_load(&machine->interrupt) != RB_INTERRUPT_NONE) lua_sethook(L, rb_hook_may_raise, LUA_MASKCOUNT, 1);
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
    if (machine->is_session) disarm(machine, L);
    machine->hooks++;
    if (rb_must_pause(L)) {
        machine->surface = RB_SURFACE_PREEMPT;
        lua_yield(L, 0);
    }
}

bool rb_must_pause(lua_State *L) {
    rb_machine *machine = rb_of(L);
    return machine->limits.slice && machine->hooks >= machine->limits.slice && rb_can_yield(L);
}

void rb_machine_interrupt(rb_machine *machine, rb_interrupt why) {
    atomic_store(&machine->interrupt, (int)why);
    /* Without a hook that is always armed the signal handler arms one where the script runs; Lua's own interpreter does so too. */
    if (machine->limits.slice == 0) {
        lua_State *running = machine->running;
        if (running) lua_sethook(running, rb_hook_may_raise, LUA_MASKCOUNT, 1);
    }
}

void rb_rearm(rb_machine *machine) {
    if (atomic_load_explicit(&machine->interrupt, memory_order_relaxed) == RB_INTERRUPT_NONE) return;
    lua_sethook(machine->running, rb_hook_may_raise, LUA_MASKCOUNT, 1);
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
    *rb_thread_bits(thread) = RB_THREAD_TASK;
    rb_thread_set_busy(machine, thread, true);
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

void rb_task_drop_reply(rb_machine *machine, rb_task *task) {
    if (!task->reply) return;
    free(task->reply);
    task->reply = NULL;
    rb_account_give(&machine->memory, task->reply_length);
    task->reply_length = 0;
}

static void remove_task(rb_machine *machine, rb_task *task, bool unanchor) {
    for (rb_task **link = &machine->tasks; *link; link = &(*link)->next)
        if (*link == task) {
            *link = task->next;
            break;
        }
    machine->task_count--;
    if (unanchor) luaL_unref(machine->L, LUA_REGISTRYINDEX, task->anchor); /* sets existing slots: cannot raise */
    rb_task_drop_reply(machine, task);
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
    rb_names_open_may_raise(L); /* of all libraries */
    return 0;
}

rb_machine *rb_machine_new(rb_limits limits, uint64_t seed) {
    rb_machine *machine = calloc(1, sizeof *machine);
    if (!machine) return NULL;
    machine->limits = limits;
    machine->seed = seed;
    machine->next_task = machine->next_call = 1;
    machine->memory.limit = limits.memory;
    machine->heap.account = &machine->memory;
    machine->memory.give_up = give_up_pages;
    machine->memory.context = &machine->heap;
    machine->output.account = machine->taken.account = machine->scratch.account = machine->payload.account = &machine->memory;
    machine->codec = rb_json_new(&machine->memory);
    if (machine->codec) machine->L = rb_seed_newstate(allocate, machine, seed);
    if (!machine->L) {
        rb_machine_free(machine);
        return NULL;
    }
    lua_atpanic(machine->L, panic);
    rb_buffer_reserve(&machine->report, RB_REPORT_MAX); /* at the end there may be no memory, or no asking for it */
    machine->report.limit = RB_REPORT_MAX;
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
    rb_heap_close(&machine->heap);
    rb_json_free(machine->codec);
    rb_buffer_free(&machine->report);
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

/* The parts of a prelude, with a page break between two of them. */
typedef struct {
    chunk first; /* what is compiled at once */
    chunk later; /* what the prelude itself compiles when it is wanted: the last of three parts */
} prelude_parts;

static int prelude_may_raise(lua_State *L) {
    const prelude_parts *prelude = lua_touserdata(L, 1);
    const chunk *first = &prelude->first, *later = &prelude->later;
    if (luaL_loadbufferx(L, first->source, first->length, RB_PRELUDE_SOURCE, "t") != LUA_OK) return lua_error(L);
    rb_call_open_may_raise(L);
    lua_pushlstring(L, later->source, later->length);
    lua_call(L, 2, 0);
    return 0;
}

bool rb_machine_prelude(rb_machine *machine, const char *name, const char *source, size_t length) {
    const char *end = source + length;
    const char *session = length == 0 ? NULL : memchr(source, '\f', length);
    const char *later = !session ? NULL : memchr(session + 1, '\f', (size_t)(end - session) - 1);
    if (!later) later = end;
    if (!session || machine->is_session) session = later;
    prelude_parts parts = {
        {name, source, (size_t)(session - source)}, {name, later, (size_t)(end - later)},
    };
    lua_pushcfunction(machine->L, prelude_may_raise);
    lua_pushlightuserdata(machine->L, &parts);
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

bool rb_start_main(rb_machine *machine, const char *source, size_t length, lua_CFunction start, void *argument) {
    remove_all_tasks(machine);
    machine->main_done = false;
    machine->next_task = 1;
    if (machine->limits.source && length > machine->limits.source) {
        die(machine, RB_DEAD_SOURCE, machine->L);
        return true; /* the next step tells */
    }
    if (is_bytecode(source, length)) {
        payload_text(machine, "syntax", "this is precompiled Lua; only source text is run");
        return false;
    }
    lua_pushcfunction(machine->L, start);
    lua_pushlightuserdata(machine->L, argument);
    machine->running = machine->L;
    int status = lua_pcall(machine->L, 1, 0, 0);
    machine->running = NULL;
    machine->next_task = 2;
    if (status == LUA_OK) return true;
    if (rb_is_dying(machine, machine->L)) {
        lua_settop(machine->L, 0);
        return true;
    }
    size_t text_length = 0;
    const char *text = lua_type(machine->L, -1) == LUA_TSTRING ? lua_tolstring(machine->L, -1, &text_length) : NULL;
    if (text_length > RB_MESSAGE_MAX) text_length = RB_MESSAGE_MAX;
    rb_buffer_clear(&machine->payload);
    rb_buffer_append_text(&machine->payload, "{\"kind\":\"syntax\",\"message\":");
    rb_append_json_string(&machine->payload, text ? text : "", text_length);
    rb_buffer_append_text(&machine->payload, "}");
    lua_settop(machine->L, 0);
    return false;
}

bool rb_machine_start(rb_machine *machine, const char *name, const char *source, size_t length) {
    chunk argument = {name, source, length};
    return rb_start_main(machine, source, length, start_may_raise, &argument);
}

/* --- stepping ---------------------------------------------------------------------------------------------------- */

static int result_may_raise(lua_State *L) {
    rb_machine *machine = rb_of(L);
    char error[RB_JSON_ERROR_MAX];
    bool written = false;
    machine->payload.limit = (size_t)machine->limits.result;
    for (int attempt = 0; attempt < 2 && !written; attempt++) {
        if (attempt > 0) lua_gc(L, LUA_GCCOLLECT); /* memory was short: what the script has dropped may be enough */
        rb_buffer_clear(&machine->payload);
        written = rb_json_encode_may_raise(L, machine->codec, 1, "result", RB_JSON_SECRETS, &machine->payload, error);
        if (!machine->payload.starved && !rb_json_is_starved(machine->codec)) break;
    }
    if (machine->payload.failed) return rb_kill_may_raise(L, machine->payload.starved ? RB_DEAD_MEMORY : RB_DEAD_RESULT);
    if (rb_json_is_starved(machine->codec)) return rb_kill_may_raise(L, RB_DEAD_MEMORY);
    if (!written) return luaL_error(L, "the runbook's result cannot be given out: %s", error);
    return 0;
}

static rb_event limit_event(rb_machine *machine, rb_death death, lua_State *L) {
    die(machine, death, L);
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
    machine->running = L;
    int status = lua_pcall(L, 1, 0, 0);
    machine->running = NULL;
    machine->payload.limit = 0; /* the report of an error has bounds of its own */
    if (status == LUA_OK) {
        machine->must_put_back = false;
        return RB_EVENT_FINISHED;
    }
    if (rb_is_dying(machine, thread)) {
        lua_settop(L, 0);
        return RB_EVENT_LIMIT;
    }
    return failure_event(machine, L);
}

rb_event rb_machine_step(rb_machine *machine) {
    if (machine->death != RB_ALIVE) return RB_EVENT_LIMIT;
    rb_death asked = death_by(atomic_load(&machine->interrupt));
    /* Where a script that can go on stands only its next instruction tells: of one that was paused by a hook Lua 5.4.4
       gives the wrong line. */
    if (asked != RB_ALIVE && !machine->ready)
        return limit_event(machine, asked, machine->current ? machine->current->L : machine->L);
    machine->hooks = 0;
    while (machine->ready) {
        rb_task *task = machine->ready;
        lua_State *L = task->L;
        int results = 0, arguments = task->arguments;
        task->arguments = 0;
        machine->current = task;
        machine->surface = RB_SURFACE_NONE;
        machine->running = L;
        rb_rearm(machine);
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
        if (rb_is_dying(machine, L)) return RB_EVENT_LIMIT;
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
    const rb_buffer *payload = machine->death == RB_ALIVE ? &machine->payload : &machine->report;
    *length = payload->failed ? 0 : payload->length;
    return (const char *)payload->bytes;
}

/* Calls that are still here when a limit ends the run are not made; what was noted before stays. */
static void drop_calls(rb_machine *machine) {
    uint8_t *bytes = machine->output.bytes;
    size_t kept = 0;
    for (size_t at = 0, length; at < machine->committed; at += length) {
        const uint8_t *record = bytes + at;
        uint32_t head[5];
        memcpy(head, record, sizeof head); /* little-endian, as all machines are that this runs on */
        length = sizeof head + head[3] + head[4];
        if (head[0] != 0) continue;
        memmove(bytes + kept, record, length);
        kept += length;
    }
    machine->committed = kept;
}

const uint8_t *rb_machine_take_output(rb_machine *machine, size_t *length) {
    machine->is_writing = true;
    if (machine->death != RB_ALIVE) drop_calls(machine);
    rb_buffer swap = machine->taken;
    machine->taken = machine->output;
    machine->taken.length = machine->committed;
    machine->output = swap;
    machine->committed = 0;
    machine->is_writing = false;
    rb_buffer_clear(&machine->output);
    if (machine->output.capacity > RB_BUFFER_KEPT) rb_buffer_free(&machine->output);
    *length = machine->taken.length;
    return machine->taken.bytes;
}

void rb_machine_on_output(rb_machine *machine, void (*flush)(void *context), void *context) {
    machine->flush = flush;
    machine->flush_context = context;
}

bool rb_machine_begin_reply(rb_machine *machine, uint32_t id, unsigned flags, size_t length, char **room) {
    *room = NULL;
    rb_task *task = machine->tasks;
    while (task && !(task->state == RB_TASK_WAITING && task->call == id)) task = task->next;
    if (!task) return false;
    rb_task_drop_reply(machine, task);
    machine->waiting--;
    bool is_counted = take_memory(machine, length);
    task->reply = is_counted ? malloc(length + 1) : NULL;
    if (!task->reply) {
        if (is_counted) rb_account_give(&machine->memory, length);
        die(machine, RB_DEAD_MEMORY, task->L);
        return true; /* the next step tells */
    }
    task->reply[length] = 0;
    task->reply_length = length;
    task->reply_flags = flags;
    machine->answered = task;
    *room = (char *)task->reply;
    return true;
}

void rb_machine_end_reply(rb_machine *machine) {
    if (machine->answered) rb_task_make_ready(machine, machine->answered);
    machine->answered = NULL;
}

bool rb_machine_reply(rb_machine *machine, uint32_t id, unsigned flags, const char *json, size_t length) {
    char *room;
    if (!rb_machine_begin_reply(machine, id, flags, length, &room)) return false;
    if (room && length > 0) memcpy(room, json, length);
    rb_machine_end_reply(machine);
    return true;
}

bool rb_machine_abandon(rb_machine *machine) {
    rb_death asked = death_by(atomic_load(&machine->interrupt));
    if (machine->death != RB_ALIVE || asked == RB_ALIVE || !machine->running) return false;
    machine->death = asked;
    machine->is_abandoned = true;
    rb_report_limit(machine, machine->running, asked);
    return true;
}

const uint8_t *rb_machine_abandoned_output(rb_machine *machine, size_t *length) {
    *length = 0;
    if (machine->is_writing) return NULL;
    drop_calls(machine);
    *length = machine->committed;
    return machine->output.bytes;
}

void rb_machine_set_clock(rb_machine *machine, int64_t unix_milliseconds, int64_t run_milliseconds) {
    machine->unix_milliseconds = unix_milliseconds;
    machine->run_milliseconds = run_milliseconds;
}
