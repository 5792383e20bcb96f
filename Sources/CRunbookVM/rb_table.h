/*
 * What a table holds, read where Lua 5.4 keeps it: a walk of all keys through Lua's interface takes as long as the loop
 * that asks for them. Whether it is kept there is tried out when a machine is made; where it is not, nothing is told of any
 * table.
 */
#ifndef RB_TABLE_H
#define RB_TABLE_H

#include <lua5.4/lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RB_FIELDS 24 /* of a record; with more a table is a map */
#define RB_NAME_LENGTH 40 /* of a record's longest name: Lua keeps a text of up to as many bytes once only */

/* The names that are the keys of a record, where Lua keeps them. */
typedef struct rb_fields {
    uint32_t count;
    const char *names[RB_FIELDS];
    uint8_t lengths[RB_FIELDS];
} rb_fields;

/* Finds out whether tables can be read. */
void rb_table_open_may_raise(lua_State *L);
/* Whether the table at `index` has the keys 1 to `*length` and no others. False also if that cannot be told quickly. */
bool rb_table_is_list(lua_State *L, int index, lua_Integer *length);
/* Reads the keys of the table at `index` if all are names, short ones, and there are a few. False also if that cannot be
   told quickly. */
bool rb_table_is_record(lua_State *L, int index, rb_fields *fields);

#endif
