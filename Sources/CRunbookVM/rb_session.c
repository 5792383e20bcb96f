/*
 * A session: one machine that runs statement after statement, each as a script of its own, with the globals that the ones
 * before it left. A statement that was stopped leaves behind what it was in the midst of: tasks that wait, hooks that are
 * armed, coroutines that stand in a call. None of it reaches the next one.
 */
#include "rb_internal.h"

#include <string.h>

typedef struct rb_statement {
    const char *name, *source;
    size_t length;
    rb_statement_kind kind;
    int piece; /* the next one of the source */
} rb_statement;

void rb_machine_open_session(rb_machine *machine) {
    machine->is_session = true;
    machine->handler = machine->kept = LUA_NOREF;
}

/* --- the globals ------------------------------------------------------------------------------------------------- */

/* Copies the entries of the table at `from` to that at `to`, and its metatable. Neither is looked at by way of one. */
static void copy_entries_may_raise(lua_State *L, int from, int to) {
    lua_pushnil(L);
    while (lua_next(L, from)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, to);
    }
    if (!lua_getmetatable(L, from)) lua_pushnil(L);
    lua_setmetatable(L, to);
}

/* Keeps the globals as they are now. */
static void keep_globals_may_raise(lua_State *L) {
    rb_machine *machine = rb_of(L);
    lua_pushglobaltable(L);
    lua_newtable(L);
    copy_entries_may_raise(L, lua_gettop(L) - 1, lua_gettop(L));
    if (machine->kept == LUA_NOREF) machine->kept = luaL_ref(L, LUA_REGISTRYINDEX);
    else lua_rawseti(L, LUA_REGISTRYINDEX, machine->kept);
    lua_pop(L, 1);
    machine->must_put_back = true;
}

/* Makes the globals what they were when they were kept. */
static void put_globals_back_may_raise(lua_State *L) {
    rb_machine *machine = rb_of(L);
    lua_pushglobaltable(L);
    int globals = lua_gettop(L);
    lua_pushnil(L);
    while (lua_next(L, globals)) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_pushnil(L);
        lua_rawset(L, globals); /* what is there may be set to nil in the midst of a walk */
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, machine->kept);
    copy_entries_may_raise(L, globals + 1, globals);
    lua_settop(L, globals - 1);
    machine->must_put_back = false;
}

/* --- statements -------------------------------------------------------------------------------------------------- */

/* A chunk with a variable that is to be closed makes no tail calls: else `return f()` would leave no frame behind, and
   neither a call's line nor an error's position. */
static const char no_tail_calls[] = "local __statement <close> = nil ";

static const char *read_statement(lua_State *L, void *context, size_t *length) {
    (void)L;
    rb_statement *statement = context;
    switch (statement->piece++) {
    case 0: *length = sizeof no_tail_calls - 1; return no_tail_calls;
    case 1: *length = statement->length; return statement->source;
    default: *length = 0; return NULL;
    }
}

static int evaluate_may_raise(lua_State *L) {
    rb_machine *machine = rb_of(L);
    rb_statement *statement = lua_touserdata(L, 1);
    lua_pushfstring(L, "@%s", statement->name);
    if (lua_load(L, read_statement, statement, lua_tostring(L, -1), "t") != LUA_OK) return lua_error(L);
    if (machine->must_put_back) put_globals_back_may_raise(L);
    if (statement->kind == RB_STATEMENT) keep_globals_may_raise(L);
    lua_rawgeti(L, LUA_REGISTRYINDEX, machine->handler);
    lua_insert(L, -2);
    lua_pushinteger(L, statement->kind);
    rb_task *task = rb_task_spawn_may_raise(L, 2);
    task->number = 1;
    return 0;
}

static bool is_revivable(const rb_machine *machine) { return machine->death != RB_DEAD_MEMORY && !machine->is_abandoned; }

bool rb_machine_is_ready(const rb_machine *machine) {
    return machine->is_session && machine->handler != LUA_NOREF && is_revivable(machine) && !machine->running;
}

