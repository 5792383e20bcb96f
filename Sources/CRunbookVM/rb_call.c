/*
 * Calls to the host. A binding is a C function that writes a record (name and JSON arguments) to the machine's output
 * and yields; the reply is decoded where the call was made when its task is resumed. The primitives that the prelude
 * gets are here too: the script never sees them.
 */
#include "rb_internal.h"

#include <string.h>

/* The innermost function of the script itself: neither C nor prelude. */
bool rb_position(lua_State *L, lua_Debug *record) {
    for (int level = 0; lua_getstack(L, level, record); level++) {
        lua_getinfo(L, "l", record);
        if (record->currentline <= 0) continue;
        lua_getinfo(L, "S", record);
        if (strcmp(record->source, RB_PRELUDE_SOURCE) != 0) return true;
    }
    return false;
}

/* `argument 7`, as errors call it; for every call, so without the C library's formatting. */
static void name_argument(char name[32], int number) {
    static const char prefix[] = "argument ";
    char digits[12], *to = name + sizeof prefix - 1;
    int count = 0;
    memcpy(name, prefix, sizeof prefix - 1);
    for (; number > 0; number /= 10) digits[count++] = (char)('0' + number % 10);
    while (count > 0) *to++ = digits[--count];
    *to = 0;
}

/* Appends the JSON array of the arguments from index `first` on. False if there is not the room for it; raises if one
   cannot be written. */
static bool append_arguments_may_raise(lua_State *L, rb_buffer *out, const char *name, int first) {
    rb_machine *machine = rb_of(L);
    int last = lua_gettop(L);
    while (last >= first && lua_isnil(L, last)) last--;
    rb_buffer_append_byte(out, '[');
    for (int index = first; index <= last; index++) {
        char error[RB_JSON_ERROR_MAX], root[32];
        if (index > first) rb_buffer_append_byte(out, ',');
        if (lua_isnil(L, index)) {
            rb_buffer_append_text(out, "null");
            continue;
        }
        name_argument(root, index - first + 1);
        if (rb_json_encode_may_raise(L, machine->codec, index, root, RB_JSON_SECRETS, out, error)) continue;
        if (out->failed || rb_json_is_starved(machine->codec)) return false;
        machine->is_writing = false;
        rb_raise_may_raise(L, "invalid_argument", name, "%s; nothing was sent", error);
    }
    rb_buffer_append_byte(out, ']');
    return !out->failed;
}

/* Writes one record; `first` is the index of the first argument. Raises if an argument cannot be written. */
static void put_out_may_raise(lua_State *L, uint32_t id, const char *name, int first) {
    rb_machine *machine = rb_of(L);
    rb_buffer *out = &machine->output;
    size_t start = machine->committed, name_length = strlen(name), arguments_at = 0;
    lua_Debug record;
    uint32_t line = rb_position(L, &record) ? (uint32_t)record.currentline : 0;
    bool is_written = false;
    out->limit = start + RB_RECORD_MAX;
    machine->is_writing = true;
    for (int attempt = 0; attempt < 2 && !is_written; attempt++) {
        if (attempt > 0) lua_gc(L, LUA_GCCOLLECT); /* memory was short: what the script has dropped may be enough */
        out->length = start;                       /* without what an error has left */
        out->failed = out->starved = false;
        const uint32_t head[] = {id, machine->current ? machine->current->number : 0, line, (uint32_t)name_length, 0};
        rb_buffer_append(out, head, sizeof head); /* little-endian, as all machines are that this runs on */
        rb_buffer_append(out, name, name_length);
        arguments_at = out->length;
        is_written = append_arguments_may_raise(L, out, name, first);
        if (out->failed && !out->starved) break;
    }
    if (!is_written) {
        bool is_too_long = out->failed && !out->starved;
        out->length = start;
        out->failed = out->starved = false;
        machine->is_writing = false;
        if (!is_too_long) rb_kill_may_raise(L, RB_DEAD_MEMORY);
        rb_raise_may_raise(L, "invalid_argument", name, "the arguments are more than %d MB; nothing was sent", RB_RECORD_MAX >> 20);
    }
    uint32_t length = (uint32_t)(out->length - arguments_at);
    memcpy(out->bytes + start + 16, &length, sizeof length);
    if (id == 0) {
        machine->log_total += length;
        if (machine->limits.log && machine->log_total > machine->limits.log) {
            out->length = start;
            machine->is_writing = false;
            rb_kill_may_raise(L, RB_DEAD_LOG);
        }
    }
    machine->committed = out->length;
    machine->is_writing = false;
}

/* Hands over what is much already. */
static void flush(rb_machine *machine) {
    if (machine->flush && machine->committed >= RB_FLUSH_AT) machine->flush(machine->flush_context);
}

