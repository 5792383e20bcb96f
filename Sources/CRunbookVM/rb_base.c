/*
 * The standard library as a script gets it: what is left out is left out here, and what would differ between two runs
 * with the same replies is replaced (order of `pairs`, addresses, seeds).
 */
#include "rb_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBERS "rb.numbers" /* registry: objects that were shown, with the number that stands for their address */

/* --- tostring without addresses ---------------------------------------------------------------------------------- */

/* `table 3`: the third object that this run has shown. */
static void push_object_name_may_raise(lua_State *L, int index, const char *kind) {
    luaL_getsubtable(L, LUA_REGISTRYINDEX, NUMBERS);
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
    lua_pushfstring(L, "%s: %d", kind, (int)lua_tointeger(L, -1));
    lua_replace(L, -3);
    lua_pop(L, 1);
}

const char *rb_tostring_may_raise(lua_State *L, int index, size_t *length) {
    index = lua_absindex(L, index);
    luaL_checkstack(L, 8, "too many values");
    int type = lua_type(L, index);
    if (type == LUA_TLIGHTUSERDATA) {
        lua_pushliteral(L, "null");
        return lua_tolstring(L, -1, length);
    }
    if (type == LUA_TNIL || type == LUA_TBOOLEAN || type == LUA_TNUMBER || type == LUA_TSTRING)
        return luaL_tolstring(L, index, length);
    if (luaL_callmeta(L, index, "__tostring")) {
        if (lua_type(L, -1) != LUA_TSTRING) luaL_error(L, "'__tostring' must return a string");
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

/* string.format: objects are shown as tostring shows them, and addresses (%p) not at all. */
static int string_format(lua_State *L) {
    size_t length;
    const char *format = luaL_checklstring(L, 1, &length);
    for (size_t i = 0; i + 1 < length; i++) {
        if (format[i] != '%') continue;
        i++;
        while (i < length && strchr("-+ #0123456789.", format[i]) && format[i]) i++;
        if (i < length && format[i] == 'p')
            return luaL_error(L, "'%%p' is not available: addresses differ from run to run");
    }
    int count = lua_gettop(L);
    for (int index = 2; index <= count; index++) {
        int type = lua_type(L, index);
        if (type == LUA_TTABLE || type == LUA_TFUNCTION || type == LUA_TTHREAD || type == LUA_TUSERDATA ||
            type == LUA_TLIGHTUSERDATA) {
            rb_tostring_may_raise(L, index, NULL);
            lua_replace(L, index);
        }
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, count, 1);
    return 1;
}

/* --- pairs in a fixed order -------------------------------------------------------------------------------------- */

typedef struct rb_key {
    int rank; /* 0 numbers, 1 strings, 2 false, 3 true, 4 the rest */
    double number;
    lua_Integer integer;
    bool is_integer;
    const char *text;
    size_t length;
    lua_Integer index; /* where it stands in the array of keys */
} rb_key;

static int compare_keys(const void *left, const void *right) {
    const rb_key *a = left, *b = right;
    if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
    if (a->rank == 0) {
        if (a->is_integer && b->is_integer) return a->integer < b->integer ? -1 : a->integer > b->integer;
        return a->number < b->number ? -1 : a->number > b->number;
    }
    if (a->rank == 1) {
        size_t shorter = a->length < b->length ? a->length : b->length;
        int order = memcmp(a->text, b->text, shorter);
        if (order != 0) return order;
        return a->length < b->length ? -1 : a->length > b->length;
    }
    return a->index < b->index ? -1 : 1;
}

/* Pushes an array of the keys of the table at `index`, in order; of a plain sequence only how long it is. */
static lua_Integer push_keys_may_raise(lua_State *L, int index) {
    lua_Integer sequence = 0, others = 0;
    index = lua_absindex(L, index);
    luaL_checkstack(L, 8, "too many values");
    lua_newtable(L);
    int keys = lua_gettop(L);
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        if (others == 0 && lua_isinteger(L, -1) && lua_tointeger(L, -1) == sequence + 1) {
            sequence++; /* Lua visits the array part first, and in order */
        } else {
            lua_pushvalue(L, -1);
            lua_rawseti(L, keys, ++others);
        }
    }
    if (others < 2) return sequence;
    rb_key *scratch = lua_newuserdatauv(L, sizeof(rb_key) * (size_t)others, 0);
    for (lua_Integer i = 1; i <= others; i++) {
        rb_key *key = &scratch[i - 1];
        memset(key, 0, sizeof *key);
        key->index = i;
        key->rank = 4;
        switch (lua_rawgeti(L, keys, i)) {
        case LUA_TNUMBER:
            key->rank = 0;
            key->number = lua_tonumber(L, -1);
            key->is_integer = lua_isinteger(L, -1);
            if (key->is_integer) key->integer = lua_tointeger(L, -1);
            break;
        case LUA_TSTRING:
            key->rank = 1;
            key->text = lua_tolstring(L, -1, &key->length); /* anchored in the table itself */
            break;
        case LUA_TBOOLEAN: key->rank = lua_toboolean(L, -1) ? 3 : 2; break;
        default: break;
        }
        lua_pop(L, 1);
    }
    qsort(scratch, (size_t)others, sizeof *scratch, compare_keys);
    lua_createtable(L, (int)others, 0);
    for (lua_Integer i = 1; i <= others; i++) {
        lua_rawgeti(L, keys, scratch[i - 1].index);
        lua_rawseti(L, -2, i);
    }
    lua_replace(L, keys);
    lua_settop(L, keys);
    return sequence;
}

/* Upvalues: the keys, how many 1..n stand before them, how many were visited. */
static int next_in_order(lua_State *L) {
    lua_Integer sequence = lua_tointeger(L, lua_upvalueindex(2)), visited = lua_tointeger(L, lua_upvalueindex(3));
    luaL_checktype(L, 1, LUA_TTABLE);
    for (;;) {
        visited++;
        if (visited <= sequence) lua_pushinteger(L, visited);
        else if (lua_rawgeti(L, lua_upvalueindex(1), visited - sequence) == LUA_TNIL) return 1;
        lua_pushvalue(L, -1);
        if (lua_rawget(L, 1) != LUA_TNIL) break; /* removed since the loop began: not visited */
        lua_pop(L, 2);
    }
    lua_pushinteger(L, visited);
    lua_replace(L, lua_upvalueindex(3));
    return 2;
}

static int finish_pairs(lua_State *L, int status, lua_KContext context) {
    (void)L;
    (void)status;
    (void)context;
    return 3;
}

static int base_pairs(lua_State *L) {
    luaL_checkany(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_callk(L, 1, 3, 0, finish_pairs);
        return 3;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Integer sequence = push_keys_may_raise(L, 1);
    lua_pushinteger(L, sequence);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_in_order, 3);
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}

/* next(table [, key]): in the same order. Each step sorts anew, so loops want pairs; asking for the first key is quick. */
static int base_next(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    if (lua_isnil(L, 2)) {
        lua_pushnil(L);
        if (!lua_next(L, 1)) {
            lua_pushnil(L);
            return 1;
        }
        lua_settop(L, 2);
    }
    lua_Integer sequence = push_keys_may_raise(L, 1), position = 0; /* keys at 3 */
    lua_Integer others = (lua_Integer)lua_rawlen(L, 3);
    if (!lua_isnil(L, 2)) {
        if (lua_isinteger(L, 2) && lua_tointeger(L, 2) >= 1 && lua_tointeger(L, 2) <= sequence) {
            position = lua_tointeger(L, 2);
        } else {
            for (lua_Integer i = 1; i <= others && position == 0; i++) {
                lua_rawgeti(L, 3, i);
                if (lua_rawequal(L, -1, 2)) position = sequence + i;
                lua_pop(L, 1);
            }
            if (position == 0) return luaL_error(L, "the key passed to 'next' is not in the table (it may have been removed: use pairs)");
        }
    }
    position++;
    if (position > sequence + others) {
        lua_pushnil(L);
        return 1;
    }
    if (position <= sequence) lua_pushinteger(L, position);
    else lua_rawgeti(L, 3, position - sequence);
    lua_pushvalue(L, -1);
    lua_rawget(L, 1);
    return 2;
}

/* --- the rest ---------------------------------------------------------------------------------------------------- */

static int base_setmetatable(lua_State *L) {
    if (lua_istable(L, 2)) {
        static const char *const refused[] = {"__gc", "__mode"};
        for (int i = 0; i < 2; i++) {
            lua_pushstring(L, refused[i]);
            if (lua_rawget(L, 2) != LUA_TNIL)
                return luaL_error(L, "'%s' is not available: when the collector runs would differ from run to run", refused[i]);
            lua_pop(L, 1);
        }
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
}

static int base_collectgarbage(lua_State *L) {
    const char *option = luaL_optstring(L, 1, "collect");
    if (strcmp(option, "count") == 0) {
        lua_pushnumber(L, (lua_Number)rb_of(L)->memory / 1024);
        return 1;
    }
    if (strcmp(option, "collect") == 0 || strcmp(option, "step") == 0) { /* asked for often, and needed by nobody */
        lua_pushinteger(L, 0);
        return 1;
    }
    return luaL_error(L, "collectgarbage(\"%s\") is not available: the host tunes the collector", option);
}

/* math.randomseed([x [, y]]): without arguments the run's own seed, so that it is the same when the run is replayed. */
static int math_randomseed(lua_State *L) {
    if (lua_gettop(L) == 0) lua_pushinteger(L, (lua_Integer)rb_of(L)->seed);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 0);
    return 0;
}

static void remove_fields(lua_State *L, const char *const *names) {
    for (; *names; names++) {
        lua_pushnil(L);
        lua_setfield(L, -2, *names);
    }
}

/* Replaces field `name` of the table on top by `function` with the old value as upvalue. */
static void wrap_field(lua_State *L, const char *name, lua_CFunction function) {
    lua_getfield(L, -1, name);
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, -2, name);
}

