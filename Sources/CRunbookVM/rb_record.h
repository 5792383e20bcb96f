/*
 * Loops over records: tables of which all keys are names, and many of which have the same ones. The step of such a loop
 * depends on the names alone, so it is made once for all records that have them, and holds their order.
 *
 * Which loops share a step must not depend on where Lua keeps a key, for scripts can tell steps from one another: it
 * depends on the names, and on the records that were walked before.
 */
#ifndef RB_RECORD_H
#define RB_RECORD_H

#include <lua5.4/lua.h>

#include "rb_table.h"

#define RB_SHAPES 32 /* sets of names that are remembered */

/* Records with the same names. */
typedef struct rb_shape {
    uint64_t hash;
    uint32_t count; /* 0 until a step is made: that is worth while for the second record */
    const char *names[RB_FIELDS]; /* as Lua keeps them in the last one; the step keeps them from the collector */
} rb_shape;

typedef struct rb_shapes {
    rb_shape shapes[RB_SHAPES]; /* by their hash */
    uint8_t likely[RB_SHAPES];  /* by where the first name stands: which one it was the last time */
} rb_shapes;

/* Pushes the step of a loop over a record with these names; false if that is of a kind that was not met before. The table at
   `steps` keeps them, and must belong to the machine alone. */
bool rb_push_record_step_may_raise(lua_State *L, const rb_fields *fields, int steps);

#endif