static int receive_may_raise(lua_State *L, int status, lua_KContext context) {
    (void)status;
    (void)context;
    rb_machine *machine = rb_of(L);
    rb_task *task = machine->current;
    unsigned flags = task->reply_flags;
    char error[RB_JSON_ERROR_MAX];
    if (flags & RB_REPLY_NOTHING) {
        rb_task_drop_reply(machine, task);
        return 0;
    }
    int count = rb_json_decode_may_raise(L, machine->codec, (const char *)task->reply, task->reply_length,
                                         flags & (RB_JSON_DROP_LINKS | RB_JSON_RESOURCES | RB_JSON_PAGE | RB_JSON_SECRETS), error);
    rb_task_drop_reply(machine, task);
    if (count == 0) {
        if (rb_json_is_starved(machine->codec)) return rb_kill_may_raise(L, RB_DEAD_MEMORY);
        bool is_binding = lua_type(L, lua_upvalueindex(1)) == LUA_TSTRING; /* else the name is the primitive's argument */
        const char *name = lua_tostring(L, is_binding ? lua_upvalueindex(1) : 1);
        return rb_raise_may_raise(L, "network", name, "the answer is not the JSON it should be: %s", error);
    }
    if (!(flags & RB_REPLY_ERROR)) {
        if (lua_touserdata(L, -1) == NULL && lua_islightuserdata(L, -1)) lua_pushnil(L); /* a reply of `null` is nothing */
        return count;
    }
    lua_Debug record;
    if (lua_istable(L, -1)) {
        luaL_setmetatable(L, RB_ERROR_METATABLE);
        if (rb_position(L, &record)) {
            lua_pushfstring(L, "%s:%d", record.short_src, record.currentline);
            lua_setfield(L, -2, "where");
        }
    }
    return lua_error(L);
}

static int call_out_may_raise(lua_State *L, const char *name, int first) {
    rb_machine *machine = rb_of(L);
    if (machine->death != RB_ALIVE) return rb_die_again_may_raise(L);
    if (!rb_can_yield(L) || !machine->current) {
        return rb_raise_may_raise(L, "invalid_argument", name,
                                  "a call cannot be made inside a sort comparison, a gsub replacement, a __tostring, a load reader, or "
                                  "a __close that coroutine.close runs: make it before or after, and keep its result in a local");
    }
    uint32_t id = machine->next_call;
    put_out_may_raise(L, id, name, first);
    flush(machine);
    machine->next_call++;
    machine->current->call = id;
    machine->current->state = RB_TASK_WAITING;
    machine->waiting++;
    machine->surface = RB_SURFACE_WAIT;
    return lua_yieldk(L, 0, 0, receive_may_raise);
}

static int call_binding(lua_State *L) { return call_out_may_raise(L, lua_tostring(L, lua_upvalueindex(1)), 1); }

/* Makes `table.function` a binding for every name; the tables are globals. */
void rb_call_bind_may_raise(lua_State *L, const char *names, size_t length) {
    for (const char *name = names; name < names + length; name += strlen(name) + 1) {
        const char *dot = strchr(name, '.');
        if (!dot) continue;
        lua_pushlstring(L, name, (size_t)(dot - name));
        lua_pushglobaltable(L);
        lua_pushvalue(L, -2);
        if (lua_gettable(L, -2) != LUA_TTABLE) {
            lua_pop(L, 1);
            lua_newtable(L);
            lua_pushvalue(L, -3);
            lua_pushvalue(L, -2);
            lua_settable(L, -4);
        }
        lua_pushstring(L, name);
        lua_pushcclosure(L, call_binding, 1);
        lua_setfield(L, -2, dot + 1);
        lua_pop(L, 3);
    }
}

/* --- primitives for the prelude ---------------------------------------------------------------------------------- */

/* rb.call(name, …): calls the host. */
static int primitive_call(lua_State *L) { return call_out_may_raise(L, luaL_checkstring(L, 1), 2); }

/* rb.note(name, …): tells the host without waiting; works anywhere. */
static int primitive_note(lua_State *L) {
    rb_machine *machine = rb_of(L);
    put_out_may_raise(L, 0, luaL_checkstring(L, 1), 2);
    flush(machine);
    return 0;
}

/* rb.spawn(function, …): starts a task that runs when this one waits; returns its number. */
static int primitive_spawn(lua_State *L) {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    rb_task *task = rb_task_spawn_may_raise(L, lua_gettop(L) - 1);
    lua_pushinteger(L, task->number);
    return 1;
}

static int return_nothing(lua_State *L, int status, lua_KContext context) {
    (void)L;
    (void)status;
    (void)context;
    return 0;
}

/* rb.park(): waits until another task wakes this one; at once if it has done so already. */
static int primitive_park(lua_State *L) {
    rb_machine *machine = rb_of(L);
    rb_task *task = machine->current;
    if (task->woken) {
        task->woken = false;
        return 0;
    }
    if (!rb_can_yield(L))
        return rb_raise_may_raise(L, "invalid_argument", "parallel", "tasks cannot be waited for where Lua cannot yield");
    task->state = RB_TASK_PARKED;
    machine->surface = RB_SURFACE_WAIT;
    return lua_yieldk(L, 0, 0, return_nothing);
}

