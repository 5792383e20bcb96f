/* What catches errors in Lua, replaced so that it never catches the end of the run. */
#include "rb_internal.h"

static int finish_may_raise(lua_State *L, int status, lua_KContext below) {
    if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - (int)below;
    if (status == LUA_ERRMEM) return rb_kill_may_raise(L, RB_DEAD_MEMORY); /* sticky: no script goes on after it */
    if (rb_of(L)->death != RB_ALIVE) return rb_die_again_may_raise(L);
    lua_pushboolean(L, 0);
    lua_pushvalue(L, -2);
    return 2;
}

static int protected_call(lua_State *L) {
    luaL_checkany(L, 1);
    lua_pushboolean(L, 1);
    lua_insert(L, 1);
    int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_may_raise);
    return finish_may_raise(L, status, 0);
}

static int protected_call_with_handler(lua_State *L) {
    int arguments = lua_gettop(L) - 2;
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_pushboolean(L, 1);
    lua_pushvalue(L, 1);
    lua_rotate(L, 3, 2); /* f, handler, true, f, arguments… */
    int status = lua_pcallk(L, arguments, LUA_MULTRET, 2, 2, finish_may_raise);
    return finish_may_raise(L, status, 2);
}

/* Gathers the pieces of a `load` reader, so that the text is checked as a whole and the reader may fail like any function. */
static void join_pieces_may_raise(lua_State *L) {
    luaL_Buffer text;
    luaL_buffinit(L, &text);
    for (;;) {
        lua_pushvalue(L, 1);
        lua_call(L, 0, 1);
        size_t length;
        if (lua_isnil(L, -1)) break;
        if (lua_type(L, -1) != LUA_TSTRING) luaL_error(L, "reader function must return a string");
        lua_tolstring(L, -1, &length);
        if (length == 0) break;
        luaL_addvalue(&text);
    }
    lua_pop(L, 1);
    luaL_pushresult(&text);
    lua_replace(L, 1);
}

/* load(chunk [, name [, mode [, env]]]), text only whatever the mode. */
static int load_text(lua_State *L) {
    bool has_environment = !lua_isnone(L, 4);
    lua_settop(L, 4);
    if (lua_type(L, 1) == LUA_TFUNCTION) join_pieces_may_raise(L);
    size_t length;
    const char *source = luaL_checklstring(L, 1, &length);
    const char *name = luaL_optstring(L, 2, "=(load)");
    rb_machine *machine = rb_of(L);
    if (length > 0 && source[0] == LUA_SIGNATURE[0]) {
        luaL_pushfail(L);
        lua_pushliteral(L, "attempt to load a binary chunk: only source text is run");
        return 2;
    }
    if (machine->limits.source && length > machine->limits.source) {
        luaL_pushfail(L);
        lua_pushliteral(L, "the source is longer than the limit on source size");
        return 2;
    }
    int status = luaL_loadbufferx(L, source, length, name[0] == RB_PRELUDE_SOURCE[0] && name[1] == '[' ? "=(load)" : name, "t");
    if (status == LUA_ERRMEM) return rb_kill_may_raise(L, RB_DEAD_MEMORY);
    if (status != LUA_OK) {
        luaL_pushfail(L);
        lua_insert(L, -2);
        return 2;
    }
    if (has_environment) {
        lua_pushvalue(L, 4);
        if (!lua_setupvalue(L, -2, 1)) lua_pop(L, 1);
    }
    return 1;
}

void rb_protect_open_may_raise(lua_State *L) {
    lua_register(L, "pcall", protected_call);
    lua_register(L, "xpcall", protected_call_with_handler);
    lua_register(L, "load", load_text);
}
