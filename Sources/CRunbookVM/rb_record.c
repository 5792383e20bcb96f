#include "rb_record.h"

#include <string.h>

#include "rb_internal.h"

static uint64_t hash_of_text(const char *text, size_t length) {
    const uint64_t factor = 0xff51afd7ed558ccdu;
    uint64_t hash = length * 0x9e3779b97f4a7c15u;
    for (; length >= 8; length -= 8, text += 8) {
        uint64_t bytes;
        memcpy(&bytes, text, sizeof bytes);
        hash = (hash ^ bytes) * factor;
        hash ^= hash >> 32;
    }
    uint64_t rest = 0;
    for (size_t i = 0; i < length; i++) rest = rest << 8 | (unsigned char)text[i];
    hash = (hash ^ rest) * factor;
    return hash ^ hash >> 32;
}

/* The same in whatever order the names come. */
static uint64_t hash_of(const rb_fields *fields) {
    uint64_t hash = 0;
    for (uint32_t i = 0; i < fields->count; i++) hash += hash_of_text(fields->names[i], fields->lengths[i]);
    return hash;
}

static bool is_kept_alike(const rb_shape *shape, const rb_fields *fields) {
    return shape->count == fields->count &&
           memcmp(shape->names, fields->names, fields->count * sizeof *fields->names) == 0;
}

static bool has_name(const rb_shape *shape, const char *name) {
    for (uint32_t i = 0; i < shape->count; i++)
        if (shape->names[i] == name) return true;
    return false;
}

static void note_names(rb_shape *shape, const rb_fields *fields) {
    memcpy(shape->names, fields->names, fields->count * sizeof *fields->names);
    shape->count = fields->count;
}

/* Whether a shape has these names; Lua may keep them in another order. */
static bool is_of_shape(rb_shape *shape, const rb_fields *fields) {
    if (shape->count != fields->count) return false;
    for (uint32_t i = 0; i < fields->count; i++)
        if (!has_name(shape, fields->names[i])) return false;
    note_names(shape, fields);
    return true;
}

static int compare(const char *a, size_t a_length, const char *b, size_t b_length) {
    int order = memcmp(a, b, a_length < b_length ? a_length : b_length);
    return order != 0 ? order : a_length < b_length ? -1 : a_length > b_length;
}

/* Which name comes when. */
static void sort_names(const rb_fields *fields, uint32_t order[RB_FIELDS]) {
    for (uint32_t i = 0; i < fields->count; i++) {
        uint32_t j = i;
        for (; j > 0; j--) {
            uint32_t before = order[j - 1];
            const char *name = fields->names[before];
            if (compare(name, fields->lengths[before], fields->names[i], fields->lengths[i]) < 0) break;
            order[j] = before;
        }
        order[j] = i;
    }
}

/* --- the step ---------------------------------------------------------------------------------------------------- */

/* A table that leads from each name to the next one, and from the last to false. */
#define FOLLOWING lua_upvalueindex(1)
#define FIRST lua_upvalueindex(2)

/* Pushes the first name that comes behind the key at `index`, which is none of the names, or false; returns its type. */
static int push_behind_may_raise(lua_State *L, int index) {
    int type = lua_type(L, index);
    size_t name_length, length;
    lua_pushvalue(L, FIRST);
    if (type == LUA_TNIL || type == LUA_TNONE) return LUA_TSTRING;
    if (type == LUA_TNUMBER) return LUA_TSTRING; /* numbers come before names */
    if (type != LUA_TSTRING) {
        lua_pushboolean(L, 0);
        return LUA_TBOOLEAN;
    }
    const char *text = lua_tolstring(L, index, &length);
    do {
        const char *name = lua_tolstring(L, -1, &name_length);
        if (compare(name, name_length, text, length) > 0) return LUA_TSTRING;
    } while (lua_rawget(L, FOLLOWING) == LUA_TSTRING);
    return LUA_TBOOLEAN;
}

static int step_through_names(lua_State *L) {
    if (lua_type(L, 1) != LUA_TTABLE) luaL_checktype(L, 1, LUA_TTABLE);
    lua_pushvalue(L, 2);
    int type = lua_rawget(L, FOLLOWING);
    if (type == LUA_TNIL) type = push_behind_may_raise(L, 2);
    while (type == LUA_TSTRING) {
        lua_pushvalue(L, -1);
        if (lua_rawget(L, 1) != LUA_TNIL) return 2;
        lua_pop(L, 1); /* removed since the loop began: not visited */
        type = lua_rawget(L, FOLLOWING);
    }
    lua_pushnil(L);
    return 1;
}

static void make_step_may_raise(lua_State *L, const rb_fields *fields) {
    uint32_t order[RB_FIELDS];
    sort_names(fields, order);
    lua_createtable(L, 0, (int)fields->count);
    lua_pushlstring(L, fields->names[order[0]], fields->lengths[order[0]]);
    lua_pushvalue(L, -1);
    for (uint32_t i = 1; i < fields->count; i++) {
        lua_pushlstring(L, fields->names[order[i]], fields->lengths[order[i]]);
        lua_pushvalue(L, -1);
        lua_insert(L, -3);
        lua_rawset(L, -5); /* the table, the first name, this one, and the last one with this one as its next */
    }
    lua_pushboolean(L, 0);
    lua_rawset(L, -4);
    lua_pushcclosure(L, step_through_names, 2);
}

bool rb_push_record_step_may_raise(lua_State *L, const rb_fields *fields, int steps) {
    rb_shapes *shapes = &rb_of(L)->shapes;
    uint8_t *likely = &shapes->likely[(uintptr_t)fields->names[0] / 32 % RB_SHAPES];
    if (!is_kept_alike(&shapes->shapes[*likely], fields)) {
        uint64_t hash = hash_of(fields);
        uint8_t place = (uint8_t)(hash % RB_SHAPES);
        rb_shape *shape = &shapes->shapes[place];
        if (shape->hash != hash) {
            shape->hash = hash;
            shape->count = 0;
            return false;
        }
        if (!is_of_shape(shape, fields)) {
            shape->count = 0;
            make_step_may_raise(L, fields);
            lua_rawseti(L, steps, place + 1);
            note_names(shape, fields);
        }
        *likely = place;
    }
    lua_rawgeti(L, steps, *likely + 1);
    return true;
}