/* rb.wake(task): lets a parked task go on; a task that is not parked will not park the next time. */
static int primitive_wake(lua_State *L) {
    rb_machine *machine = rb_of(L);
    rb_task *task = rb_task_find(machine, (uint32_t)luaL_checkinteger(L, 1));
    if (!task || task->state == RB_TASK_DONE) return 0;
    if (task->state == RB_TASK_PARKED) rb_task_make_ready(machine, task);
    else task->woken = true;
    return 0;
}

/* rb.task(): the number of the running task. */
static int primitive_task(lua_State *L) {
    lua_pushinteger(L, rb_of(L)->current ? rb_of(L)->current->number : 0);
    return 1;
}

/* rb.can_call(): whether a call could be made from here. */
static int primitive_can_call(lua_State *L) {
    lua_pushboolean(L, rb_of(L)->current && rb_can_yield(L));
    return 1;
}

/* rb.clock(): the host's last known time: milliseconds since 1970, and since the run began. */
static int primitive_clock(lua_State *L) {
    lua_pushinteger(L, rb_of(L)->unix_milliseconds);
    lua_pushinteger(L, rb_of(L)->run_milliseconds);
    return 2;
}

/* rb.compile(text): a part of the prelude that is wanted now, as a function. */
static int primitive_compile(lua_State *L) {
    size_t length;
    const char *source = luaL_checklstring(L, 1, &length);
    if (luaL_loadbufferx(L, source, length, RB_PRELUDE_SOURCE, "t") != LUA_OK) return lua_error(L);
    return 1;
}

/* rb.where(): file and line of the script, or nothing. */
static int primitive_where(lua_State *L) {
    lua_Debug record;
    if (!rb_position(L, &record)) return 0;
    lua_pushstring(L, record.short_src);
    lua_pushinteger(L, record.currentline);
    return 2;
}

/* rb.raise(table): raises an error table as a failed call does. */
static int primitive_raise(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    luaL_setmetatable(L, RB_ERROR_METATABLE);
    lua_Debug record;
    if (rb_position(L, &record)) {
        lua_pushfstring(L, "%s:%d", record.short_src, record.currentline);
        lua_setfield(L, -2, "where");
    }
    return lua_error(L);
}

/* rb.encode(value, pretty): JSON text; secrets are refused. */
static int primitive_encode(lua_State *L) {
    rb_machine *machine = rb_of(L);
    char error[RB_JSON_ERROR_MAX];
    unsigned flags = lua_toboolean(L, 2) ? RB_JSON_PRETTY : 0;
    lua_settop(L, 1);
    rb_buffer *out = &machine->scratch;
    rb_buffer_clear(out);
    bool written = rb_json_encode_may_raise(L, machine->codec, 1, "value", flags, out, error);
    if (out->failed || rb_json_is_starved(machine->codec)) {
        rb_buffer_free(out);
        return rb_kill_may_raise(L, RB_DEAD_MEMORY);
    }
    if (!written) return rb_raise_may_raise(L, "invalid_argument", "json.encode", "%s", error);
    lua_pushlstring(L, (const char *)out->bytes, out->length);
    if (out->capacity > RB_FLUSH_AT) rb_buffer_free(out);
    return 1;
}

/* rb.decode(text): the value. */
static int primitive_decode(lua_State *L) {
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    char error[RB_JSON_ERROR_MAX];
    if (rb_json_decode_may_raise(L, rb_of(L)->codec, text, length, 0, error) == 0) {
        if (rb_json_is_starved(rb_of(L)->codec)) return rb_kill_may_raise(L, RB_DEAD_MEMORY);
        return rb_raise_may_raise(L, "invalid_argument", "json.decode", "%s", error);
    }
    return 1;
}

/* rb.array(table): marks a table as an array, also an empty one; returns it. */
static int primitive_array(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    luaL_setmetatable(L, RB_ARRAY_METATABLE);
    return 1;
}

/* rb.is_secret(value). */
static int primitive_is_secret(lua_State *L) {
    lua_pushboolean(L, luaL_testudata(L, 1, RB_SECRET_METATABLE) != NULL);
    return 1;
}

void rb_call_open_may_raise(lua_State *L) {
    static const luaL_Reg primitives[] = {
        {"call", primitive_call},     {"note", primitive_note},     {"spawn", primitive_spawn},
        {"park", primitive_park},     {"wake", primitive_wake},     {"task", primitive_task},
        {"can_call", primitive_can_call}, {"clock", primitive_clock}, {"compile", primitive_compile},
        {"where", primitive_where},
        {"raise", primitive_raise},   {"encode", primitive_encode}, {"decode", primitive_decode},
        {"array", primitive_array},   {"is_secret", primitive_is_secret}, {NULL, NULL},
    };
    luaL_newlib(L, primitives);
    if (rb_of(L)->is_session) rb_session_open_may_raise(L);
    lua_pushlightuserdata(L, NULL);
    lua_setfield(L, -2, "null");
}
