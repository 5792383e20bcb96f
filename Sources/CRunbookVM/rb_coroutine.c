/*
 * The script's own coroutines. A call to the host made inside one must travel up to the machine and back without the
 * script seeing it: the replacements below tell a yield of ours (`surface` is set) from the script's own and pass ours
 * on, resuming the inner coroutine when they are resumed themselves.
 */
#include "rb_internal.h"

#include <string.h>

static lua_State *check_coroutine_may_raise(lua_State *L) {
    lua_State *co = lua_tothread(L, 1);
    luaL_argexpected(L, co, 1, "thread");
    return co;
}

enum { RESUME, WRAP };

static int run_may_raise(lua_State *L, lua_State *co, int arguments, int mode);

/* The context tells the mode, and how many arguments wait on the coroutine's stack. */
static int continue_may_raise(lua_State *L, int status, lua_KContext context) {
    (void)status;
    int mode = (int)(context & 1), arguments = (int)(context >> 1);
    lua_State *co = lua_tothread(L, mode == WRAP ? lua_upvalueindex(1) : 1);
    return run_may_raise(L, co, arguments, mode);
}

/* A coroutine has a hook count of its own, and a short one never reaches it: resuming counts too. */
static bool must_pause(lua_State *L) {
    rb_machine *machine = rb_of(L);
    machine->resume_cost += RB_RESUME_COST;
    if (machine->resume_cost < RB_HOOK_COUNT) return false;
    machine->resume_cost = 0;
    machine->hooks++;
    return rb_must_pause(L);
}

/* From here on the script stands in `co`. */
static void enter(rb_machine *machine, lua_State *co) {
    machine->running = co;
    rb_rearm(machine);
}

