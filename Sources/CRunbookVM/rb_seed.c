#include "rb_seed.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* As Lua lays out what the two begin with. */
typedef struct rb_value {
    uint64_t value;
    uint8_t type;
} rb_value;

typedef struct rb_global {
    lua_Alloc allocate;
    void *context;
    ptrdiff_t total, debt;
    size_t estimate, last_atomic;
    void *strings;
    int string_count, string_places;
    rb_value registry, nothing;
    unsigned seed;
} rb_global;

typedef struct rb_state {
    void *next;
    uint8_t type, mark, status, hooks;
    unsigned short calls;
    void *top;
    rb_global *global;
} rb_state;

/* The first block that is asked for is the state itself. It is set up when the second one is, and holds no text yet. */
typedef struct rb_opening {
    lua_Alloc allocate;
    void *context;
    char *state;
    size_t size;
    unsigned seed;
    bool has_begun;
} rb_opening;

static void *allocate_opening(void *context, void *block, size_t old_size, size_t new_size);

static bool is_as_expected(const rb_opening *opening, const rb_state *state) {
    if ((char *)state + sizeof *state > opening->state + opening->size) return false;
    const rb_global *global = state->global;
    if (state->type != LUA_TTHREAD || (char *)global < (char *)(state + 1)) return false;
    if ((char *)(global + 1) > opening->state + opening->size) return false;
    return global->allocate == allocate_opening && global->context == opening && global->debt == 0 &&
           global->total == (ptrdiff_t)opening->size && !global->strings && global->string_count == 0 &&
           global->string_places == 0 && global->registry.type == LUA_TNIL && global->nothing.value == 0 &&
           global->nothing.type == LUA_TNUMBER; /* an integer: the state is not whole yet */
}

static void *allocate_opening(void *context, void *block, size_t old_size, size_t new_size) {
    rb_opening *opening = context;
    if (opening->state && !opening->has_begun) {
        rb_state *state = (rb_state *)(opening->state + LUA_EXTRASPACE);
        opening->has_begun = true;
        if (new_size > 0 && is_as_expected(opening, state)) state->global->seed = opening->seed;
    }
    void *result = opening->allocate(opening->context, block, old_size, new_size);
    if (!opening->state) {
        opening->state = result;
        opening->size = new_size;
    }
    return result;
}

lua_State *rb_seed_newstate(lua_Alloc allocate, void *context, uint64_t seed) {
    uint64_t mixed = (seed ^ seed >> 33) * 0xff51afd7ed558ccdu; /* scripts know what random numbers are seeded with */
    rb_opening opening = {.allocate = allocate, .context = context, .seed = (unsigned)(mixed >> 32)};
    lua_State *L = lua_newstate(allocate_opening, &opening);
    if (L) lua_setallocf(L, allocate, context);
    return L;
}