void rb_base_open_may_raise(lua_State *L) {
    static const luaL_Reg libraries[] = {{LUA_GNAME, luaopen_base},         {LUA_TABLIBNAME, luaopen_table},
                                         {LUA_STRLIBNAME, luaopen_string},  {LUA_MATHLIBNAME, luaopen_math},
                                         {LUA_UTF8LIBNAME, luaopen_utf8},   {LUA_OSLIBNAME, luaopen_os},
                                         {NULL, NULL}};
    for (const luaL_Reg *library = libraries; library->func; library++) {
        luaL_requiref(L, library->name, library->func, 1);
        lua_pop(L, 1);
    }
    /* Nothing of package.loaded may lead a script to what is taken away below. */
    lua_pushnil(L);
    lua_setfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);

    lua_pushglobaltable(L);
    /* Files, the network and the terminal belong to the host; `warn` writes to the terminal. */
    static const char *const base_removed[] = {"dofile", "loadfile", "print", "warn", "load", "pcall", "xpcall", NULL};
    remove_fields(L, base_removed);
    wrap_field(L, "setmetatable", base_setmetatable);
    lua_pop(L, 1);
    lua_register(L, "tostring", base_tostring);
    lua_register(L, "pairs", base_pairs);
    lua_register(L, "next", base_next);
    lua_register(L, "collectgarbage", base_collectgarbage);

    lua_getglobal(L, LUA_OSLIBNAME);
    /* Processes, files, the environment and the locale are the host's; time comes from the journal: see the prelude. */
    static const char *const os_removed[] = {"execute", "exit", "getenv", "remove", "rename", "setlocale", "tmpname", NULL};
    remove_fields(L, os_removed);
    lua_pop(L, 1);

    lua_getglobal(L, LUA_STRLIBNAME);
    static const char *const string_removed[] = {"dump", NULL}; /* bytecode can crash Lua */
    remove_fields(L, string_removed);
    wrap_field(L, "format", string_format);
    lua_pop(L, 1);

    /* One metatable for all strings: a script must not put its own functions under the prelude's feet. */
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    lua_pushliteral(L, "string");
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 2);

    /* `null` is light userdata; give all of it one metatable, so that it has a name and refuses to be indexed by it. */
    lua_pushlightuserdata(L, NULL);
    lua_createtable(L, 0, 2);
    lua_pushliteral(L, "null");
    lua_setfield(L, -2, "__name");
    lua_pushliteral(L, "null");
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);

    lua_getglobal(L, LUA_MATHLIBNAME);
    wrap_field(L, "randomseed", math_randomseed);
    lua_getfield(L, -1, "randomseed");
    lua_call(L, 0, 0);
    lua_pop(L, 1);

    /* Weak keys: a number lives as long as its object. */
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "k");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_setfield(L, LUA_REGISTRYINDEX, NUMBERS);
}
