/* What catches errors in Lua, replaced so that it never catches the end of the run. */
#include "rb_internal.h"

static int finish_may_raise(lua_State *L, int status, lua_KContext below) {
    if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - (int)below;
    if (rb_is_dying(rb_of(L), L)) return rb_die_again_may_raise(L); /* no script goes on after it */
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

/* Stands before a script's message handler. That is called where the error was raised: if by the hook, then with hooks
   off, and it could run for ever. */
static int handle_message(lua_State *L) {
    rb_machine *machine = rb_of(L);
    if (machine->death != RB_ALIVE) return 1;
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
}

static int protected_call_with_handler(lua_State *L) {
    int arguments = lua_gettop(L) - 2;
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, handle_message, 1);
    lua_replace(L, 2);
    lua_pushboolean(L, 1);
    lua_pushvalue(L, 1);
    lua_rotate(L, 3, 2); /* f, handler, true, f, arguments… */
    int status = lua_pcallk(L, arguments, LUA_MULTRET, 2, 2, finish_may_raise);
    return finish_may_raise(L, status, 2);
}

void rb_protect_open_may_raise(lua_State *L) {
    lua_register(L, "pcall", protected_call);
    lua_register(L, "xpcall", protected_call_with_handler);
    rb_load_open_may_raise(L);
}
