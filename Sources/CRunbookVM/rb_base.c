/*
 * The standard library as a script gets it: what is left out is left out here and in the files of the single libraries,
 * and what would differ between two runs with the same replies is replaced.
 */
#include "rb_internal.h"

#include <string.h>

int rb_call_library_may_raise(lua_State *L, int upvalue) {
    /* In the frame of the caller, so that errors tell the name and the position of the call that the script made. */
    return lua_tocfunction(L, lua_upvalueindex(upvalue))(L);
}

void rb_wrap_library_may_raise(lua_State *L, const char *name, lua_CFunction function) {
    lua_getfield(L, -1, name);
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, -2, name);
}

void rb_remove_fields_may_raise(lua_State *L, const char *const *names) {
    for (; *names; names++) {
        lua_pushnil(L);
        lua_setfield(L, -2, *names);
    }
}

/* Upvalues: the library's function, and the names of the two fields that are refused. */
static int base_setmetatable(lua_State *L) {
    static const char *const instead[] = {"use a local variable with <close>", "remove what is no longer needed"};
    if (lua_type(L, 1) != LUA_TTABLE || lua_type(L, 2) != LUA_TTABLE) return rb_call_library_may_raise(L, 1);
    lua_settop(L, 2);
    for (int i = 0; i < 2; i++) {
        lua_pushvalue(L, lua_upvalueindex(2 + i));
        if (lua_rawget(L, 2) != LUA_TNIL)
            return luaL_error(L, "'%s' is not available in a runbook: when the collector runs would differ from run to run; %s",
                              lua_tostring(L, lua_upvalueindex(2 + i)), instead[i]);
    }
    lua_settop(L, 2);
    if (lua_getmetatable(L, 1)) { /* it may be one that is not to be replaced */
        lua_settop(L, 2);
        return rb_call_library_may_raise(L, 1);
    }
    lua_setmetatable(L, 1);
    return 1;
}

static int base_collectgarbage(lua_State *L) {
    enum { COLLECT, COUNT, STEP, IS_RUNNING };
    static const char *const options[] = {"collect",  "count",      "step",        "isrunning",   "stop",
                                          "restart", "setpause", "setstepmul", "generational", "incremental", NULL};
    int option = luaL_checkoption(L, 1, "collect", options);
    switch (option) {
    case COLLECT: lua_pushinteger(L, 0); break; /* asked for often, and needed by nobody */
    case COUNT: lua_pushnumber(L, (lua_Number)rb_machine_memory(rb_of(L), NULL) / 1024); break;
    case STEP: case IS_RUNNING: lua_pushboolean(L, true); break;
    default:
        return luaL_error(L, "collectgarbage(\"%s\") is not available in a runbook: the host tunes the collector; leave it out",
                          options[option]);
    }
    return 1;
}

/*
 * math.randomseed([x [, y]]): without arguments the run's own seed, so that it is the same when the run is replayed.
 * The first upvalue must be the generator's state, where the library's own function looks for it.
 */
static int math_randomseed(lua_State *L) {
    if (lua_gettop(L) == 0) lua_pushinteger(L, (lua_Integer)rb_of(L)->seed);
    return rb_call_library_may_raise(L, 2);
}

static void open_random_may_raise(lua_State *L) {
    lua_getglobal(L, LUA_MATHLIBNAME);
    lua_getfield(L, -1, "randomseed");
    lua_getupvalue(L, -1, 1);
    lua_insert(L, -2);
    lua_pushcclosure(L, math_randomseed, 2);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "randomseed");
    lua_call(L, 0, 0);
    lua_pop(L, 1);
}

void rb_base_open_may_raise(lua_State *L) {
    static const luaL_Reg libraries[] = {{LUA_GNAME, luaopen_base},         {LUA_TABLIBNAME, luaopen_table},
                                         {LUA_STRLIBNAME, luaopen_string},  {LUA_MATHLIBNAME, luaopen_math},
                                         {LUA_UTF8LIBNAME, luaopen_utf8},   {LUA_OSLIBNAME, luaopen_os},
                                         {NULL, NULL}};
    rb_weak_open_may_raise(L);
    for (const luaL_Reg *library = libraries; library->func; library++) {
        luaL_requiref(L, library->name, library->func, 1);
        lua_pop(L, 1);
    }
    lua_pushglobaltable(L);
    /* Files, the network and the terminal belong to the host; `warn` writes to the terminal. */
    static const char *const removed[] = {"dofile", "loadfile", "print", "warn", "load", "pcall", "xpcall", NULL};
    rb_remove_fields_may_raise(L, removed);
    lua_getfield(L, -1, "setmetatable");
    lua_pushliteral(L, "__gc");
    lua_pushliteral(L, "__mode");
    lua_pushcclosure(L, base_setmetatable, 3);
    lua_setfield(L, -2, "setmetatable");
    lua_pop(L, 1);
    lua_register(L, "collectgarbage", base_collectgarbage);
    open_random_may_raise(L);
    rb_string_open_may_raise(L);
    rb_order_open_may_raise(L);
    rb_sort_open_may_raise(L);
    rb_time_open_may_raise(L);

    /* `null` is light userdata; give all of it one metatable, so that it has a name and refuses to be indexed by it. */
    lua_pushlightuserdata(L, NULL);
    lua_createtable(L, 0, 2);
    lua_pushliteral(L, "null");
    lua_setfield(L, -2, "__name");
    lua_pushliteral(L, "null");
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}
