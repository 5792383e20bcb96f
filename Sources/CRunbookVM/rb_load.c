/* load: text only, whatever the mode; a piece of text that the script makes is a source like any other. */
#include "rb_internal.h"

#include <string.h>

/* Where things stand on the stack. */
enum { CHUNK = 1, NAME = 2, MODE = 3, ENVIRONMENT = 4, PIECE = 5 };

typedef struct rb_source {
    bool is_text, has_begun;
    uint64_t length; /* so far */
} rb_source;

/* The next piece of the source, from the text itself or from the script's reader; Lua catches what it raises. */
static const char *read_piece_may_raise(lua_State *L, void *context, size_t *length) {
    rb_source *source = context;
    const char *piece;
    *length = 0;
    if (source->is_text) {
        if (source->has_begun) return NULL;
        piece = lua_tolstring(L, CHUNK, length);
    } else {
        luaL_checkstack(L, 2, "too many nested functions");
        lua_pushvalue(L, CHUNK);
        lua_call(L, 0, 1);
        if (lua_isnil(L, -1)) {
            lua_pop(L, 1);
            return NULL;
        }
        if (!lua_isstring(L, -1)) luaL_error(L, "reader function must return a string");
        lua_replace(L, PIECE); /* keeps it from the collector */
        piece = lua_tolstring(L, PIECE, length);
    }
    source->length += *length;
    if (rb_of(L)->limits.source && source->length > rb_of(L)->limits.source) rb_kill_may_raise(L, RB_DEAD_SOURCE);
    if (!source->has_begun && *length > 0 && piece[0] == LUA_SIGNATURE[0]) { /* bytecode can crash Lua */
        lua_pushliteral(L, "attempt to load a binary chunk: only source text is run");
        lua_error(L);
    }
    source->has_begun = true;
    return piece;
}

/* Whether positions in a chunk of that name would be taken for the prelude's, which reports leave out. */
static bool looks_like_prelude(const char *name) {
    static const char prelude[] = RB_PRELUDE_SOURCE;
    return (*name == '=' || *name == '@') && strncmp(name + 1, prelude + 1, sizeof prelude - 2) == 0;
}

/* load(chunk [, name [, mode [, environment]]]). */
static int load_text(lua_State *L) {
    bool has_environment = !lua_isnone(L, ENVIRONMENT);
    const char *mode = luaL_optstring(L, MODE, "bt");
    rb_source source = {.is_text = lua_isstring(L, CHUNK)};
    const char *name = luaL_optstring(L, NAME, source.is_text ? lua_tostring(L, CHUNK) : "=(load)");
    if (!source.is_text) luaL_checktype(L, CHUNK, LUA_TFUNCTION);
    if (looks_like_prelude(name)) name = "=(load)";
    lua_settop(L, PIECE);
    /* A binary chunk is refused above: what is left to refuse is a text where only a binary is wanted. */
    int status = lua_load(L, read_piece_may_raise, &source, name, strchr(mode, 't') ? "t" : mode);
    if (rb_is_dying(rb_of(L), L)) return rb_die_again_may_raise(L);
    if (status != LUA_OK) {
        luaL_pushfail(L);
        lua_insert(L, -2);
        return 2;
    }
    if (has_environment) {
        lua_pushvalue(L, ENVIRONMENT);
        if (!lua_setupvalue(L, -2, 1)) lua_pop(L, 1);
    }
    return 1;
}

void rb_load_open_may_raise(lua_State *L) { lua_register(L, "load", load_text); }
