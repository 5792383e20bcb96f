/*
 * The functions of the library by name: Lua's error messages look there for what is called by no name of its own
 * (`bad argument #1 to 'string.rep'`), and as keys of a table they stand in the order of these names.
 */
#include "rb_internal.h"

#define LIBRARY "rb.functions" /* registry: functions, with their numbers */

/* Adds the functions of the table on top, as `prefix.name`, to the table below it. */
static void add_functions_may_raise(lua_State *L, const char *prefix) {
    int members = lua_gettop(L), names = members - 1;
    lua_pushnil(L);
    while (lua_next(L, members)) {
        if (lua_type(L, -2) == LUA_TSTRING && lua_iscfunction(L, -1)) {
            lua_pushfstring(L, "%s.%s", prefix, lua_tostring(L, -2));
            lua_pushvalue(L, -2);
            lua_rawset(L, names);
        }
        lua_pop(L, 1);
    }
}

/* Calls the library function `name` of the table on top with one argument and adds the iterator it returns. */
static void add_iterator_may_raise(lua_State *L, const char *library, const char *name, bool lax) {
    int names = lua_gettop(L);
    lua_pushfstring(L, "%s.%s: %siterator", library, name, lax ? "lax " : "");
    lua_getglobal(L, library);
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
    lua_pushliteral(L, "");
    lua_pushboolean(L, lax);
    lua_call(L, 2, 1);
    lua_rawset(L, names);
}

lua_Integer rb_library_number(lua_State *L, int index) {
    if (!lua_iscfunction(L, index)) return 0;
    index = lua_absindex(L, index);
    lua_getfield(L, LUA_REGISTRYINDEX, LIBRARY);
    lua_pushvalue(L, index);
    lua_rawget(L, -2);
    lua_Integer number = lua_tointeger(L, -1);
    lua_pop(L, 2);
    return number;
}

void rb_names_open_may_raise(lua_State *L) {
    static const char *const libraries[] = {"coroutine", "math", "os", "string", "table", "utf8", NULL};
    lua_newtable(L);
    int names = lua_gettop(L);
    lua_pushglobaltable(L);
    add_functions_may_raise(L, LUA_GNAME);
    lua_pop(L, 1);
    for (const char *const *library = libraries; *library; library++) {
        lua_getglobal(L, *library);
        add_functions_may_raise(L, *library);
        lua_pop(L, 1);
    }
    add_iterator_may_raise(L, LUA_GNAME, "ipairs", false);
    add_iterator_may_raise(L, LUA_UTF8LIBNAME, "codes", false);
    add_iterator_may_raise(L, LUA_UTF8LIBNAME, "codes", true);

    /* The numbers: nothing is in the table yet when the keys are sorted, so that they go by name alone. */
    lua_newtable(L);
    lua_setfield(L, LUA_REGISTRYINDEX, LIBRARY);
    rb_push_sorted_keys_may_raise(L, names);
    int sorted = lua_gettop(L);
    lua_newtable(L);
    lua_Integer count = (lua_Integer)lua_rawlen(L, sorted);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, sorted, i);
        lua_rawget(L, names);
        lua_pushinteger(L, i);
        lua_rawset(L, -3);
    }
    lua_setfield(L, LUA_REGISTRYINDEX, LIBRARY);

    /* In place of package.loaded, where Lua's auxiliary library looks for names: a copy that no script can reach or change,
       so that what is found does not depend on how a script fills its tables. */
    lua_pushvalue(L, names);
    lua_setfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_settop(L, names - 1);
}
