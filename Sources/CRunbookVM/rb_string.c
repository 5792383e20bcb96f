/* The string library: what shows an address is replaced, and what makes bytecode is left out. */
#include "rb_internal.h"

#include <string.h>

#define NUMBERS "rb.numbers" /* registry: objects that were shown, with the number that stands for their address */

/* `table: 3`: the third object that this run has shown. */
static void push_object_name_may_raise(lua_State *L, int index, const char *kind) {
    lua_getfield(L, LUA_REGISTRYINDEX, NUMBERS);
    lua_pushvalue(L, index);
    if (lua_rawget(L, -2) == LUA_TNIL) {
        lua_pop(L, 1);
        lua_rawgeti(L, -1, 0);
        lua_Integer number = lua_tointeger(L, -1) + 1;
        lua_pop(L, 1);
        lua_pushinteger(L, number);
        lua_rawseti(L, -2, 0);
        lua_pushvalue(L, index);
        lua_pushinteger(L, number);
        lua_rawset(L, -3);
        lua_pushinteger(L, number);
    }
    lua_pushfstring(L, "%s: %I", kind, (LUAI_UACINT)lua_tointeger(L, -1));
    lua_replace(L, -3);
    lua_pop(L, 1);
}

const char *rb_tostring_may_raise(lua_State *L, int index, size_t *length) {
    int type = lua_type(L, index);
    if (type == LUA_TNIL || type == LUA_TBOOLEAN || type == LUA_TNUMBER || type == LUA_TSTRING)
        return luaL_tolstring(L, index, length);
    index = lua_absindex(L, index);
    luaL_checkstack(L, 8, "too many values");
    if (type == LUA_TLIGHTUSERDATA) {
        lua_pushliteral(L, "null");
        return lua_tolstring(L, -1, length);
    }
    if (luaL_callmeta(L, index, "__tostring")) {
        if (!lua_isstring(L, -1)) luaL_error(L, "'__tostring' must return a string");
        return lua_tolstring(L, -1, length);
    }
    const char *kind = luaL_typename(L, index);
    if (luaL_getmetafield(L, index, "__name") == LUA_TSTRING) kind = lua_tostring(L, -1);
    else lua_pushnil(L);
    push_object_name_may_raise(L, index, kind);
    lua_remove(L, -2);
    return lua_tolstring(L, -1, length);
}

static int base_tostring(lua_State *L) {
    luaL_checkany(L, 1);
    rb_tostring_may_raise(L, 1, NULL);
    return 1;
}

static bool is_modifier(char c) { return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == ' ' || c == '#'; }

/* string.format: objects are shown as tostring shows them, and addresses (%p) not at all. */
static int string_format(lua_State *L) {
    size_t length;
    const char *format = luaL_checklstring(L, 1, &length), *end = format + length;
    int argument = 1, count = lua_gettop(L);
    for (const char *at = format; (at = memchr(at, '%', (size_t)(end - at))) != NULL; at++) {
        if (++at < end && *at == '%') continue;
        while (at < end && is_modifier(*at)) at++;
        if (at == end || ++argument > count) break; /* the library tells what is wrong */
        if (*at == 'p') return luaL_error(L, "'%%p' is not available in a runbook: addresses differ from run to run; use %%s");
        if (*at != 's') continue;
        int type = lua_type(L, argument);
        if (type == LUA_TSTRING || type == LUA_TNUMBER) continue;
        rb_tostring_may_raise(L, argument, NULL);
        lua_replace(L, argument);
    }
    return rb_call_library_may_raise(L, 1);
}

void rb_string_open_may_raise(lua_State *L) {
    lua_register(L, "tostring", base_tostring);
    lua_getglobal(L, LUA_STRLIBNAME);
    lua_pushnil(L); /* bytecode can crash Lua */
    lua_setfield(L, -2, "dump");
    rb_wrap_library_may_raise(L, "format", string_format);
    lua_pop(L, 1);

    /* One metatable for all strings: a script must not put its own functions under the prelude's feet. */
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    lua_pushliteral(L, "string");
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 2);

    /* Weak keys: a number lives as long as its object. */
    lua_newtable(L);
    rb_push_weak_keys_may_raise(L);
    lua_setmetatable(L, -2);
    lua_setfield(L, LUA_REGISTRYINDEX, NUMBERS);
}