static int fail_may_raise(lua_State *L, lua_State *co, int mode) {
    if (rb_is_dying(rb_of(L), L)) return rb_die_again_may_raise(L);
    if (mode == RESUME) {
        lua_pushboolean(L, 0);
        lua_xmove(co, L, 1);
        return 2;
    }
    /* As the manual says of wrap: the coroutine is closed and the error goes on, a string with the position added. */
    rb_machine *machine = rb_of(L);
    rb_thread_set_busy(machine, co, true);
    machine->blocked++;
    machine->closing++;
    enter(machine, co);
    lua_resetthread(co);
    machine->running = L;
    machine->closing--;
    machine->blocked--;
    if (rb_is_dying(machine, L)) return rb_die_again_may_raise(L); /* stays busy: what is left open in it stays so */
    rb_thread_set_busy(machine, co, false);
    lua_xmove(co, L, 1);
    if (lua_type(L, -1) == LUA_TSTRING) {
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int run_may_raise(lua_State *L, lua_State *co, int arguments, int mode) {
    rb_machine *machine = rb_of(L);
    bool yieldable = lua_isyieldable(L);
    int results = 0;
    rb_thread_set_busy(machine, co, true);
    if (!yieldable) machine->blocked++;
    enter(machine, co);
    int status = lua_resume(co, L, arguments, &results);
    machine->running = L;
    if (!yieldable) machine->blocked--;
    if (status == LUA_YIELD && machine->surface != RB_SURFACE_NONE) {
        lua_pop(co, results);
        return lua_yieldk(L, 0, mode, continue_may_raise); /* stays busy: another task must not resume it */
    }
    if (machine->death == RB_ALIVE) rb_thread_set_busy(machine, co, false);
    rb_interrupt asked = atomic_load_explicit(&machine->interrupt, memory_order_relaxed);
    if (asked != RB_INTERRUPT_NONE)
        return rb_kill_may_raise(L, asked == RB_INTERRUPT_TIME ? RB_DEAD_TIME : RB_DEAD_CANCELLED);
    if (status != LUA_OK && status != LUA_YIELD) return fail_may_raise(L, co, mode);
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(co, results);
        if (mode == WRAP) return luaL_error(L, "too many results to resume");
        lua_pushboolean(L, 0);
        lua_pushliteral(L, "too many results to resume");
        return 2;
    }
    if (mode == RESUME) lua_pushboolean(L, 1);
    lua_xmove(co, L, results);
    return results + (mode == RESUME);
}

static int begin_may_raise(lua_State *L, lua_State *co, int arguments, int mode) {
    const char *problem = NULL;
    if (rb_thread_is_dropped(rb_of(L), co)) problem = "cannot resume dead coroutine";
    else if (rb_thread_is_busy(co)) problem = "cannot resume non-suspended coroutine";
    else if (lua_status(co) == LUA_OK && lua_gettop(co) == 0) problem = "cannot resume dead coroutine";
    else if (lua_status(co) != LUA_OK && lua_status(co) != LUA_YIELD) problem = "cannot resume dead coroutine";
    else if (!lua_checkstack(co, arguments)) problem = "too many arguments to resume";
    if (problem) {
        if (mode == WRAP) return luaL_error(L, "%s", problem);
        lua_pushboolean(L, 0);
        lua_pushstring(L, problem);
        return 2;
    }
    lua_xmove(L, co, arguments);
    if (must_pause(L)) {
        rb_thread_set_busy(rb_of(L), co, true);
        rb_of(L)->surface = RB_SURFACE_PREEMPT;
        return lua_yieldk(L, 0, (lua_KContext)arguments << 1 | mode, continue_may_raise);
    }
    return run_may_raise(L, co, arguments, mode);
}

static int resume(lua_State *L) {
    lua_State *co = check_coroutine_may_raise(L);
    return begin_may_raise(L, co, lua_gettop(L) - 1, RESUME);
}

static int call_wrapped(lua_State *L) {
    lua_State *co = lua_tothread(L, lua_upvalueindex(1));
    return begin_may_raise(L, co, lua_gettop(L), WRAP);
}

static int create(lua_State *L) {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_State *co = lua_newthread(L);
    *rb_thread_bits(co) = 0;
    lua_pushvalue(L, 1);
    lua_xmove(L, co, 1);
    return 1;
}

static int wrap(lua_State *L) {
    create(L);
    lua_pushcclosure(L, call_wrapped, 1);
    return 1;
}

static int yield(lua_State *L) {
    if (*rb_thread_bits(L) & RB_THREAD_TASK) {
        lua_pushliteral(L, "attempt to yield from outside a coroutine");
        return lua_error(L);
    }
    return lua_yield(L, lua_gettop(L));
}

static const char *status_of(lua_State *L, lua_State *co) {
    if (L == co) return "running";
    if (rb_thread_is_busy(co)) return rb_thread_is_dropped(rb_of(L), co) ? "dead" : "normal";
    switch (lua_status(co)) {
    case LUA_YIELD: return "suspended";
    case LUA_OK: return lua_gettop(co) == 0 ? "dead" : "suspended";
    default: return "dead";
    }
}

static int status(lua_State *L) {
    lua_pushstring(L, status_of(L, check_coroutine_may_raise(L)));
    return 1;
}

static int is_yieldable(lua_State *L) {
    lua_State *co = lua_isnone(L, 1) ? L : check_coroutine_may_raise(L);
    lua_pushboolean(L, !(*rb_thread_bits(co) & RB_THREAD_TASK) && lua_isyieldable(co));
    return 1;
}

static int running(lua_State *L) {
    lua_pushthread(L);
    lua_pushboolean(L, (*rb_thread_bits(L) & RB_THREAD_TASK) != 0); /* to the script its task is the main coroutine */
    return 2;
}

static int close(lua_State *L) {
    lua_State *co = check_coroutine_may_raise(L);
    const char *state = status_of(L, co);
    if (strcmp(state, "dead") != 0 && strcmp(state, "suspended") != 0)
        return luaL_error(L, "cannot close a %s coroutine", state);
    rb_machine *machine = rb_of(L);
    if (rb_thread_is_dropped(machine, co)) { /* what a statement left open when it was stopped stays open */
        lua_pushboolean(L, 1);
        return 1;
    }
    /* Lua 5.4.4 does not count the C stack that a chain of closes takes, and overflows it. */
    if (machine->closing >= RB_CLOSE_DEPTH) return luaL_error(L, "C stack overflow: too many coroutines close one another");
    machine->closing++;
    rb_thread_set_busy(machine, co, true);
    machine->blocked++; /* what runs while closing cannot yield */
    enter(machine, co);
    int outcome = lua_resetthread(co);
    machine->running = L;
    machine->blocked--;
    machine->closing--;
    if (rb_is_dying(machine, L)) return rb_die_again_may_raise(L);
    rb_thread_set_busy(machine, co, false);
    if (outcome == LUA_OK) {
        lua_pushboolean(L, 1);
        return 1;
    }
    lua_pushboolean(L, 0);
    lua_xmove(co, L, 1);
    return 2;
}

void rb_coroutine_open_may_raise(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"create", create}, {"wrap", wrap}, {"resume", resume}, {"yield", yield}, {"status", status},
        {"isyieldable", is_yieldable}, {"running", running}, {"close", close}, {NULL, NULL},
    };
    luaL_newlib(L, functions);
    lua_setglobal(L, "coroutine");
}