/* What the statement before may have left behind. */
static void forget_statement(rb_machine *machine) {
    lua_State *L = machine->L;
    lua_settop(L, 0);
    atomic_store(&machine->interrupt, RB_INTERRUPT_NONE);
    rb_restore_hook(L);
    machine->death = RB_ALIVE;
    machine->refused = 0;
    machine->surface = RB_SURFACE_NONE;
    machine->current = machine->answered = NULL;
    machine->blocked = machine->closing = 0;
    machine->hooks = machine->resume_cost = 0;
    machine->log_total = 0;
    machine->is_writing = false;
    machine->statement++;
    rb_buffer *const buffers[] = {&machine->output, &machine->taken, &machine->scratch, &machine->payload};
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) {
        if (buffers[i]->capacity > RB_BUFFER_KEPT) rb_buffer_free(buffers[i]);
        else rb_buffer_clear(buffers[i]);
    }
    machine->committed = 0;
    machine->memory.peak = machine->memory.used;
}

bool rb_machine_evaluate(rb_machine *machine, rb_limits limits, rb_statement_kind kind, const char *name,
                         const char *source, size_t length) {
    rb_statement statement = {name, source, length, kind, 0};
    forget_statement(machine);
    rb_machine_narrow(machine, limits);
    return rb_start_main(machine, source, length, evaluate_may_raise, &statement);
}

/* --- primitives for the prelude ---------------------------------------------------------------------------------- */

/* rb.on_statement(function): sets what runs statements: function(chunk, kind), whose result is the statement's. */
static int primitive_on_statement(lua_State *L) {
    rb_machine *machine = rb_of(L);
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_settop(L, 1);
    if (machine->handler == LUA_NOREF) machine->handler = luaL_ref(L, LUA_REGISTRYINDEX);
    else lua_rawseti(L, LUA_REGISTRYINDEX, machine->handler);
    return 0;
}

static int finish_run(lua_State *L, int status, lua_KContext context) {
    (void)status;
    (void)context;
    return lua_gettop(L);
}

/* rb.run(chunk): calls it as a script is called, with no position of the prelude's above it. */
static int primitive_run(lua_State *L) {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_settop(L, 1);
    lua_callk(L, 0, LUA_MULTRET, 0, finish_run);
    return finish_run(L, LUA_OK, 0);
}

/* rb.entries(table, most, names only): how many entries it has, and whether it is a list: its keys are 1 to that many, or it
   is empty and marked as an array. Of another table an array of the first `most` keys, in the order of pairs, or of those
   that are strings. Calls no metamethod. */
static int primitive_entries(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Integer most = luaL_checkinteger(L, 2);
    bool only_names = lua_toboolean(L, 3);
    luaL_argcheck(L, most > 0 && most <= 1 << 20, 2, "out of range");
    lua_settop(L, 1);
    bool is_list;
    lua_Integer count = rb_count_entries_may_raise(L, 1, &is_list);
    if (count == 0 && lua_getmetatable(L, 1)) {
        luaL_getmetatable(L, RB_ARRAY_METATABLE);
        is_list = lua_rawequal(L, -1, -2);
    } else {
        is_list = is_list && count > 0;
    }
    lua_settop(L, 1);
    lua_pushinteger(L, count);
    lua_pushboolean(L, is_list);
    if (is_list && !only_names) return 2;
    rb_push_first_keys_may_raise(L, 1, count, most, only_names);
    return 3;
}

/* rb.origin(function): file and line of a function of the script's, or nothing. */
static int primitive_origin(lua_State *L) {
    lua_Debug record;
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_settop(L, 1);
    lua_getinfo(L, ">S", &record);
    if (*record.what == 'C' || strcmp(record.source, RB_PRELUDE_SOURCE) == 0) return 0;
    lua_pushstring(L, record.short_src);
    lua_pushinteger(L, record.linedefined);
    return 2;
}

void rb_session_open_may_raise(lua_State *L) {
    static const luaL_Reg primitives[] = {{"on_statement", primitive_on_statement}, {"run", primitive_run},
                                          {"entries", primitive_entries}, {"origin", primitive_origin}, {NULL, NULL}};
    luaL_setfuncs(L, primitives, 0);
}
