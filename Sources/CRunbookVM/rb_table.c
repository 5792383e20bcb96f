#include "rb_table.h"

#include <string.h>

#include "rb_internal.h"

/* An element of a list, in the array where Lua keeps those from 1 on. */
typedef struct rb_element {
    union {
        lua_Integer integer;
        double number;
        const void *object;
    } value;
    uint8_t type;
} rb_element;

/* Anything else that a table holds. */
typedef struct rb_node {
    const void *value;
    uint8_t type, key_type;
    int next;
    const char *key;
} rb_node;

typedef struct rb_table {
    void *next;
    uint8_t type, mark, flags, node_bits;
    unsigned size;
    const rb_element *elements; /* NULL: there is no array */
    const rb_node *nodes;       /* 1 << node_bits of them */
    void *last_free;            /* NULL: there are no nodes */
} rb_table;

enum {
    SHORT_TEXT = LUA_TSTRING | 1 << 6, /* the type of a key that is one */
    TEXT_LENGTH = 11,                  /* where the length of a short text stands, from where it begins */
    TEXT_BYTES = 24,                   /* where the text itself stands */
    NODE_BITS = 6                      /* a record has no more than 64 nodes, most of them used */
};

static bool is_nothing(uint8_t type) { return (type & 0x0f) == LUA_TNIL; }
static bool is_number(uint8_t type) { return (type & 0x0f) == LUA_TNUMBER; }

bool rb_table_is_list(lua_State *L, int index, lua_Integer *length) {
    const rb_table *table = lua_topointer(L, index);
    if (!rb_of(L)->knows_tables || table->last_free) return false;
    lua_Unsigned count = lua_rawlen(L, index);
    for (lua_Unsigned i = 0; i < count; i++)
        if (is_nothing(table->elements[i].type)) return false;
    /* Behind a hole there may be more elements. */
    if (count > 0) lua_pushinteger(L, (lua_Integer)count);
    else lua_pushnil(L);
    if (lua_next(L, index)) {
        lua_pop(L, 2);
        return false;
    }
    *length = (lua_Integer)count;
    return true;
}

bool rb_table_is_record(lua_State *L, int index, rb_fields *fields) {
    const rb_table *table = lua_topointer(L, index);
    if (!rb_of(L)->knows_tables || table->elements || !table->last_free || table->node_bits > NODE_BITS) return false;
    fields->count = 0;
    for (const rb_node *node = table->nodes, *end = node + ((size_t)1 << table->node_bits); node < end; node++) {
        if (is_nothing(node->type)) continue;
        if (node->key_type != SHORT_TEXT || fields->count == RB_FIELDS) return false;
        fields->names[fields->count] = node->key + TEXT_BYTES;
        fields->lengths[fields->count++] = (uint8_t)node->key[TEXT_LENGTH];
    }
    return fields->count > 0;
}

/* Whether the table on top, { 4711, nil, 0.5 }, and one with a field are kept as said above. */
static bool is_kept_as_expected_may_raise(lua_State *L) {
    const rb_table *table = lua_topointer(L, -1);
    if (table->size != 3 || table->last_free) return false;
    const rb_element *elements = table->elements;
    if (elements[0].value.integer != 4711 || !is_number(elements[0].type)) return false;
    if (!is_nothing(elements[1].type)) return false;
    if (elements[2].value.number != 0.5 || !is_number(elements[2].type)) return false;
    static const char name[] = "authentication";
    lua_createtable(L, 0, 2);
    lua_pushstring(L, name);
    const char *text = lua_tostring(L, -1), *string = lua_topointer(L, -1);
    lua_pushboolean(L, 1);
    lua_rawset(L, -3);
    table = lua_topointer(L, -1);
    if (table->elements || !table->last_free || table->node_bits != 1) return false;
    if (text != string + TEXT_BYTES || string[TEXT_LENGTH] != sizeof name - 1) return false;
    const rb_node *nodes = table->nodes;
    int used = is_nothing(nodes[0].type) ? 1 : 0;
    if (!is_nothing(nodes[1 - used].type) || is_nothing(nodes[used].type)) return false;
    return nodes[used].key_type == SHORT_TEXT && nodes[used].key == string;
}

void rb_table_open_may_raise(lua_State *L) {
    int top = lua_gettop(L);
    lua_createtable(L, 3, 0);
    lua_pushinteger(L, 4711);
    lua_rawseti(L, -2, 1);
    lua_pushnumber(L, 0.5);
    lua_rawseti(L, -2, 3);
    rb_of(L)->knows_tables = is_kept_as_expected_may_raise(L);
    lua_settop(L, top);
}
