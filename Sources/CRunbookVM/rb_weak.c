/*
 * No table of a script is ever weak: what a weak table still holds depends on when the collector ran.
 *
 * The collector looks up `__mode` in a metatable each time that it passes, so refusing it in `setmetatable` is not
 * enough: it can be set later. It looks it up by the identity of one string, made when the state was made. Here that
 * string's bytes are changed to some that no script can make as the same string, so that `__mode`, made anew by a script, is
 * a field like any other. What the machine itself keeps weak is made before.
 */
#include "rb_internal.h"

#define WEAK_KEYS "rb.weak" /* registry: the metatable of the machine's own weak tables */

void rb_push_weak_keys_may_raise(lua_State *L) { lua_getfield(L, LUA_REGISTRYINDEX, WEAK_KEYS); }

void rb_weak_open_may_raise(lua_State *L) {
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "k");
    lua_setfield(L, -2, "__mode");
    lua_setfield(L, LUA_REGISTRYINDEX, WEAK_KEYS);

    /* The string stays where it is in Lua's table of strings, under the hash of its old bytes. Another text is taken for it
       only if its hash leads to the same place; the table is never smaller than now, so one that does not now never does. */
    lua_pushliteral(L, "__mode");
    char *name = (char *)lua_tostring(L, -1);
    for (int byte = 1; byte < 128; byte++) {
        name[0] = (char)byte;
        char text[] = "__mode";
        text[0] = (char)byte;
        bool is_distinct = byte != '_' && lua_pushlstring(L, text, sizeof text - 1) != name;
        lua_settop(L, 1);
        if (is_distinct) {
            lua_settop(L, 0);
            return;
        }
    }
    luaL_error(L, "the name of weak tables' field could not be changed");
}
